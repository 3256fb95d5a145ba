//! `add_host`: a host for the rest of the run, with groups and variables. Runs once, for the first
//! of the hosts.

use nafal_base::{Dict, Outcome, Value};
use nafal_variables::parse_address;

use crate::context::ActionContext;
use crate::effect::{Effect, Performed};

/// Names of the host, the strongest first.
const NAMES: &[&str] = &["name", "hostname", "host"];
/// Names of its groups.
const GROUPS: &[&str] = &["groupname", "groups", "group"];
/// What isn't a variable of the host. Stock leaves `host` and `group` among the variables.
const NOT_VARIABLES: &[&str] = &["name", "hostname", "groupname", "groups"];

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, &args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: &Dict) -> Result<Performed, Performed> {
    let args = &with_mapping(args);
    if context.raw.as_ref().is_some_and(|raw| !raw.is_empty()) {
        return Err(Performed::refused(
            "Invalid raw parameters passed, requires a dictionary/mapping got a  <class 'ansible.module_utils._internal._datatag._AnsibleTaggedStr'>",
        ));
    }
    let given = |names: &[&str]| names.iter().find_map(|name| args.get(name)).cloned();
    let Some(name) = given(NAMES).filter(Value::is_true) else {
        return Err(Performed::refused("name, host or hostname needs to be provided"));
    };
    let Value::Str(name) = name else {
        let message = format!("a host's name must be text, not '{}'", name.type_name());
        return Err(Performed::raised(message, None, None));
    };
    let (host, port) = parse_address(&name).unwrap_or((&name, None));
    let groups = groups_of(context, given(GROUPS))?;
    let mut variables: Dict = args
        .iter()
        .filter(|(key, _)| key.as_str().is_none_or(|key| !NOT_VARIABLES.contains(&key)))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if let Some(port) = port {
        variables.insert("ansible_ssh_port", Value::from(port));
    }
    let mut told = Dict::new();
    told.insert("host_name", Value::from(host));
    told.insert("groups", Value::from(groups.clone()));
    told.insert("host_vars", Value::Dict(variables.clone()));
    let outcome = Outcome::changed().with("add_host", Value::Dict(told));
    let effect = Effect::AddHost { name: host.to_owned(), groups, variables };
    Ok(Performed::from(outcome).effect(effect))
}

/// The arguments over those of a template that gives a mapping (case `action-forms-mapping`).
fn with_mapping(args: &Dict) -> Dict {
    let mut own = args.clone();
    let Some(Value::Dict(mut all)) = own.remove("_raw_params") else { return own };
    all.lay_over(&own);
    all
}

fn groups_of(
    context: &ActionContext<'_>,
    written: Option<Value>,
) -> Result<Vec<String>, Performed> {
    let all: Vec<String> = match written.filter(Value::is_true) {
        None => Vec::new(),
        Some(Value::List(items)) => items.iter().map(|item| item.to_text().into_owned()).collect(),
        Some(Value::Str(text)) => text.split(',').map(|name| name.trim().to_owned()).collect(),
        Some(_) => {
            let message = "Groups must be specified as a list.";
            let span = GROUPS.iter().find_map(|name| context.written.get(name)?.span().cloned());
            let mut refused = Performed::raised(message, span, None);
            refused.outcome = Outcome::failed(message);
            return Err(refused);
        }
    };
    let mut groups: Vec<String> = Vec::new();
    for name in all {
        if !name.is_empty() && !groups.contains(&name) {
            groups.push(name);
        }
    }
    Ok(groups)
}
