//! Variables of hosts and groups as sources set them.

use nafal_base::{Diagnostic, Dict, Key, Severity, Source, Span, Text, Value};
use nafal_parser::valid_name;

use super::{Data, GroupId, HostId};

impl Data {
    pub fn set_host_variable(&mut self, host: HostId, key: impl Into<Key>, value: Value) {
        let (hashes, key) = (self.rules.hashes, key.into());
        self.check_name(&key);
        hashes.set(&mut self.host_mut(host).vars, key, value);
    }

    /// Sets several; a host without any shares the dict.
    pub fn set_host_variables(&mut self, host: HostId, vars: &Dict) {
        let hashes = self.rules.hashes;
        vars.keys().for_each(|key| self.check_name(key));
        hashes.lay_over(&mut self.host_mut(host).vars, vars);
    }

    pub fn set_group_variable(&mut self, group: GroupId, key: impl Into<Key>, value: Value) {
        let (hashes, key) = (self.rules.hashes, key.into());
        self.check_name(&key);
        let group = self.group_mut(group);
        if key.as_str() == Some("ansible_group_priority")
            && let Some(priority) = priority(&value)
        {
            group.priority = priority;
        }
        hashes.set(&mut group.vars, key, value);
    }

    /// Notes that a variable can't be named so. Hosts that share a line share the note.
    fn check_name(&mut self, key: &Key) {
        let Some(odd) = &mut self.odd_names else { return };
        if key.as_str().is_some_and(valid_name) {
            return;
        }
        let shown = key.value().repr();
        let unknown = || Span::whole(&Source::new("<unknown>", &*key.value().to_text()));
        let place = key.as_text().and_then(Text::span).cloned().unwrap_or_else(unknown);
        let message = format!(
            "Accepting inventory variable with invalid name {shown}. This feature will be removed \
             from ansible-core version 2.23."
        );
        let hint = "Variable names must be strings starting with a letter or underscore character, \
                    and contain only letters, numbers and underscores.";
        let diagnostic = Diagnostic::new(Severity::Deprecation, message).at(place).hint(hint);
        if odd.last() != Some(&diagnostic) {
            odd.push(diagnostic);
        }
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
