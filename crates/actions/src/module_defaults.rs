//! `module_defaults`: the arguments that an action or module takes where its task doesn't say
//! them. Must not know what the arguments mean.

use nafal_base::{Cause, Dict, Value};
use nafal_plugins::{ActionGroup, Finder};
use nafal_templating::{Error, Renderer};

use crate::effect::Performed;
use crate::table::{self, ActionKind, full_name};

/// Groups of ansible-core's own, by their short names, for whoever doesn't have it: all of them hold modules of
/// collections.
const GROUPS: [&str; 11] =
    ["acme", "aws", "azure", "cpm", "docker", "gcp", "k8s", "os", "ovirt", "vmware", "testlegacy"];

/// The group of this full name.
pub fn defaults_group(finder: &Finder, name: &str) -> Option<ActionGroup> {
    let own = name.strip_prefix("ansible.builtin.").is_some_and(|short| GROUPS.contains(&short));
    finder.action_group(name).or_else(|| own.then(ActionGroup::default))
}

/// What an action's name stands for: `ansible.builtin.copy`, `ns.col.name`, or the short name of what the
/// user brings in `library` or `action_plugins`.
pub fn resolved_name(finder: &Finder, name: &str) -> String {
    let legacy = name.strip_prefix("ansible.legacy.").unwrap_or(name);
    let short = legacy.strip_prefix("ansible.builtin.").unwrap_or(legacy);
    if short.contains('.') {
        return full_name(name);
    }
    let action = table::find(short);
    let users = finder.in_library(name).is_some_and(|module| match action.map(|it| it.kind) {
        None | Some(ActionKind::Module) => true,
        Some(ActionKind::Here(_)) => module.action_plugin.is_some(),
        Some(ActionKind::Flow) => false,
    });
    match action {
        _ if users => short.to_owned(),
        Some(_) => full_name(short),
        None => finder.core_name(short).unwrap_or_else(|| name.to_owned()),
    }
}

/// The names by which defaults of an action count: those of the user's own count for ansible-core's of the same
/// name, too.
pub fn default_names(finder: &Finder, name: &str) -> Vec<String> {
    let found = finder.resolve_default(name).unwrap_or_else(|_| name.to_owned());
    let resolved = resolved_name(finder, &found);
    let known = (!resolved.contains('.')).then(|| table::find(&resolved)).flatten();
    let own = known.map(|action| full_name(action.name));
    own.into_iter().chain([resolved]).collect()
}

/// The keys of one level as what they stand for.
pub fn with_resolved_names(finder: &Finder, level: &Value) -> Value {
    let Value::Dict(dict) = level else { return level.clone() };
    let mut resolved = Dict::with_capacity(dict.len());
    for (key, value) in dict {
        let Some(name) = key.as_str() else { continue };
        let names = match name.strip_prefix("group/") {
            Some(group) if group.split('.').count() < 3 => {
                vec![format!("group/ansible.builtin.{group}")]
            }
            Some(_) => vec![name.to_owned()],
            None => default_names(finder, name),
        };
        for name in names {
            resolved.insert(name, value.clone());
        }
    }
    Value::Dict(resolved)
}

/// Whether an action (by its full name) is in a group.
fn is_in_group(finder: &Finder, group: &str, action: &str) -> bool {
    let named = |name: &str| {
        let name = finder.resolve_default(name).ok()?;
        let is_there = table::is_known(&name) || finder.find(&name).is_some();
        is_there.then(|| resolved_name(finder, &name))
    };
    finder.group_members(group, named).contains(action)
}

/// The defaults of an action with this full name: those of its groups, then its own. Of several levels' the innermost
/// counts, as a whole: they aren't mixed.
pub fn defaults_of(
    levels: &[Value],
    action: &str,
    finder: &Finder,
    renderer: &Renderer<'_>,
) -> Result<Dict, Vec<Cause>> {
    let is_wanted = |key: &str| match key.strip_prefix("group/") {
        Some(group) => is_in_group(finder, group, action),
        None => key == action,
    };
    let mut found = merged(levels, is_wanted);
    // The action's own count last, wherever they stand.
    found.sort_by_key(|(key, _)| !key.starts_with("group/"));
    let mut defaults = Dict::new();
    for (_, written) in found {
        defaults.lay_over(&rendered(written, renderer)?);
    }
    Ok(defaults)
}

