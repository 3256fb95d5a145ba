//! `nafal explain`, as somebody calls it: who wins, what is shadowed, what a template is made of.

#![allow(clippy::unwrap_used)] // helpers of tests are tests, too

use std::fs;
use std::path::Path;
use std::process::Command;

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("hosts", "[web]\nh1 port=81\n[web:vars]\nscheme=http\n");
    write(
        "group_vars/all.yml",
        "url: \"{{ scheme }}://{{ name }}:{{ port }}\"\nport: 80\nname: n\n",
    );
    write("roles/web/defaults/main.yml", "port: 1\nname: default\n");
    write("roles/web/vars/main.yml", "name: role\n");
    write("roles/web/tasks/main.yml", "- name: Configure\n  command: uname\n  register: kernel\n");
    write("site.yml", "- hosts: web\n  gather_facts: false\n  roles: [web]\n");
    folder
}

fn explain(folder: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_nafal"))
        .args(["explain", "-i", "hosts", "--host", "h1"])
        .args(arguments)
        .current_dir(folder)
        .env_remove("ANSIBLE_CONFIG")
        .output()
        .unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

#[test]
fn the_inventory_alone() {
    let folder = project();
    let (text, code) = explain(folder.path(), &["url"]);
    assert_eq!(code, Some(0));
    let expected = "url on h1: 'http://n:81'
  holds    playbook group_vars/all     '{{ scheme }}://{{ name }}:{{ port }}'  group_vars/all.yml:1:1
made of
  scheme  inventory vars of a group   'http'  hosts:4
  name  playbook group_vars/all     'n'  group_vars/all.yml:3:1
  port  inventory vars of the host  81  hosts:2
";
    assert_eq!(text, expected);
    assert_eq!(explain(folder.path(), &["nosuch"]).1, Some(1));
}

#[test]
fn as_a_task_sees_it() {
    let folder = project();
    let (text, _) = explain(folder.path(), &["name", "site.yml", "--task", "configure"]);
    let layers: Vec<&str> =
        text.lines().skip(1).filter_map(|line| line.split_whitespace().last()).collect();
    let places = [
        "roles/web/vars/main.yml:1:1",
        "group_vars/all.yml:3:1",
        "roles/web/defaults/main.yml:2:1",
    ];
    assert_eq!(layers, places, "{text}");
    assert!(text.starts_with("name on h1, as \"web : Configure\" sees it: 'role'\n"), "{text}");
    let (text, code) = explain(folder.path(), &["kernel", "site.yml"]);
    assert_eq!(code, Some(0));
    assert!(
        text.contains("set while running by \"web : Configure\" (roles/web/tasks/main.yml:1:3)"),
        "{text}"
    );
    assert_eq!(explain(folder.path(), &["name", "site.yml", "--task", "nosuch"]).1, Some(1));
}

#[test]
fn json() {
    let folder = project();
    let (text, _) = explain(folder.path(), &["port", "site.yml", "--json", "-e", "port=5"]);
    let answer: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    assert_eq!(answer["value"].as_str(), Some("5"));
    let layers: Vec<_> = answer["definitions"]
        .as_sequence()
        .unwrap()
        .iter()
        .map(|d| d["layer"].as_str().unwrap())
        .collect();
    let expected =
        ["extra vars", "inventory vars of the host", "playbook group_vars/all", "role defaults"];
    assert_eq!(layers, expected);
}

#[test]
fn what_a_vault_holds_stays_hidden() {
    let folder = project();
    fs::write(folder.path().join("password"), "pw\n").unwrap();
    fs::create_dir(folder.path().join("host_vars")).unwrap();
    let secrets = folder.path().join("host_vars/h1.yml");
    fs::write(&secrets, "token: sesame\n").unwrap();
    fs::write(folder.path().join("group_vars/web.yml"), "login: \"user:{{ token }}\"\n").unwrap();
    let encrypted = Command::new(env!("CARGO_BIN_EXE_nafal"))
        .args(["vault", "encrypt", "--vault-password-file", "password", "host_vars/h1.yml"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(encrypted.status.success());
    let (_, code) = explain(folder.path(), &["login"]);
    assert_eq!(code, Some(4), "a vault that can't be opened is told");
    for arguments in [
        &["login", "--vault-password-file", "password"][..],
        &["token", "--vault-password-file", "password"],
        &["login", "--json", "--vault-password-file", "password"],
    ] {
        let (text, code) = explain(folder.path(), arguments);
        assert_eq!(code, Some(0), "{text}");
        assert!(!text.contains("sesame"), "{text}");
        assert!(text.contains("host_vars/h1.yml:1:1"), "{text}");
    }
}
