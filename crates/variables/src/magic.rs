//! Magic variables: what Ansible itself defines. Those of the run, the play and the task are
//! stronger than anything but the loop's variables; those of the host as weak as the inventory's.

use nafal_base::{Text, Value};

use crate::hostvars::HostVars;
use crate::scope::{TaskScope, View};
use crate::vars_object::VarsObject;

/// Those that need no play, in the order in which they are listed.
const OF_HOST: [&str; 6] = [
    "inventory_hostname",
    "inventory_hostname_short",
    "inventory_file",
    "inventory_dir",
    "group_names",
    "groups",
];

/// Those that a play or task brings.
const OF_TASK: [&str; 20] = [
    "ansible_play_name",
    "ansible_play_hosts_all",
    "ansible_play_hosts",
    "ansible_play_batch",
    "play_hosts",
    "role_names",
    "ansible_role_names",
    "ansible_play_role_names",
    "ansible_dependent_role_names",
    "role_name",
    "role_path",
    "ansible_role_name",
    "ansible_collection_name",
    "ansible_parent_role_names",
    "ansible_parent_role_paths",
    "ansible_search_path",
    "ansible_delegated_vars",
    "environment",
    "hostvars",
    "vars",
];

/// The names of all magic variables that don't begin as facts do.
pub fn magic_names() -> impl Iterator<Item = &'static str> {
    let all = OF_HOST.iter().chain(&OF_TASK).chain(&["playbook_dir"]).copied();
    all.filter(|name| !name.starts_with("ansible_"))
}

impl TaskScope {
    /// The value of a magic variable, or None when the name isn't one here.
    pub(crate) fn magic(&self, name: &str) -> Option<Value> {
        // Most names are told apart by their first letters.
        match name.as_bytes().first()? {
            b'a' if name.starts_with("ansible_") => {}
            b'e' | b'g' | b'h' | b'p' | b'r' | b'v' => {}
            _ => return None,
        }
        if let Some(value) = self.play.settled.get(name) {
            return Some(value.clone());
        }
        if name == "groups" {
            return Some(self.store.inventory().groups_value());
        }
        match self.view {
            View::HostVars => None,
            View::Task | View::Files => self.magic_of_task(name),
        }
    }

    /// What stock defines as part of the host itself: anything stronger than an inventory may
    /// define these names anew, and extra vars do in practice.
    pub(crate) fn magic_of_host(&self, name: &str) -> Option<Value> {
        if !name.starts_with("inventory_") && name != "group_names"
            || self.host().as_str().is_empty()
        {
            return None;
        }
        let inventory = &self.variables.inventory;
        Some(match name {
            // A delegated task still tells of the host that it is for.
            "inventory_hostname" => Value::Str(match &self.original {
                Some(original) => original.inventory.name.clone(),
                None => inventory.name.clone(),
            }),
            "inventory_hostname_short" => Value::Str(self.variables.short.clone()),
            "inventory_file" if inventory.is_listed() => Value::from(inventory.file.as_deref()),
            "inventory_dir" if inventory.is_listed() => Value::from(inventory.dir().map(Text::new)),
            "group_names" => Value::List(inventory.group_names().clone()),
            _ => return None,
        })
    }

    fn magic_of_task(&self, name: &str) -> Option<Value> {
        let play = &self.play;
        Some(match name {
            "hostvars" => HostVars::value(&self.store, play),
            "vars" => VarsObject::value(&self.unreached()),
            "ansible_play_name" => Value::Str(play.name.clone()?),
            "ansible_play_hosts_all" => Value::List(play.all_hosts.clone()),
            "ansible_play_hosts" => Value::List(play.hosts.clone()),
            "ansible_play_batch" | "play_hosts" => Value::List(play.batch.clone()),
            "ansible_role_names" => Value::List(play.all_role_names.clone()),
            "ansible_play_role_names" | "role_names" => Value::List(play.role_names.clone()),
            "ansible_dependent_role_names" => Value::List(play.dependent_role_names.clone()),
            "environment" => Value::List(self.layers.environment.clone().into()),
            "ansible_search_path" => Value::List(self.layers.search_path.clone()?),
            "ansible_delegated_vars" => Value::Dict(self.delegated.as_ref()?.1.clone()),
            _ => return self.magic_of_role(name),
        })
    }

    fn magic_of_role(&self, name: &str) -> Option<Value> {
        let role = self.layers.role.as_ref()?;
        match name {
            "role_name" => role.name.clone().map(Value::Str),
            "role_path" => role.path.clone().map(Value::Str),
            "ansible_role_name" => {
                role.full_name.clone().or_else(|| role.name.clone()).map(Value::Str)
            }
            "ansible_collection_name" => Some(Value::from(role.collection.clone())),
            "ansible_parent_role_names" => role.parent_names.clone().map(Value::List),
            "ansible_parent_role_paths" => role.parent_paths.clone().map(Value::List),
            _ => None,
        }
    }

    /// Calls `each` with the name of every magic variable that stock lists here.
    pub(crate) fn magic_names(&self, each: &mut dyn FnMut(&str)) {
        let of_task: &[&str] = match self.view {
            View::HostVars => &[],
            View::Task | View::Files => &OF_TASK,
        };
        for name in OF_HOST.iter().chain(of_task) {
            if self.magic_is_there(name) {
                each(name);
            }
        }
        for key in self.play.settled.keys() {
            if let Some(name) = key.as_str() {
                each(name);
            }
        }
    }

    fn magic_is_there(&self, name: &str) -> bool {
        // These would be made only to be thrown away.
        matches!(name, "vars" | "hostvars" | "groups")
            || self.magic(name).or_else(|| self.magic_of_host(name)).is_some()
    }
}
