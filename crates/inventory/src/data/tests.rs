//! Tests of the inventory as data.

use super::*;

#[test]
fn members_come_breadth_first_and_once() {
    let mut inventory = Inventory::empty();
    inventory.add_host("a", &["deep"], &Dict::new()).unwrap();
    inventory.add_host("b", &["top"], &Dict::new()).unwrap();
    assert!(inventory.add_to_group("a", "deep", &["top"]).unwrap().is_made());
    assert!(!inventory.add_to_group("a", "deep", &["top"]).unwrap().is_made());
    let names = |group| {
        let hosts = inventory.hosts_of(group).unwrap();
        hosts.iter().map(|host| host.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names("top"), ["b", "a"]);
    assert_eq!(inventory.group("deep").unwrap().depth, 2);
}

#[test]
fn a_group_never_contains_itself() {
    let mut data = Arc::unwrap_or_clone(Inventory::empty().0);
    let (a, b) = (data.ensure_group("a"), data.ensure_group("b"));
    data.add_child(a, b).unwrap();
    let error = data.add_child(b, a).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Adding group 'a' as child to 'b' creates a recursive dependency loop."
    );
}

#[test]
fn snapshots_do_not_see_later_changes() {
    let mut inventory = Inventory::empty();
    let before = inventory.clone();
    inventory.add_host("a", &[], &Dict::new()).unwrap();
    assert!(before.listed("a").is_none());
    assert_eq!(inventory.host("localhost").unwrap().kind, HostKind::Implicit);
}
