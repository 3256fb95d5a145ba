//! The parser's keywords against those that ansible-core has (`tests/keywords.tsv`), and
//! `docs/keywords.md`, which is made of the parser's.

#![allow(clippy::unwrap_used)] // helpers of tests are tests, too

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use nafal_parser::playbook::{PLACES, keyword_places};

const HEAD: &str = "\
# Keywords

Every keyword and where it may stand. This file is made of the parser's own table by
`NAFAL_WRITE=1 cargo test -p nafal-parser --test keywords`; the same test compares that table with what ansible-core 2.21.5
has (`tests/keywords.tsv`, which `tests/record-keywords` writes).

At a place where it may not stand a keyword is an error that names it; in a role that a play uses it is a parameter. What a play, a role,
a block or an import says holds for the tasks in it, unless they say it themselves; `vars`, `environment` and `module_defaults` are merged, `tags` and `when`
are added.

";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn ours() -> Vec<(String, String)> {
    keyword_places().map(|(name, places)| (name.to_owned(), places.join(","))).collect()
}

#[test]
fn no_keyword_is_missing() {
    let recorded = std::fs::read_to_string(root().join("tests/keywords.tsv")).unwrap();
    let lines = recorded.lines().filter(|line| !line.starts_with('#'));
    let theirs: Vec<(String, String)> = lines
        .map(|line| line.split_once('\t').unwrap())
        .map(|(name, places)| (name.to_owned(), places.to_owned()))
        .collect();
    assert!(theirs.len() > 60);
    assert_eq!(ours(), theirs);
}

#[test]
fn the_documentation_is_the_table() {
    let mut text = HEAD.to_owned();
    writeln!(text, "| keyword | {} |", PLACES.map(|(name, _)| name).join(" | ")).unwrap();
    writeln!(text, "|---|{}", "---|".repeat(PLACES.len())).unwrap();
    for (name, places) in keyword_places() {
        let marks = PLACES.map(|(place, _)| if places.contains(&place) { "yes" } else { "" });
        writeln!(text, "| `{name}` | {} |", marks.join(" | ")).unwrap();
    }
    let path = root().join("docs/keywords.md");
    if std::env::var_os("NAFAL_WRITE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "run it with NAFAL_WRITE=1");
}
