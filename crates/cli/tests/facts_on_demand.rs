//! With `facts = on-demand` only those facts are gathered that somebody reads. A local fact tells when it was asked for; what plays
//! show is case `facts-on-demand`.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// Whether a run of these files asks for local facts.
fn asks(files: &[(&str, &str)], environment: &[(&str, &str)]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    };
    let asked = folder.path().join("asked");
    let script = format!("#!/bin/sh\ntouch {}\necho '{{\"a\": \"b\"}}'\n", asked.display());
    let script = write("facts.d/mine.fact", &script);
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
    for (name, text) in files {
        write(name, text);
    }
    run(folder.path(), environment);
    asked.exists()
}

fn run(folder: &Path, environment: &[(&str, &str)]) {
    let output = Command::new(env!("CARGO_BIN_EXE_nafal"))
        .args(["playbook", "-i", "h,", "-c", "local", "play.yml"])
        .current_dir(folder)
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("LANG", "C.UTF-8")])
        .env("HOME", folder)
        .env("NAFAL_FACTS", "on-demand")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
}

/// A play with these tasks.
fn play(tasks: &str) -> String {
    format!("- hosts: all\n  fact_path: '{{{{ playbook_dir }}}}/facts.d'\n  tasks:\n{tasks}\n")
}

fn asks_for(task: &str) -> bool {
    asks(&[("play.yml", &play(task))], &[])
}

#[test]
fn what_nobody_reads_is_not_gathered() {
    assert!(!asks_for("    - debug: {msg: a}"));
    assert!(!asks_for("    - debug: {msg: '{{ ansible_facts.distribution }}'}"));
    assert!(!asks_for(
        "    - debug: {msg: \"{{ hostvars[inventory_hostname]['ansible_kernel'] }}\"}"
    ));
    assert!(!asks_for("    - package: {name: [], state: present}\n      when: ansible_check_mode"));
}

#[test]
fn what_somebody_reads_is() {
    assert!(asks_for("    - debug: {msg: '{{ ansible_local.mine.a }}'}"));
    assert!(asks_for(
        "    - debug: {msg: a}\n      when: ansible_facts['ansible_local'].mine.a == 'b'"
    ));
    let later = "\n- hosts: all\n  gather_facts: false\n  tasks:\n    - debug: {var: ansible_facts.ansible_local}\n";
    assert!(asks(&[("play.yml", &(play("    - debug:") + later))], &[]));
    let template = play("    - template: {src: t.j2, dest: '{{ playbook_dir }}/out'}");
    let files = |text| [("play.yml", template.as_str()), ("templates/t.j2", text)];
    assert!(asks(&files("{{ ansible_local.mine.a }}"), &[]));
    assert!(!asks(&files("{{ ansible_hostname }}"), &[]));
    let variables = ("group_vars/all.yml", "a: '{{ ansible_facts.ansible_local }}'\n");
    assert!(asks(&[("play.yml", &play("    - debug: {msg: '{{ a }}'}")), variables], &[]));
}

#[test]
fn where_nobody_knows_what_is_read_all_is_gathered() {
    assert!(asks_for("    - debug: {var: ansible_facts}"));
    assert!(asks_for(
        "    - debug: {msg: \"{{ lookup('vars', 'ansible_' ~ a) }}\"}\n      vars: {a: kernel}"
    ));
    assert!(asks_for("    - debug: {msg: '{{ hostvars[inventory_hostname] }}'}"));
    assert!(asks_for("    - debug: {msg: '{{ ansible_eth7 | default(1) }}'}"));
    assert!(asks_for(
        "    - include_tasks: '{{ a }}'\n      vars: {a: '{{ none }}'}\n      when: false"
    ));
    assert!(asks_for("    - debug:\n      debugger: never"));
    let own = play("    - own:\n      when: false");
    let module = ("library/own.py", "from ansible.module_utils.basic import AnsibleModule\n");
    assert!(!asks(&[("play.yml", &own), module], &[]));
    assert!(asks(&[("play.yml", &own), module, ("action_plugins/own.py", "")], &[]));
    let plain = play("    - debug:");
    for environment in [
        [("NAFAL_FACTS", "all")],
        [("ANSIBLE_STDOUT_CALLBACK", "minimal")],
        [("ANSIBLE_STRATEGY", "debug")],
        [("ANSIBLE_CALLBACKS_ENABLED", "junit")],
    ] {
        assert!(asks(&[("play.yml", &plain)], &environment), "{environment:?}");
    }
    let spoken = plain.replace("  tasks", "  gather_subset: [local]\n  tasks");
    assert!(asks(&[("play.yml", &spoken)], &[]));
}

#[test]
fn what_the_setting_can_be() {
    let output = Command::new(env!("CARGO_BIN_EXE_nafal"))
        .args(["playbook", "-i", "h,", "play.yml"])
        .env("NAFAL_FACTS", "few")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("'facts' has an invalid value 'few': all or on-demand is expected"),
        "{said}"
    );
    assert_eq!(output.status.code(), Some(5));
}
