//! Settings of colours. Must not know how one is written.

use super::reader::Reader;

/// What has a colour, by stock's names.
const NAMES: &[&str] = &[
    "changed",
    "debug",
    "deprecate",
    "diff_add",
    "diff_lines",
    "diff_remove",
    "error",
    "included",
    "ok",
    "skip",
    "unreachable",
    "verbose",
    "warn",
];

/// The colours that somebody chose: what has one, and its name.
#[derive(Clone, Debug, Default)]
pub struct ColorSettings(pub Vec<(&'static str, String)>);

impl ColorSettings {
    pub(super) fn read(read: &Reader<'_>) -> ColorSettings {
        let chosen = |name: &&'static str| {
            let variable = format!("ANSIBLE_COLOR_{}", name.to_uppercase());
            Some((*name, read.text(&variable, "colors", name)?))
        };
        ColorSettings(NAMES.iter().filter_map(chosen).collect())
    }
}
