//! The order of the layers as stock has it: one name in all of them, peeled off one by one.

use super::*;
use crate::{PlayContext, RoleContext, RunContext, StoreOptions};
use nafal_base::event::Mode;
use nafal_inventory::Inventory;

fn dict(entries: &[(&str, &str)]) -> Dict {
    entries.iter().map(|(key, value)| (*key, Value::from(*value))).collect()
}

fn play() -> Arc<PlayContext> {
    let run = RunContext {
        playbook_dir: "/play".into(),
        forks: 5,
        mode: Mode::Check,
        ..RunContext::default()
    };
    let mut play = PlayContext::new(Arc::new(run));
    play.name = Some(Text::new("my play"));
    play.hosts = PlayContext::list(&[HostName::from("h1")]);
    Arc::new(play)
}

fn store(extra: Dict) -> Arc<Store> {
    let mut inventory = Inventory::empty();
    inventory
        .add_host("h1.example.com", &["g"], &dict(&[("x", "host"), ("ansible_port", "5")]))
        .unwrap();
    inventory.add_host("h2", &["g"], &dict(&[("only2", "y")])).unwrap();
    Arc::new(Store::new(&inventory, extra, StoreOptions::default()))
}

fn scope(store: &Arc<Store>, layers: Vec<Layer>) -> TaskScope {
    let layers = Arc::new(TaskLayers::new(layers));
    TaskScope::new(store, &HostName::from("h1.example.com"), &play(), &layers)
}

#[track_caller]
fn check(scope: &TaskScope, name: &str, expect: &str) {
    let value = scope.get(name).map(|value| value.to_text().into_owned());
    assert_eq!(value.as_deref(), Some(expect), "{name}");
}

/// What a task may bring, weakest first.
const OF_TASK: [(LayerKind, &str); 9] = [
    (LayerKind::RoleDefaults, "defaults"),
    (LayerKind::PlayVars, "play"),
    (LayerKind::VarsPrompt, "prompt"),
    (LayerKind::VarsFiles, "files"),
    (LayerKind::RoleVars, "role"),
    (LayerKind::BlockVars, "block"),
    (LayerKind::TaskVars, "task"),
    (LayerKind::RoleParameters, "params"),
    (LayerKind::IncludeParameters, "include"),
];

#[test]
fn peeled_off_one_by_one() {
    let host = HostName::from("h1.example.com");
    let of_task = |upto: LayerKind| -> Vec<Layer> {
        // Given in a wrong order: the kinds decide.
        let kept = OF_TASK.iter().rev().filter(|(kind, _)| *kind <= upto);
        kept.map(|(kind, text)| Layer::new(*kind, dict(&[("x", text)]))).collect()
    };
    let all = store(dict(&[("x", "extra")]));
    check(&scope(&all, of_task(LayerKind::IncludeParameters)), "x", "extra");
    let store = store(Dict::new());
    check(&scope(&store, of_task(LayerKind::IncludeParameters)), "x", "include");
    check(&scope(&store, of_task(LayerKind::RoleParameters)), "x", "params");
    store.set_nonpersistent(&host, "x", Value::from("set"));
    store.include_vars(&host, dict(&[("x", "included"), ("z", "included")]));
    check(&scope(&store, of_task(LayerKind::RoleParameters)), "x", "params");
    check(&scope(&store, of_task(LayerKind::TaskVars)), "x", "set");
    let zs = vec![Layer::new(LayerKind::TaskVars, dict(&[("z", "task")]))];
    check(&scope(&store, zs), "z", "included");
    let store = self::store(Dict::new());
    store.set_facts(&host, &dict(&[("x", "fact")]));
    for (kind, text) in OF_TASK.iter().filter(|(kind, _)| *kind <= LayerKind::TaskVars).skip(1) {
        check(&scope(&store, of_task(*kind)), "x", text);
    }
    check(&scope(&store, of_task(LayerKind::RoleDefaults)), "x", "fact");
    store.clear_facts(&host);
    check(&scope(&store, of_task(LayerKind::RoleDefaults)), "x", "host");
    let defaults = vec![
        Layer::new(LayerKind::RoleDefaults, dict(&[("d", "first")])),
        Layer::new(LayerKind::RoleDefaults, dict(&[("d", "second")])),
    ];
    check(&scope(&store, defaults), "d", "second");
}

#[test]
fn explained_from_the_strongest() {
    let store = store(dict(&[("x", "extra")]));
    let mut scope = scope(&store, vec![Layer::new(LayerKind::PlayVars, dict(&[("x", "play")]))]);
    scope.with_local("x", Value::from(1));
    let kinds: Vec<_> = scope.explain("x").into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(
        kinds,
        [LayerKind::Loop, LayerKind::Extra, LayerKind::PlayVars, LayerKind::InventoryHost]
    );
    assert!(scope.explain("nosuch").is_empty());
    assert_eq!(scope.explain("inventory_hostname")[0].0, LayerKind::InventoryHost);
}

