//! Settings of the log that a run may keep. Must not know what is written to it.

use std::path::PathBuf;

use super::reader::Reader;
use crate::error::Error;

/// The log, under stock's names.
#[derive(Clone, Debug, Default)]
pub struct LogSettings {
    /// `log_path`: the file; none without it.
    pub path: Option<PathBuf>,
    /// `log_filter`: names of loggers that aren't written.
    pub filter: Vec<String>,
    /// `log_verbosity`: how much is logged, where that is more than what is shown.
    pub verbosity: u8,
}

impl LogSettings {
    pub(super) fn read(read: &Reader<'_>) -> Result<LogSettings, Error> {
        Ok(LogSettings {
            path: read.path("ANSIBLE_LOG_PATH", "defaults", "log_path"),
            filter: read.list("ANSIBLE_LOG_FILTER", "defaults", "log_filter"),
            verbosity: read
                .number("ANSIBLE_LOG_VERBOSITY", "defaults", "log_verbosity")?
                .unwrap_or(0),
        })
    }
}
