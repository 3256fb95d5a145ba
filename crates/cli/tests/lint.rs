//! `nafal lint`, as somebody calls it: each rule finds what it is for, with its place, and says nothing of what can't be known
//! before a run.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests, too

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_yaml::Value;

/// A folder with these files.
fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn lint(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nafal"))
        .args(["lint", "-i", "localhost,", "site.yml"])
        .args(arguments)
        .current_dir(folder)
        .env_remove("ANSIBLE_CONFIG")
        .output()
        .unwrap()
}

/// What is found in these files: rule, place and word of each.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let folder = project(files);
    let output = lint(folder.path(), &["--json"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    let all: Value = serde_yaml::from_str(&text).unwrap_or_else(|_| panic!("{text}{error}"));
    let all = all.as_sequence().unwrap_or_else(|| panic!("{error}")).clone();
    assert_eq!(output.status.code(), Some(if all.is_empty() { 0 } else { 3 }), "{error}");
    let each = all.iter().map(|finding| {
        let root = folder.path().canonicalize().unwrap();
        let file = Path::new(finding["file"].as_str().unwrap());
        format!(
            "{} {}:{}:{} {}",
            finding["rule"].as_str().unwrap(),
            file.strip_prefix(&root).unwrap_or(file).display(),
            finding["line"].as_u64().unwrap(),
            finding["column"].as_u64().unwrap_or(0),
            finding["message"].as_str().unwrap(),
        )
    });
    each.collect()
}

const HANDLERS: &str = "- hosts: localhost
  gather_facts: false
  roles: [web]
  tasks:
    - include_role:
        name: database
    - ping:
      notify: restart ngnix
    - ping:
      notify: [restart nginx, web changed, 'web : restart nginx', restart postgres, \"{{ any }}\"]
  handlers:
    - name: own
      ping:
";

const ROLES: &[(&str, &str)] = &[
    ("roles/web/handlers/main.yml", "- name: restart nginx\n  ping:\n  listen: web changed\n"),
    ("roles/web/tasks/main.yml", "- ping:\n  notify: [own, nosuch]\n"),
    ("roles/database/handlers/main.yml", "- name: restart postgres\n  ping:\n"),
    ("roles/database/tasks/main.yml", "- include_tasks: more.yml\n"),
    ("roles/database/tasks/more.yml", "- ping:\n  notify: restart postgress\n"),
];

#[test]
fn handlers_that_there_are_not() {
    let files: Vec<_> = ROLES.iter().copied().chain([("site.yml", HANDLERS)]).collect();
    let all = found(&files);
    let expected = [
        "unknown-handler roles/database/tasks/more.yml:2:11 no handler is named 'restart postgress', and none listens to it",
        "unknown-handler roles/web/tasks/main.yml:2:17 no handler is named 'nosuch', and none listens to it",
        "unknown-handler site.yml:8:15 no handler is named 'restart ngnix', and none listens to it",
    ];
    assert_eq!(all, expected);
}

#[test]
fn handlers_that_may_come_from_anywhere() {
    let unknown = HANDLERS.replace("name: database", "name: \"{{ which }}\"");
    let files: Vec<_> = ROLES.iter().copied().chain([("site.yml", &*unknown)]).collect();
    assert_eq!(found(&files), [] as [&str; 0]);
    let named = HANDLERS.replace("name: own", "name: \"restart {{ what }}\"");
    let files: Vec<_> = ROLES.iter().copied().chain([("site.yml", &*named)]).collect();
    assert_eq!(found(&files), [] as [&str; 0]);
}

const ARGUMENTS: &str = "- hosts: localhost
  gather_facts: false
  tasks:
    - name: A typo
      file:
        pth: /tmp/x
        state: directry
        mode: \"{{ mode }}\"
    - lineinfile: path=/tmp/x line=x crate=yes
    - template: {src: a.j2, dest: /tmp/a, modes: '0644'}
    - copy: {content: x, dest: /tmp/a, backup: perhaps}
    - service: {name: x, daemon_reload: true, enabled: maybe}
    - command: uname chdir=/tmp
      args: {creates: /x, warn: false}
    - shell: echo {{ x }}
    - file: {path: /x, state: \"{{ nosuch }}\", \"{{ key }}\": 1}
      args: \"{{ more }}\"
    - stat: {}
      args: \"{{ more }}\"
    - own: {any: thing}
";

#[test]
fn arguments_of_native_modules() {
    let module = "#!/bin/sh\necho '{}'\n";
    let all = found(&[("site.yml", ARGUMENTS), ("library/own", module)]);
    let rules: Vec<&str> =
        all.iter().map(|finding| finding.split(": ").next().unwrap_or(finding)).collect();
    let expected = [
        "missing-argument site.yml:5:7 file needs the argument 'path'",
        "unknown-argument site.yml:6:9 file has no argument 'pth'",
        "wrong-argument site.yml:7:16 file",
        "unknown-argument site.yml:9:38 lineinfile has no argument 'crate'",
        "unknown-argument site.yml:10:43 template has no argument 'modes'",
        "wrong-argument site.yml:11:48 copy",
        "wrong-argument site.yml:12:56 service",
        "unknown-argument site.yml:14:27 command has no argument 'warn'",
    ];
    assert_eq!(rules, expected, "{all:#?}");
    let folder = project(&[("site.yml", ARGUMENTS), ("library/stat", module)]);
    fs::write(folder.path().join("site.yml"), "- hosts: all\n  tasks:\n    - stat: {any: thing}\n")
        .unwrap();
    assert_eq!(lint(folder.path(), &[]).status.code(), Some(0), "a module that takes its place");
}

#[test]
fn as_text_with_its_line_and_a_hint() {
    let site = "- hosts: all\n  tasks:\n    - file: {pth: /x, path: /y}\n";
    let folder = project(&[("site.yml", site)]);
    let output = lint(folder.path(), &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    let root = folder.path().canonicalize().unwrap();
    let expected = format!(
        "unknown-argument: file has no argument 'pth'
Origin: {}/site.yml:3:14

1 - hosts: all
2   tasks:
3     - file: {{pth: /x, path: /y}}
               ^ column 14

did you mean 'path'?

1 finding
",
        root.display()
    );
    assert_eq!(text, expected);
    assert_eq!(output.status.code(), Some(3));
    let skipped = lint(folder.path(), &["--skip", "unknown-argument,unknown-handler"]);
    assert_eq!((skipped.status.code(), &*skipped.stdout), (Some(0), &b""[..]));
}

#[test]
fn what_can_not_be_looked_at() {
    let folder = project(&[("site.yml", "- hosts: all\n  taks: []\n")]);
    assert_eq!(lint(folder.path(), &[]).status.code(), Some(4));
    let wrong = lint(folder.path(), &["--skip", "nosuch"]);
    assert_eq!(wrong.status.code(), Some(2));
    let error = String::from_utf8(wrong.stderr).unwrap();
    assert!(error.contains("the rules are unknown-handler, "), "{error}");
    fs::remove_file(folder.path().join("site.yml")).unwrap();
    assert_eq!(lint(folder.path(), &[]).status.code(), Some(1));
}
