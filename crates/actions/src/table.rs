//! Which actions there are. An action that isn't here is a module's alone.

use nafal_base::Dict;

use crate::actions;
use crate::context::ActionContext;
use crate::effect::Performed;

/// Actions whose text is a command line, by their short names: command and its kin, those of Windows too.
pub const COMMAND_LINES: &[&str] =
    &["command", "raw", "script", "shell", "win_command", "win_shell"];

/// Whether an action takes free-form text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raw {
    /// It does.
    Taken,
    /// It doesn't: text must be `k=v`.
    Refused,
}

/// What runs an action.
#[derive(Clone, Copy)]
pub enum ActionKind {
    /// A function of this crate, with rendered arguments.
    Here(fn(&ActionContext<'_>, Dict) -> Performed),
    /// The executor itself: it changes the order of what runs.
    Flow,
    /// The module of the same name, on the target.
    Module,
}

/// An action.
#[derive(Clone, Copy)]
pub struct Action {
    /// Its short name; `ansible.builtin.` and `ansible.legacy.` before it are taken too.
    pub name: &'static str,
    /// Whether it takes free-form text.
    pub raw: Raw,
    /// What runs it.
    pub kind: ActionKind,
}

impl Action {
    /// Whether it is the module of a collection, not of ansible-core.
    pub fn is_of_collection(&self) -> bool {
        collection_module(self.name).is_some()
    }
}

const fn here(name: &'static str, run: fn(&ActionContext<'_>, Dict) -> Performed) -> Action {
    Action { name, raw: Raw::Refused, kind: ActionKind::Here(run) }
}

const fn flow(name: &'static str, raw: Raw) -> Action {
    Action { name, raw, kind: ActionKind::Flow }
}

const fn module(name: &'static str, raw: Raw) -> Action {
    Action { name, raw, kind: ActionKind::Module }
}

/// Every action that nafal has, by short name.
pub const ACTIONS: &[Action] = &[
    Action { raw: Raw::Taken, ..here("add_host", actions::add_host::run) },
    here("assemble", actions::assemble::run),
    here("assert", actions::assert::run),
    here("async_status", actions::async_status::run),
    here("copy", actions::copy::run),
    here("debug", actions::debug::run),
    here("dnf", actions::dnf::run),
    here("fail", actions::fail::run),
    here("fetch", actions::fetch::run),
    here("gather_facts", actions::gather_facts::run),
    Action { raw: Raw::Taken, ..here("group_by", actions::group_by::run) },
    Action { raw: Raw::Taken, ..here("set_fact", actions::set_fact::run) },
    here("pause", actions::pause::run),
    here("set_stats", actions::set_stats::run),
    here("wait_for_connection", actions::wait_for_connection::run),
    here("ansible._protomatter.debug", actions::protomatter_debug::run),
    here("package", actions::package::run),
    here("reboot", actions::reboot::run),
    here("ansible.posix.synchronize", actions::synchronize::run),
    here("service", actions::service::run),
    here("template", actions::template::run),
    here("unarchive", actions::unarchive::run),
    here("uri", actions::uri::run),
    here("validate_argument_spec", actions::validate_argument_spec::run),
    Action { raw: Raw::Taken, ..here("raw", actions::raw::run) },
    Action { raw: Raw::Taken, ..here("script", actions::script::run) },
    Action { raw: Raw::Taken, ..here("include_vars", actions::include_vars::run) },
    flow("import_role", Raw::Refused),
    flow("import_tasks", Raw::Taken),
    flow("include_role", Raw::Refused),
    flow("include_tasks", Raw::Taken),
    flow("meta", Raw::Taken),
    module("apt", Raw::Refused),
    module("apt_key", Raw::Refused),
    module("apt_repository", Raw::Refused),
    module("blockinfile", Raw::Refused),
    module("command", Raw::Taken),
    module("cron", Raw::Refused),
    module("deb822_repository", Raw::Refused),
    module("debconf", Raw::Refused),
    module("dnf5", Raw::Refused),
    module("dpkg_selections", Raw::Refused),
    module("expect", Raw::Refused),
    module("file", Raw::Refused),
    module("get_url", Raw::Refused),
    module("git", Raw::Refused),
    module("getent", Raw::Refused),
    module("group", Raw::Refused),
    module("hostname", Raw::Refused),
    module("iptables", Raw::Refused),
    module("known_hosts", Raw::Refused),
    module("find", Raw::Refused),
    module("lineinfile", Raw::Refused),
    module("mount_facts", Raw::Refused),
    module("package_facts", Raw::Refused),
    module("ping", Raw::Refused),
    module("pip", Raw::Refused),
    module("replace", Raw::Refused),
    module("rpm_key", Raw::Refused),
    module("service_facts", Raw::Refused),
    module("setup", Raw::Refused),
    module("shell", Raw::Taken),
    module("slurp", Raw::Refused),
    module("stat", Raw::Refused),
    module("subversion", Raw::Refused),
    module("systemd", Raw::Refused),
    module("systemd_service", Raw::Refused),
    module("sysvinit", Raw::Refused),
    module("tempfile", Raw::Refused),
    module("user", Raw::Refused),
    module("wait_for", Raw::Refused),
    module("yum_repository", Raw::Refused),
    module("ansible.posix.authorized_key", Raw::Refused),
    module("ansible.posix.mount", Raw::Refused),
    module("ansible.posix.sysctl", Raw::Refused),
    module("community.general.alternatives", Raw::Refused),
    module("community.general.archive", Raw::Refused),
    module("community.general.ini_file", Raw::Refused),
    module("community.general.locale_gen", Raw::Refused),
    module("community.general.modprobe", Raw::Refused),
    module("community.general.timezone", Raw::Refused),
];

/// The collections of which nafal has modules.
const COLLECTIONS: [&str; 2] = ["ansible.posix.", "community.general."];

/// The short name of one of ours, whichever way it is written. ansible-core sends `yum` on to `dnf`.
fn short(name: &str) -> &str {
    let short = name
        .strip_prefix("ansible.builtin.")
        .or_else(|| name.strip_prefix("ansible.legacy."))
        .unwrap_or(name);
    if short == "yum" { "dnf" } else { short }
}

/// The action of this name. Modules of collections have a short name too: ansible-core sends it on to them.
pub fn find(name: &str) -> Option<&'static Action> {
    let short = short(name);
    let named = |action: &&Action| {
        action.name == short || collection_module(action.name).is_some_and(|name| name == short)
    };
    ACTIONS.iter().find(named)
}

