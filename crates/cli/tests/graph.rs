//! `nafal graph`, as somebody calls it: the quickstart's graph in its three forms, and why a task runs.

#![allow(clippy::unwrap_used)] // helpers of tests are tests, too

use std::process::Command;

fn graph(arguments: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_nafal"))
        .arg("graph")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../playbooks/quickstart.yml"))
        .args(["-i", "localhost,"])
        .args(arguments)
        .output()
        .unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

#[test]
fn text_names_who_reads_what() {
    let (text, code) = graph(&[]);
    assert_eq!(code, Some(0));
    let line = |part: &str| text.lines().find(|line| line.contains(part)).unwrap().to_owned();
    assert!(line("Look at the greeting").contains("sets greeting"), "{text}");
    assert!(line("Both must agree").contains("greeting of"), "{text}");
    assert!(line("Write one file for each service").contains("notifies"), "{text}");
}

#[test]
fn json_and_mermaid_have_the_same_nodes() {
    let (json, _) = graph(&["--format", "json"]);
    let (mermaid, _) = graph(&["--format", "mermaid"]);
    let plays: serde_yaml::Value = serde_yaml::from_str(&json).unwrap();
    let nodes = plays[0]["nodes"].as_sequence().unwrap();
    let drawn = mermaid.lines().filter(|line| line.starts_with("    n") && !line.contains('>'));
    assert_eq!(drawn.count(), nodes.len());
    assert!(plays[0]["edges"].as_sequence().unwrap().iter().any(|edge| edge["kind"] == "data"));
}

#[test]
fn why() {
    let (text, code) = graph(&["--why", "both must"]);
    assert_eq!(code, Some(0));
    assert!(
        text.contains("reads         greeting, which is set by Look at the greeting"),
        "{text}"
    );
    assert_eq!(graph(&["--why", "nosuch"]).1, Some(1));
}
