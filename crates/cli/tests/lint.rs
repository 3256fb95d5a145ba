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

/// What these rules find.
fn found_by(rules: &[&str], files: &[(&str, &str)]) -> Vec<String> {
    let mut all = found(files);
    all.retain(|line| rules.iter().any(|rule| line.starts_with(rule)));
    all
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
    let all = found_by(&["unknown-handler"], &files);
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
    assert_eq!(found_by(&["unknown-handler"], &files), [] as [&str; 0]);
    let named = HANDLERS.replace("name: own", "name: \"restart {{ what }}\"");
    let files: Vec<_> = ROLES.iter().copied().chain([("site.yml", &*named)]).collect();
    assert_eq!(found_by(&["unknown-handler"], &files), [] as [&str; 0]);
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
    - stat: {path: /x, sha256sum: \"{{ sum | default(omit) }}\"}
    - file: {path: /x, state: \"{{ nosuch }}\", \"{{ key }}\": 1}
      args: \"{{ more }}\"
    - stat: {}
      args: \"{{ more }}\"
    - own: {any: thing}
    - copy: \"{{ all_of_them }}\"
";

#[test]
fn arguments_of_native_modules() {
    let module = "#!/bin/sh\necho '{}'\n";
    let rules = ["unknown-argument", "wrong-argument", "missing-argument"];
    let all = found_by(&rules, &[("site.yml", ARGUMENTS), ("library/own", module)]);
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

const REGISTERS: &str = "- hosts: localhost
  gather_facts: false
  tasks:
    - debug: msg={{ early.stdout }}
    - command: uname
      register: early
    - command: uname
      register: unread
    - command: uname
      register: own
      failed_when: own.rc > 1
    - command: uname
      register: _
    - command: uname
      register: in_template
    - template: {src: page.j2, dest: /tmp/page}
    - command: uname
      register: of_other
    - command: uname
      register: later
    - debug: msg={{ maybe.stdout | default('') }}
    - command: uname
      register: maybe
- hosts: localhost
  gather_facts: false
  tasks:
    - debug: msg={{ later.stdout }}
    - debug: msg={{ hostvars.localhost.of_other.stdout }}
";

#[test]
fn results_that_nobody_reads_or_that_are_read_too_early() {
    let page = ("templates/page.j2", "{{ in_template.stdout }}\n");
    let all = found(&[("site.yml", REGISTERS), page]);
    let expected = [
        "read-before-write site.yml:4:21 'early' is read before the task that registers it",
        "unread-register site.yml:8:17 nothing reads the registered variable 'unread'",
    ];
    assert_eq!(all, expected);
    let open = REGISTERS.replace("localhost.of_other", "localhost['of_' ~ which]");
    let all = found(&[("site.yml", &open), page, ("group_vars/all.yml", "which: other\n")]);
    assert_eq!(all, [expected[0]], "any may be read then");
}

const VARIABLES: &str = "- hosts: localhost
  gather_facts: false
  vars: {of_play: 1, made: \"{{ of_play ~ nosuch_in_definition }}\", unused: \"{{ nosuch_unused }}\"}
  vars_files: [more.yml]
  vars_prompt:
    - {name: asked}
  roles:
    - role: web
      of_params: 1
  tasks:
    - debug: msg={{ of_play }}{{ of_file }}{{ asked }}{{ of_group }}{{ of_defaults }}{{ of_vars }}
    - debug: msg={{ inventory_hostname }}{{ groups }}{{ ansible_anything }}{{ playbook_dir }}
    - debug: msg={{ of_plya }}
    - debug: msg={{ made }}
    - debug: msg={{ optional | default('x') }}{{ lookup('vars', 'optional_too', default='x') }}
    - debug: msg={{ optional }}{{ optional_too }}
    - debug: msg={{ item }}{{ index }}
      loop: [1]
      loop_control: {index_var: index}
    - debug: msg={{ item }}
    - debug: msg={{ nosuch_guarded }}
      when: nosuch_guarded is defined
    - debug: msg={{ nosuch_off }}
      when: of_play > 1
    - debug: msg={{ nosuch_on }}
      when: of_play == 1
    - set_fact: {own: 1}
    - debug: msg={{ own }}{{ namespace(x=1).x }}{{ range(3) | list }}{{ omit }}
    - include_vars: \"{{ ansible_facts.os_family }}.yml\"
    - debug: msg={{ of_debian }}
    - include_tasks: inner.yml
      vars: {given: 1}
    - template: {src: page.j2, dest: /tmp/page}
";

const AROUND: &[(&str, &str)] = &[
    ("more.yml", "of_file: 1\n"),
    ("group_vars/all.yml", "of_group: 1\n"),
    ("vars/Debian.yml", "of_debian: 1\n"),
    ("inner.yml", "- debug: msg={{ given }}{{ nosuch_inside }}\n"),
    (
        "templates/page.j2",
        "{% set own = 1 %}\n{{ own }}\n{% for x in nosuch_list %}{{ x }}{% endfor %}\n{% if false %}{{ perhaps }}{% endif %}\n",
    ),
    ("roles/web/defaults/main.yml", "of_defaults: 1\n"),
    ("roles/web/vars/main.yml", "of_vars: 1\n"),
    ("roles/web/tasks/main.yml", "- debug: msg={{ of_params }}{{ role_path }}{{ of_play }}\n"),
];

#[test]
fn variables_that_nothing_defines() {
    let files: Vec<_> = AROUND.iter().copied().chain([("site.yml", VARIABLES)]).collect();
    let expected = [
        "inner.yml:1:28 nosuch_inside",
        "site.yml:3:42 nosuch_in_definition",
        "site.yml:13:21 of_plya",
        "site.yml:20:21 item",
        "site.yml:25:21 nosuch_on",
        "templates/page.j2:3:13 nosuch_list",
    ];
    let expected = expected.map(|line| {
        let (place, name) = line.split_once(' ').unwrap();
        format!("undefined-variable {place} nothing defines the variable '{name}'")
    });
    assert_eq!(found(&files), expected);
    for open in [
        "- include_vars: \"{{ of_play }}\"",
        "- set_fact: {\"{{ of_play }}\": 1}",
        "- include_role: {name: \"{{ of_play }}\"}",
        "- own: {}",
    ] {
        let site = VARIABLES.replace("  tasks:\n", &format!("  tasks:\n    {open}\n"));
        let module = ("library/own", "#!/bin/sh\necho '{\"ansible_facts\": {\"x\": 1}}'\n");
        let files: Vec<_> = AROUND.iter().copied().chain([("site.yml", &*site), module]).collect();
        assert_eq!(found(&files), [] as [&str; 0], "{open}");
        // What stands before isn't open to it.
        let site = format!("{VARIABLES}    {open}\n");
        let files: Vec<_> = AROUND.iter().copied().chain([("site.yml", &*site), module]).collect();
        assert_eq!(found(&files), expected, "{open}");
    }
}

#[test]
fn plays_without_hosts_are_not_asked_for_their_variables() {
    let site = "- hosts: nobody\n  tasks:\n    - debug: msg={{ nosuch }}\n";
    assert_eq!(found(&[("site.yml", site)]), [] as [&str; 0]);
}

#[test]
fn what_other_ways_into_a_role_set_may_be_there() {
    let files = [
        ("site.yml", "- hosts: localhost\n  gather_facts: false\n  roles: [web]\n"),
        (
            "roles/web/tasks/main.yml",
            "- debug: msg={{ web_base }} {{ web_version.stdout }} {{ web_other }}\n",
        ),
        (
            "roles/web/tasks/main_env.yml",
            "- block:\n    - set_fact: {web_base: /srv}\n    - command: web --version\n      register: web_version\n",
        ),
    ];
    let only =
        "undefined-variable roles/web/tasks/main.yml:1:57 nothing defines the variable 'web_other'";
    assert_eq!(found_by(&["undefined-variable"], &files), [only]);
}
