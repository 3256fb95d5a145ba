//! `module_defaults`: the arguments that an action or module takes where its task doesn't say
//! them. Must not know what the arguments mean.

use nafal_base::{Cause, Dict, Value};
use nafal_templating::{Error, Renderer};

use crate::effect::Performed;
use crate::table::full_name;

/// Groups of ansible-core's own, by their short names: all of them hold modules of collections.
const GROUPS: [&str; 11] =
    ["acme", "aws", "azure", "cpm", "docker", "gcp", "k8s", "os", "ovirt", "vmware", "testlegacy"];

/// Whether ansible-core has a group of this full name.
pub fn is_defaults_group(name: &str) -> bool {
    name.strip_prefix("ansible.builtin.").is_some_and(|short| GROUPS.contains(&short))
}

/// The defaults of an action with this full name, as written or as their own template gives them.
/// Of several levels' the innermost counts, as a whole: they aren't mixed.
pub fn defaults_of(
    levels: &[Value],
    action: &str,
    renderer: &Renderer<'_>,
) -> Result<Dict, Vec<Cause>> {
    let Some(written) = find(levels, action) else { return Ok(Dict::new()) };
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

fn find<'a>(levels: &'a [Value], action: &str) -> Option<&'a Value> {
    let of_level = |level: &'a Value| {
        let same = |key: &str| full_name(key) == action;
        let mut entries = level.as_dict()?.iter();
        entries.rfind(|(key, _)| key.as_str().is_some_and(same)).map(|(_, value)| value)
    };
    levels.iter().rev().find_map(of_level)
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
        let levels = [level(&[("debug", 1), ("copy", 2)]), level(&[("ansible.legacy.debug", 3)])];
        assert_eq!(find(&levels, "ansible.builtin.debug"), Some(&Value::Int(3)));
        assert_eq!(find(&levels, "ansible.builtin.copy"), Some(&Value::Int(2)));
        assert_eq!(find(&levels, "a.b.debug"), None);
    }

    #[test]
    fn groups() {
        assert!(is_defaults_group("ansible.builtin.aws"));
        assert!(!is_defaults_group("ansible.builtin.nosuch") && !is_defaults_group("a.b.aws"));
    }
}
