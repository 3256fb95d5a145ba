//! Settings of facts that are kept between runs. Must not know how they are kept.

use std::path::PathBuf;
use std::time::Duration;

use super::reader::Reader;
use crate::error::Error;

/// Where facts are kept, and for how long.
#[derive(Clone, Debug)]
pub struct FactCacheSettings {
    /// `fact_caching`: `memory` or `jsonfile`.
    pub plugin: String,
    /// `fact_caching_connection`: a folder.
    pub place: Option<PathBuf>,
    /// `fact_caching_prefix`: what the names of files begin with.
    pub prefix: String,
    /// `fact_caching_timeout`; zero for ever.
    pub timeout: Duration,
}

pub(super) fn read(read: &Reader<'_>) -> Result<FactCacheSettings, Error> {
    let text = |variable, key| read.text(variable, "defaults", key);
    let seconds =
        read.number("ANSIBLE_CACHE_PLUGIN_TIMEOUT", "defaults", "fact_caching_timeout")?;
    Ok(FactCacheSettings {
        plugin: text("ANSIBLE_CACHE_PLUGIN", "fact_caching").unwrap_or_else(|| "memory".to_owned()),
        place: read.path("ANSIBLE_CACHE_PLUGIN_CONNECTION", "defaults", "fact_caching_connection"),
        prefix: text("ANSIBLE_CACHE_PLUGIN_PREFIX", "fact_caching_prefix").unwrap_or_default(),
        timeout: Duration::from_secs(seconds.unwrap_or(24 * 60 * 60)),
    })
}