/// The short name of a module that a collection has.
fn collection_module(name: &str) -> Option<&str> {
    COLLECTIONS.iter().find_map(|prefix| name.strip_prefix(prefix))
}

/// The arguments of an action that checks them itself, each with its aliases: None where a module or nobody does.
pub fn own_arguments(name: &str) -> Option<Vec<&'static str>> {
    let listed: &[&str] = match short(name) {
        "assert" => actions::assert::SUPPORTED,
        "async_status" => actions::async_status::SUPPORTED,
        "copy" => actions::copy::SUPPORTED,
        "debug" => actions::debug::SUPPORTED,
        "fail" => actions::fail::SUPPORTED,
        "pause" => actions::pause::SUPPORTED,
        "reboot" => &actions::reboot::OPTIONS,
        "script" => actions::script::SUPPORTED,
        "set_stats" => &actions::set_stats::OPTIONS,
        "template" => actions::template::SUPPORTED,
        "wait_for_connection" => &actions::wait_for_connection::OPTIONS,
        _ => return None,
    };
    let each = listed.iter().flat_map(|name| name.split(['(', ')']));
    Some(each.filter(|name| !name.is_empty()).collect())
}

/// The short names of all of them.
pub fn names() -> impl Iterator<Item = &'static str> {
    ACTIONS.iter().map(|action| action.name)
}

/// Whether nafal has an action or module of this name.
pub fn is_known(name: &str) -> bool {
    find(name).is_some()
}

/// An action's full name: `copy` and `ansible.legacy.copy` are `ansible.builtin.copy`.
pub fn full_name(name: &str) -> String {
    match find(name) {
        Some(action) if action.name.contains('.') => action.name.to_owned(),
        Some(action) => format!("ansible.builtin.{}", action.name),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(full_name("copy"), "ansible.builtin.copy");
        assert_eq!(full_name("ansible.legacy.copy"), "ansible.builtin.copy");
        assert_eq!(full_name("a.b.c"), "a.b.c");
        assert_eq!(full_name("ansible.builtin.yum"), "ansible.builtin.dnf");
        assert!(!is_known("nosuch"));
        for name in ["ini_file", "ansible.builtin.ini_file", "community.general.ini_file"] {
            assert_eq!(full_name(name), "community.general.ini_file");
        }
        assert!(!is_known("ansible.posix.ini_file"));
    }

    #[test]
    fn arguments_with_their_aliases() {
        let all = own_arguments("ansible.builtin.assert").unwrap();
        assert!(all.contains(&"that") && all.contains(&"msg"), "{all:?}");
        assert_eq!(own_arguments("set_fact"), None);
    }

    /// Every file of the folder is in the table, and the other way round.
    #[test]
    fn table_and_folder_agree() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/actions");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
            .filter(|name| name != "mod")
            .collect();
        files.sort();
        let mut table: Vec<String> = ACTIONS
            .iter()
            .filter(|action| matches!(action.kind, ActionKind::Here(_)))
            .map(|action| collection_module(action.name).unwrap_or(action.name))
            .map(|name| name.replace("ansible._protomatter.", "protomatter_"))
            .collect();
        table.sort();
        assert_eq!(files, table);
    }
}
