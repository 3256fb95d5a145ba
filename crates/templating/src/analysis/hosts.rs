//! What holds all facts or all variables of a host, and what is read of it by name. Must not know why anybody asks.

use nafal_base::{Text, Value};

use crate::ast::{Expr, FilterCall, Name};
use crate::registry::short_name;

/// What an expression is, all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// The facts of a host.
    Facts,
    /// The variables of another host.
    Host,
    /// All hosts with their variables.
    Hosts,
    /// The variables of this one.
    Variables,
}

/// Methods of a dict: `facts.get(name)` reads anything.
const METHODS: [&str; 11] = [
    "get",
    "items",
    "keys",
    "values",
    "copy",
    "pop",
    "popitem",
    "update",
    "setdefault",
    "clear",
    "fromkeys",
];

/// Whether a dict's attribute of this name is a method.
pub(super) fn is_method(name: &str) -> bool {
    METHODS.contains(&name)
}

/// What this is, if it is one of them.
pub(super) fn whole(expr: &Expr) -> Option<Whole> {
    match expr {
        Expr::Name(name) => match &**name {
            "ansible_facts" => Some(Whole::Facts),
            "hostvars" => Some(Whole::Hosts),
            "vars" => Some(Whole::Variables),
            _ => None,
        },
        Expr::Attribute(value, name) => inside(value, Some(name)),
        Expr::Item(pair) => inside(&pair.0, constant(&pair.1).map(Text::as_str)),
        _ => None,
    }
}

fn inside(value: &Expr, name: Option<&str>) -> Option<Whole> {
    match (whole(value), name) {
        (_, Some("ansible_facts")) => Some(Whole::Facts),
        (Some(Whole::Hosts), Some(name)) if is_method(name) => None,
        (Some(Whole::Hosts), _) => Some(Whole::Host),
        _ => None,
    }
}

/// The text that this always is.
pub(super) fn constant(expr: &Expr) -> Option<&Text> {
    match expr {
        Expr::Const(Value::Str(text)) => Some(text),
        _ => None,
    }
}

/// What `extract` takes from hosts.
pub(super) struct Extracted {
    /// A fact of theirs.
    pub fact: Option<Name>,
    /// A variable of theirs.
    pub variable: Option<Name>,
}

/// What this takes from hosts by name: `map('extract', hostvars, ['ansible_facts', 'name'])`.
pub(super) fn extracted(call: &FilterCall) -> Option<Extracted> {
    let positional = &call.arguments.positional[..];
    let rest = match (short_name(&call.name), positional) {
        ("map", [name, rest @ ..]) if constant(name)?.as_str() == "extract" => rest,
        ("extract", rest) => rest,
        _ => return None,
    };
    let [hosts, path] = rest else { return None };
    if whole(hosts) != Some(Whole::Hosts) {
        return None;
    }
    let path: Vec<&str> = match path {
        Expr::List(items) => items.iter().map(|item| constant(item).map(Text::as_str)).collect(),
        Expr::Const(Value::List(items)) | Expr::Container(Value::List(items)) => {
            items.iter().map(Value::as_str).collect()
        }
        name => Some(vec![constant(name)?.as_str()]),
    }?;
    match path[..] {
        ["ansible_facts", fact, ..] => Some(Extracted { fact: Some(fact.into()), variable: None }),
        ["ansible_facts"] | [] => None,
        [variable, ..] => Some(Extracted { fact: None, variable: Some(variable.into()) }),
    }
}