#[test]
fn magic() {
    let extra = [("groups", "no"), ("playbook_dir", "no"), ("group_names", "yes"), ("omit", "yes")];
    let store = store(dict(&extra));
    let scope = scope(&store, Vec::new());
    check(&scope, "inventory_hostname", "h1.example.com");
    check(&scope, "inventory_hostname_short", "h1");
    check(&scope, "playbook_dir", "/play");
    check(&scope, "ansible_check_mode", "True");
    check(&scope, "ansible_play_name", "my play");
    check(
        &scope,
        "groups",
        "{'all': ['h1.example.com', 'h2'], 'ungrouped': [], 'g': ['h1.example.com', 'h2']}",
    );
    // As in stock: what is the host's own gives way to extra vars.
    check(&scope, "group_names", "yes");
    check(&scope, "omit", "yes");
    check(&scope, "play_hosts", "[]");
    check(&scope, "ansible_play_hosts", "['h1']");
    check(&scope, "environment", "[]");
    assert!(scope.get("ansible_limit").is_none() && scope.get("role_name").is_none());
    let role = RoleContext { name: Some("r".into()), ..RoleContext::default() };
    let layers = Arc::new(TaskLayers::default().in_role(role));
    let scope = TaskScope::new(&store, &HostName::from("h2"), &play(), &layers);
    check(&scope, "role_name", "r");
    check(&scope, "ansible_role_name", "r");
    check(&scope, "ansible_collection_name", "None");
}

#[test]
fn facts() {
    let store = store(Dict::new());
    let host = HostName::from("h1.example.com");
    store.set_facts(&host, &dict(&[("ansible_fqdn", "f"), ("ansible_port", "9"), ("mine", "m")]));
    let scope = scope(&store, Vec::new());
    check(&scope, "ansible_fqdn", "f");
    check(&scope, "mine", "m");
    check(&scope, "ansible_port", "5");
    check(&scope, "ansible_facts", "{'fqdn': 'f', 'port': '9', 'mine': 'm'}");
}

#[test]
fn hostvars_of_another_host() {
    let store = store(dict(&[("e", "1")]));
    let scope = scope(&store, vec![Layer::new(LayerKind::PlayVars, dict(&[("p", "1")]))]);
    let Some(Value::Obj(hostvars)) = scope.get("hostvars") else { panic!("no hostvars") };
    assert_eq!(hostvars.type_name(), "HostVars");
    assert_eq!(hostvars.length(), Some(2));
    let Some(Value::Obj(other)) = hostvars.item(&Value::from("h2")) else { panic!("no h2") };
    let text = |name| other.attribute(name).map(|value| value.to_text().into_owned());
    assert_eq!(text("only2").as_deref(), Some("y"));
    assert_eq!(text("inventory_hostname").as_deref(), Some("h2"));
    assert_eq!(text("e").as_deref(), Some("1"));
    for missing in ["p", "hostvars", "vars", "play_hosts", "omit", "environment"] {
        assert_eq!(text(missing), None, "{missing}");
    }
    assert!(other.scope().unwrap().get("groups").is_some());
    let Some(Value::Undef(undefined)) = hostvars.attribute("nosuch") else { panic!("defined") };
    assert_eq!(undefined.message(), "hostvars['nosuch']");
    let Some(Value::Obj(local)) = hostvars.attribute("localhost") else { panic!("no localhost") };
    assert_eq!(local.attribute("ansible_connection"), Some(Value::from("local")));
    assert_eq!(local.attribute("inventory_file"), None);
}

#[test]
fn delegated() {
    let store = store(Dict::new());
    let mut scope = scope(&store, Vec::new());
    let inner = scope.on_host(&HostName::from("h2"));
    check(&inner, "only2", "y");
    check(&inner, "inventory_hostname", "h1.example.com");
    scope.with_delegated(&inner);
    let delegated = scope.get("ansible_delegated_vars").unwrap();
    let Some(Value::Obj(vars)) = delegated.as_dict().unwrap().get("h2") else { panic!() };
    assert_eq!(vars.attribute("only2"), Some(Value::from("y")));
    check(&scope.on_host(&HostName::from("elsewhere")), "group_names", "[]");
}

#[test]
fn names_come_once() {
    let store = store(dict(&[("x", "extra")]));
    let mut names = Vec::new();
    let scope = scope(&store, vec![Layer::new(LayerKind::PlayVars, dict(&[("x", "play")]))]);
    scope.names(&mut |name| names.push(name.to_string()));
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(all, names.len());
    for name in ["x", "ansible_facts", "groups", "hostvars", "vars", "inventory_hostname"] {
        assert!(names.iter().any(|known| known == name), "{name}");
    }
    assert!(!names.iter().any(|name| name == "omit"));
}

#[test]
fn later_hosts_and_groups() {
    let store = store(Dict::new());
    let host = HostName::from("new");
    let mut inventory = store.inventory();
    store.register(&HostName::from("h2"), "r", Value::from(1));
    inventory.add_host("new", &["later"], &dict(&[("v", "1")])).unwrap();
    inventory.add_to_group("h2", "later", &[]).unwrap();
    store.set_inventory(&inventory);
    let layers = Arc::new(TaskLayers::default());
    let scope = |host: &str| TaskScope::new(&store, &HostName::from(host), &play(), &layers);
    check(&scope(host.as_str()), "v", "1");
    check(&scope("new"), "inventory_file", "None");
    check(&scope("h2"), "group_names", "['g', 'later']");
    check(&scope("h2"), "r", "1");
}
