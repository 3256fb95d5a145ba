//! The crates' arrows as cargo has them against the table of docs/architecture.md, and the first
//! line of every file. What isn't in the table may not be in a Cargo.toml, nor the other way round.

#![allow(clippy::unwrap_used)] // helpers of tests are tests, too

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

type Arrows = BTreeMap<String, BTreeSet<String>>;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// None for what the crate itself needs.
    kind: Option<String>,
    /// Only crates of this workspace have one.
    path: Option<PathBuf>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A package's name in the table: the command's crate is called `cli` there.
fn short(package: &str) -> String {
    if package == "nafal" {
        return "cli".to_owned();
    }
    package.strip_prefix("nafal-").unwrap_or(package).to_owned()
}

fn arrows_of(metadata: &Metadata) -> Arrows {
    let of = |package: &Package| {
        package
            .dependencies
            .iter()
            .filter(|dependency| dependency.path.is_some())
            .filter(|dependency| dependency.kind.as_deref() != Some("dev"))
            .map(|dependency| short(&dependency.name))
            .collect()
    };
    metadata.packages.iter().map(|package| (short(&package.name), of(package))).collect()
}

fn arrows_of_cargo() -> Arrows {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // YAML is a superset of JSON, and the tests read YAML anyway.
    let metadata: Metadata = serde_yaml::from_slice(&output.stdout).unwrap();
    arrows_of(&metadata)
}

/// The rows of the table whose header is `| crate | … | depends on |`.
fn arrows_of_table(text: &str) -> Arrows {
    text.lines()
        .skip_while(|line| !line.starts_with("| crate |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let names = cells.last().unwrap().split(',').map(str::trim);
            let names = names.filter(|name| *name != "–").map(str::to_owned).collect();
            (cells[0].to_owned(), names)
        })
        .collect()
}

/// What one of them has and the other hasn't, as sentences.
fn differences(cargo: &Arrows, table: &Arrows) -> Vec<String> {
    let mut all = Vec::new();
    let mut missing = |from: &Arrows, to: &Arrows, place: &str| {
        for (name, arrows) in from {
            let Some(known) = to.get(name) else {
                all.push(format!("{name} is not in {place}"));
                continue;
            };
            for arrow in arrows.difference(known) {
                all.push(format!("{name} → {arrow} is not in {place}"));
            }
        }
    };
    missing(cargo, table, "docs/architecture.md");
    missing(table, cargo, "its Cargo.toml");
    all
}

#[test]
fn arrows_are_those_of_the_table() {
    let text = std::fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let table = arrows_of_table(&text);
    assert!(table.len() > 10, "docs/architecture.md has no table of crates");
    let differences = differences(&arrows_of_cargo(), &table);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The test itself can fail.
#[test]
fn an_arrow_too_many_is_found() {
    let table =
        arrows_of_table("| crate | depends on |\n|---|---|\n| a | – |\n| b | a |\n\n| c | a |");
    assert_eq!(table.len(), 2);
    let manifest = r#"{"packages": [
        {"name": "nafal-a", "dependencies": [{"name": "nafal-b", "kind": null, "path": "/b"}]},
        {"name": "nafal-b", "dependencies": [
            {"name": "nafal-c", "kind": "dev", "path": "/c"},
            {"name": "serde", "kind": null, "path": null}]}]}"#;
    let cargo = arrows_of(&serde_yaml::from_str(manifest).unwrap());
    assert_eq!(
        differences(&cargo, &table),
        ["a → b is not in docs/architecture.md", "b → a is not in its Cargo.toml"]
    );
}

#[test]
fn every_file_says_what_it_owns() {
    let mut folders = vec![root().join("crates")];
    let mut silent = Vec::new();
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                seen += 1;
                if !std::fs::read_to_string(&path).unwrap().starts_with("//!") {
                    silent.push(path.display().to_string());
                }
            }
        }
    }
    assert!(seen > 100, "only {seen} files were found");
    assert!(silent.is_empty(), "these files don't start with //!:\n{}", silent.join("\n"));
}
