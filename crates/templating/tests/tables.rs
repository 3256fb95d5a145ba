//! Every file of filters, tests, lookups and functions is in its table, and no name is there twice.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashSet;
use std::path::Path;

use nafal_templating::{filters, functions, lookups, tests_table};

fn is_complete(folder: &str, constant: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
    let table = std::fs::read_to_string(folder.join("mod.rs")).unwrap();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        if name != "mod" && text.contains(&format!("pub const {constant}: ")) {
            assert!(
                table.contains(&format!("{name}::{constant}")),
                "{} is in no table",
                path.display()
            );
        }
    }
}

fn are_unique(names: impl Iterator<Item = (&'static str, &'static str)>) {
    let mut seen = HashSet::new();
    for (name, doc) in names {
        assert!(seen.insert(name), "{name} is there twice");
        assert!(!doc.is_empty(), "{name} says nothing");
    }
}

#[test]
fn tables_are_complete() {
    is_complete("filters", "FILTERS");
    is_complete("tests_table", "TESTS");
    is_complete("lookups", "LOOKUPS");
    is_complete("functions", "FUNCTIONS");
}

#[test]
fn names_are_unique() {
    let all = filters::FILTERS.iter().copied().flatten();
    are_unique(all.flat_map(|filter| filter.names.iter().map(|name| (*name, filter.doc))));
    let all = tests_table::TESTS.iter().copied().flatten();
    are_unique(all.flat_map(|test| test.names.iter().map(|name| (*name, test.doc))));
    let all = lookups::LOOKUPS.iter().copied().flatten();
    are_unique(all.flat_map(|lookup| lookup.names.iter().map(|name| (*name, lookup.doc))));
    let all = functions::FUNCTIONS.iter().copied().flatten();
    are_unique(all.map(|function| (function.name, function.doc)));
}
