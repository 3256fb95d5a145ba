//! Variables of hosts and groups as sources set them.

use nafal_base::{Dict, Key, Value};

use super::{Data, GroupId, HostId};

impl Data {
    pub fn set_host_variable(&mut self, host: HostId, key: impl Into<Key>, value: Value) {
        let hashes = self.rules.hashes;
        hashes.set(&mut self.host_mut(host).vars, key.into(), value);
    }

    /// Sets several; a host without any shares the dict.
    pub fn set_host_variables(&mut self, host: HostId, vars: &Dict) {
        let hashes = self.rules.hashes;
        hashes.lay_over(&mut self.host_mut(host).vars, vars);
    }

    pub fn set_group_variable(&mut self, group: GroupId, key: impl Into<Key>, value: Value) {
        let hashes = self.rules.hashes;
        let (group, key) = (self.group_mut(group), key.into());
        if key.as_str() == Some("ansible_group_priority")
            && let Some(priority) = priority(&value)
        {
            group.priority = priority;
        }
        hashes.set(&mut group.vars, key, value);
    }
}

/// A priority as Python's `int()` would take it.
fn priority(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Str(text) => text.trim().parse().ok(),
        _ => None,
    }
}
