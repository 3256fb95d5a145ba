//! Sources of every kind, read from real files, against what stock made of the same text.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use nafal_base::{HostName, Value};
use nafal_inventory::{Inventory, ListOptions, Options};
use tempfile::TempDir;

fn load(path: &Path) -> (Inventory, Vec<String>) {
    let sources = [path.display().to_string()];
    let (inventory, warnings) = Inventory::load(&sources, &Options::default()).unwrap();
    let folder = path.parent().unwrap().display().to_string();
    let warnings = warnings.iter().map(|w| w.chain().replace(&folder, "DIR")).collect();
    (inventory, warnings)
}

fn read(name: &str, text: &str) -> (Inventory, Vec<String>) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    load(&path)
}

#[track_caller]
fn graph(name: &str, text: &str, expect: &str) {
    let (inventory, warnings) = read(name, text);
    assert_eq!(warnings, Vec::<String>::new());
    let shown = inventory.graph("all", Some(&ListOptions::default())).unwrap().unwrap();
    assert_eq!(shown.trim(), expect.trim());
}

#[track_caller]
fn refused(text: &str, why: &str) {
    let (_, warnings) = read("hosts.ini", text);
    assert_eq!(
        warnings,
        [
            format!(
                "Failed to parse inventory with 'ini' plugin: Failed to parse inventory: {why}"
            ),
            "Unable to parse DIR/hosts.ini as an inventory source".to_owned(),
            "No inventory was parsed, only implicit localhost is available".to_owned(),
        ]
    );
}

#[test]
fn ini() {
    graph(
        "hosts",
        "solo z=1 # c\n[zeta]\nh[1:2]:22 a=\"b c\"\n[alpha:children]\nzeta # c\n[alpha:vars]\nav = [1, 2]\nt = true\n",
        "
@all:
  |--@ungrouped:
  |  |--solo
  |  |  |--{z = 1}
  |--@alpha:
  |  |--@zeta:
  |  |  |--h1
  |  |  |  |--{a = b c}
  |  |  |  |--{ansible_port = 22}
  |  |  |  |--{av = [1, 2]}
  |  |  |  |--{t = true}
  |  |  |--h2
  |  |  |  |--{a = b c}
  |  |  |  |--{ansible_port = 22}
  |  |  |  |--{av = [1, 2]}
  |  |  |  |--{t = true}
  |  |--{av = [1, 2]}
  |  |--{t = true}
",
    );
}

#[test]
fn ini_that_is_wrong() {
    refused("h[1:99999999999]\n", "host range stands for more than 5000000 hosts");
    refused("h[001:999]x[001:999]y[0:9]\n", "host range stands for more than 5000000 hosts");
    refused("h1 x\n", "Expected key=value host variable assignment, got: x");
    refused("[a:vars]\nb=1\n", "Section [a:vars] not valid for undefined group 'a'.");
    refused("[a:children]\nb\n", "Section [a:children] includes undefined group 'b'.");
    refused("[a:foo]\n", "Section [a:foo] has unknown type: foo");
    refused("[a]\nh\n[a:vars]\nfoo\n", "Expected key=value, got: foo");
    refused("[b:children]\nx y\n", "Expected group name, got: x y");
    refused("h \"x\n", "Error parsing host definition 'h \"x': No closing quotation");
    refused(
        "[a:children]\nb\n[b:children]\na\n",
        "Adding group 'a' as child to 'b' creates a recursive dependency loop.",
    );
}

#[test]
fn yaml() {
    graph(
        "hosts.yml",
        "all:\n  hosts:\n    h[1:2]: {a: 1}\n  children:\n    g: {hosts: {h1: , x:22: }, vars: {v: yes}}\n    e:\n",
        "
@all:
  |--@ungrouped:
  |  |--h2
  |  |  |--{a = 1}
  |--@g:
  |  |--h1
  |  |  |--{a = 1}
  |  |  |--{v = True}
  |  |--x
  |  |  |--{ansible_port = 22}
  |  |  |--{v = True}
  |  |--{v = True}
  |--@e:
",
    );
    let (_, warnings) = read("hosts.yml", "all:\n  hosts: [a]\n");
    assert!(
        warnings[1].contains("Invalid \"hosts\" entry for \"all\" group, requires a dictionary")
    );
}

