//! What a task's variables tell of how its host is reached, where nobody defines that. Must not know how connections
//! are made, nor what their settings are.

use std::fmt;
use std::sync::Arc;

use nafal_base::{Scope, Text, Value};

use crate::scope::{TaskScope, View};

/// How hosts are reached by what isn't a variable: keywords, flags, settings.
#[derive(Clone, Default)]
pub struct Reach {
    /// `connection`; None while a template says it.
    pub connection: Option<Text>,
    /// The connection where no keyword says it: what is told of a host that a task is delegated to.
    pub transport: Option<Text>,
    /// `remote_user`.
    pub user: Option<Text>,
    /// `remote_port`; a keyword's isn't told.
    pub port: Option<u16>,
    /// In seconds.
    pub timeout: Option<u64>,
    /// The file of the private key.
    pub private_key: Option<Text>,
    /// What `-k` asked for.
    pub password: Option<Text>,
    /// `pipelining`.
    pub pipelining: Option<Pipelining>,
}

/// Whether modules are files on targets before they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pipelining {
    /// Modules are sent through the connection itself.
    On,
    /// They are files there first.
    Off,
    /// Nobody says: off, as far as variables tell.
    Unsaid,
}

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // There may be a password in it.
        f.write_str("Reach")
    }
}

/// Names that stand for the same thing, the first of them that is defined counting. The order is that in which stock lists them.
const TOLD: [&[&str]; 11] = [
    &["ansible_connection"],
    &["ansible_module_compression"],
    &["ansible_shell_executable"],
    &["ansible_ssh_host", "ansible_host"],
    &["ansible_ssh_pass", "ansible_password"],
    &["ansible_ssh_pipelining", "ansible_pipelining"],
    &["ansible_ssh_port", "ansible_port"],
    &["ansible_connection_user"],
    &["ansible_ssh_timeout", "ansible_timeout"],
    &["ansible_ssh_user", "ansible_user"],
    &["ansible_ssh_private_key_file", "ansible_private_key_file"],
];

impl Reach {
    /// The same, with what a keyword's template says.
    #[must_use]
    pub fn with_keywords(&self, connection: Option<&str>, user: Option<&str>) -> Reach {
        Reach {
            connection: connection.map(Text::new).or_else(|| self.connection.clone()),
            user: user.map(Text::new).or_else(|| self.user.clone()),
            ..self.clone()
        }
    }

    fn value(&self, name: &str, delegation: Delegation) -> Option<Value> {
        let text = |text: &Option<Text>| text.clone().map(Value::Str);
        match name {
            "ansible_connection" => match delegation {
                Delegation::No => text(&self.connection),
                Delegation::Yes => text(&self.transport),
            },
            "ansible_module_compression" => Some(Value::from("ZIP_DEFLATED")),
            "ansible_shell_executable" => Some(Value::from("/bin/sh")),
            "ansible_ssh_user" => text(&self.user),
            "ansible_ssh_port" => self.port.map(|port| Value::from(i64::from(port))),
            "ansible_ssh_timeout" => {
                self.timeout.and_then(|seconds| i64::try_from(seconds).ok()).map(Value::from)
            }
            "ansible_ssh_private_key_file" => text(&self.private_key),
            "ansible_ssh_pass" => text(&self.password),
            "ansible_ssh_pipelining" => {
                self.pipelining.map(|how| Value::Bool(how == Pipelining::On))
            }
            _ => None,
        }
    }
}

/// A number that is written as text is one under the other name.
fn as_number(first: &str, value: Value) -> Value {
    let number = match first {
        "ansible_ssh_port" | "ansible_ssh_timeout" => {
            value.as_str().and_then(|text| text.trim().parse().ok())
        }
        _ => None,
    };
    number.map_or(value, Value::Int)
}

/// Whether a task runs on another host than its own.
#[derive(Clone, Copy)]
enum Delegation {
    Yes,
    No,
}