/// What the levels say by names that are wanted. One that is said again keeps its place (case
/// `module-defaults-groups`).
fn merged(levels: &[Value], is_wanted: impl Fn(&str) -> bool) -> Vec<(&str, &Value)> {
    let mut found: Vec<(&str, &Value)> = Vec::new();
    for (key, value) in levels.iter().filter_map(Value::as_dict).flatten() {
        let Some(name) = key.as_str().filter(|name| is_wanted(name)) else { continue };
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some(entry) => entry.1 = value,
            None => found.push((name, value)),
        }
    }
    found
}

/// Defaults as written, or as their own template gives them.
fn rendered(written: &Value, renderer: &Renderer<'_>) -> Result<Dict, Vec<Cause>> {
    let raised = |error: Error| match Performed::from(error).failure {
        crate::effect::Failure::Raised(mut causes) => {
            if let Some(first) = causes.first_mut() {
                first.span = first.span.take().or_else(|| written.span().cloned());
            }
            causes
        }
        _ => Vec::new(),
    };
    match written {
        Value::Dict(dict) => Ok(dict.clone()),
        Value::Str(_) => {
            let value = renderer.render(written).map_err(raised)?;
            as_dict(&value).map_err(refused)
        }
        other => as_dict(other).map_err(refused),
    }
}

fn refused(message: String) -> Vec<Cause> {
    vec![Cause { message, span: None, hint: None }]
}

/// What Python's `dict.update` takes, or what it says.
fn as_dict(value: &Value) -> Result<Dict, String> {
    match value {
        Value::Dict(dict) => Ok(dict.clone()),
        Value::Str(text) if text.is_empty() => Ok(Dict::new()),
        Value::Str(_) => {
            Err("dictionary update sequence element #0 has length 1; 2 is required".to_owned())
        }
        Value::List(items) if items.is_empty() => Ok(Dict::new()),
        Value::List(_) => {
            Err("cannot convert dictionary update sequence element #0 to a sequence".to_owned())
        }
        Value::None => Err("'NoneType' object is not iterable".to_owned()),
        Value::Int(_) => Err("'_AnsibleTaggedInt' object is not iterable".to_owned()),
        Value::Float(_) => Err("'_AnsibleTaggedFloat' object is not iterable".to_owned()),
        other => Err(format!("'{}' object is not iterable", other.type_name())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(pairs: &[(&str, i64)]) -> Value {
        Value::Dict(pairs.iter().map(|(key, number)| (*key, Value::Int(*number))).collect())
    }

    #[test]
    fn the_innermost_counts() {
        let levels = [level(&[("a.b.one", 1), ("group/x", 2)]), level(&[("a.b.one", 3), ("y", 4)])];
        let found = merged(&levels, |name| name != "y");
        assert_eq!(found, [("a.b.one", &Value::Int(3)), ("group/x", &Value::Int(2))]);
    }

    #[test]
    fn names_and_groups() {
        let finder = Finder::new(nafal_plugins::Places::default());
        assert_eq!(resolved_name(&finder, "ansible.legacy.copy"), "ansible.builtin.copy");
        assert_eq!(default_names(&finder, "yum"), ["ansible.builtin.dnf"]);
        let written = level(&[("group/aws", 1), ("ping", 2)]);
        let resolved = level(&[("group/ansible.builtin.aws", 1), ("ansible.builtin.ping", 2)]);
        assert_eq!(with_resolved_names(&finder, &written), resolved);
        assert!(defaults_group(&finder, "ansible.builtin.aws").is_some());
        assert!(defaults_group(&finder, "a.b.aws").is_none());
    }
}
