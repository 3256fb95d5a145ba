//! The table of lookups: one slice a file.

use crate::plugin::Lookup;

mod commands;
mod config;
mod files;
mod first_found;
mod ini;
mod lists;
mod password;
mod sequence;
mod subelements;
mod tables;
mod terms;
mod urls;
mod variables;

/// Every one of them, by family.
pub static LOOKUPS: &[&[Lookup]] = &[
    commands::LOOKUPS,
    config::LOOKUPS,
    files::LOOKUPS,
    first_found::LOOKUPS,
    ini::LOOKUPS,
    lists::LOOKUPS,
    password::LOOKUPS,
    sequence::LOOKUPS,
    subelements::LOOKUPS,
    tables::LOOKUPS,
    urls::LOOKUPS,
    variables::LOOKUPS,
];