#[test]
fn scripts() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("hosts.sh");
    let list = r#"{"g": {"hosts": ["a"], "vars": {"x": "{{ y }}"}}, "_meta": {"hostvars": {"a": {"n": 1}}}}"#;
    fs::write(&path, format!("#!/bin/sh\necho '{list}'\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let (inventory, warnings) = load(&path);
    assert!(warnings.is_empty(), "{warnings:?}");
    let vars = inventory.host_variables(&HostName::from("a")).unwrap();
    assert_eq!(Value::Dict(vars.clone()).repr(), "{'x': '{{ y }}', 'n': 1}");
    assert!(vars.get("x").unwrap().has_template());
    fs::write(&path, "#!/bin/sh\nexit 3\n").unwrap();
    let (_, warnings) = load(&path);
    assert!(warnings[0].ends_with("Inventory script returned non-zero exit code 3."));
}

#[test]
fn folders_and_their_variables() {
    let folder = TempDir::new().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("inv/b.ini", "[g]\nh1 own=ini over=ini\n[g:vars]\nover=group\nall_over=inline\n");
    write("inv/a.ini", "first\n");
    write("inv/sub/c", "deep\n");
    write("inv/notes.cfg", "not an inventory\n");
    write("inv/group_vars/all.yml", "all_over: file\nfrom: all\n");
    write("inv/group_vars/g/10.yml", "from: g10\nten: 1\n");
    write("inv/group_vars/g/20.yaml", "from: g20\n");
    write("inv/group_vars/g/x.txt", "from: no\n");
    write("inv/host_vars/h1", "over: host_vars\n");
    write("play/group_vars/g.json", "{\"from\": \"play\"}");
    let (mut inventory, warnings) = load(&folder.path().join("inv"));
    assert!(warnings.is_empty(), "{warnings:?}");
    let names: Vec<_> = inventory.hosts().map(|host| host.name.to_string()).collect();
    assert_eq!(names, ["first", "h1", "deep"]);
    let shown = |inventory: &Inventory| {
        let vars = inventory.host_variables(&HostName::from("h1")).unwrap();
        let get = |name: &str| vars.get(name).map(|v| v.to_text().into_owned()).unwrap_or_default();
        [get("own"), get("over"), get("all_over"), get("from"), get("ten")].join(" ")
    };
    // group_vars/all is stronger than the inline vars of any group.
    assert_eq!(shown(&inventory), "ini host_vars file g20 1");
    inventory.set_playbook_dir(&folder.path().join("play"));
    assert_eq!(shown(&inventory), "ini host_vars file play 1");
    write("inv/host_vars/first.yml", "- no\n- dict\n");
    let (inventory, _) = load(&folder.path().join("inv"));
    assert!(inventory.host_variables(&HostName::from("first")).is_err());
}

#[test]
fn lists_and_what_is_missing() {
    let (inventory, warnings) =
        Inventory::load(&["a,b:22,c[1:2],".to_owned()], &Options::default()).unwrap();
    assert!(warnings.is_empty());
    let list = inventory.list(&ListOptions::default()).unwrap();
    assert_eq!(list.get("ungrouped").unwrap().repr(), "{'hosts': ['a', 'b', 'c[1:2]']}");
    let (_, warnings) =
        Inventory::load(&["/no/such/file".to_owned()], &Options::default()).unwrap();
    assert_eq!(warnings[0].message, "Unable to parse /no/such/file as an inventory source");
}

#[test]
fn depth_priority_and_name_decide_between_groups() {
    let (inventory, _) = read(
        "hosts",
        "[b]\nh\n[a]\nh\n[deep]\nh\n[top:children]\ndeep\n[b:vars]\nx=b\n[a:vars]\nx=a\ny=a\n[top:vars]\ny=top\nz=top\n[deep:vars]\nz=deep\n",
    );
    let x = |inventory: &Inventory, name: &str| {
        inventory
            .host_variables(&HostName::from("h"))
            .unwrap()
            .get(name)
            .unwrap()
            .to_text()
            .into_owned()
    };
    assert_eq!(
        (x(&inventory, "x"), x(&inventory, "y"), x(&inventory, "z")),
        ("b".into(), "top".into(), "deep".into())
    );
    let (inventory, _) =
        read("hosts", "[b]\nh\n[a]\nh\n[b:vars]\nx=b\n[a:vars]\nx=a\nansible_group_priority=2\n");
    assert_eq!(x(&inventory, "x"), "a");
}