impl TaskScope {
    /// The same while the task runs: it sees how its host is reached where nothing defines that. Stock adds that to the variables
    /// once it runs, so that names and loops don't see it, nor `hostvars` and `vars` (case `connection-variables`).
    #[must_use]
    pub fn reached(&self) -> TaskScope {
        TaskScope { reach: Some(Arc::clone(&self.layers.reach)), ..self.clone() }
    }

    /// The same, where templates say some of it.
    #[must_use]
    pub fn reached_by(&self, connection: Option<&str>, user: Option<&str>) -> TaskScope {
        let reach = self.layers.reach.with_keywords(connection, user);
        TaskScope { reach: Some(Arc::new(reach)), ..self.clone() }
    }

    /// The same, where it isn't seen.
    #[must_use]
    pub(crate) fn unreached(&self) -> TaskScope {
        TaskScope { reach: None, ..self.clone() }
    }

    /// What variables say of `pipelining`, if any does. The longer name counts first, as in stock's list.
    pub fn given_pipelining(&self) -> Option<Value> {
        let scope = self.unreached();
        scope.get("ansible_ssh_pipelining").or_else(|| scope.get("ansible_pipelining"))
    }

    /// The address that variables give the host, if any does.
    pub fn given_address(&self) -> Option<Value> {
        self.unreached().get("ansible_host")
    }

    /// The value of a name that tells how the host is reached, when nothing defines it.
    pub(crate) fn reach_of(&self, name: &str) -> Option<Value> {
        let reach = self.reach.as_ref().filter(|_| self.view == View::Task)?;
        if !name.starts_with("ansible_") {
            return None;
        }
        let names = TOLD.into_iter().find(|names| names.contains(&name))?;
        if self.original.is_some() {
            return self.reach_of_delegate(reach, name, names);
        }
        if name == "ansible_connection_user" {
            let local = self.delegate().is_none()
                && self.get("ansible_connection").is_some_and(|how| how.as_str() == Some("local"));
            return local.then(|| self.get("ansible_user")).flatten();
        }
        let (host, delegation) = match self.delegate() {
            Some(delegate) => (delegate.unreached(), Delegation::Yes),
            None => (self.unreached(), Delegation::No),
        };
        let defined = names.iter().find_map(|name| host.get(name).filter(|value| !value.is_none()));
        let first = names.first()?;
        defined.map(|value| as_number(first, value)).or_else(|| match *first {
            "ansible_ssh_host" => Some(host.address(delegation)),
            first => reach.value(first, delegation),
        })
    }

    /// What `ansible_delegated_vars` tell of it: less, and under one name each.
    fn reach_of_delegate(&self, reach: &Reach, name: &str, names: &[&str]) -> Option<Value> {
        let host = self.unreached();
        if names.iter().any(|name| host.get(name).is_some()) {
            return None;
        }
        match name {
            "ansible_host" => Some(Value::from(host.host().as_str())),
            "ansible_port" => {
                Some(reach.value("ansible_ssh_port", Delegation::Yes).unwrap_or_default())
            }
            "ansible_user" => {
                Some(reach.value("ansible_ssh_user", Delegation::Yes).unwrap_or_default())
            }
            _ => None,
        }
    }

    /// The names that tell it here.
    pub(crate) fn reach_names(&self, each: &mut dyn FnMut(&str)) {
        let names = TOLD.into_iter().flatten().filter(|name| self.reach_of(name).is_some());
        names.for_each(|name| each(name));
    }

    /// Where a host is that nothing tells the address of.
    fn address(&self, delegation: Delegation) -> Value {
        match (self.host().as_str(), delegation) {
            // The localhost that no inventory has.
            ("localhost", Delegation::No) if !self.variables.inventory.is_listed() => {
                Value::from("127.0.0.1")
            }
            (name, _) => Value::from(name),
        }
    }
}
