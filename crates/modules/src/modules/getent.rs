//! `getent`: what the name service says, as facts.

use nafal_base::{Dict, Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "getent",
        &[
            Argument::text("database").required(),
            Argument::text("key"),
            Argument::text("service"),
            Argument::text("split"),
            Argument::flag("fail_key", true),
        ],
    ),
    run,
};

/// Databases with colons between fields; the others have blanks.
const WITH_COLONS: [&str; 4] = ["passwd", "shadow", "group", "gshadow"];
const MISSING: &str = "One or more supplied key could not be found in the database.";

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let database = args.required_text("database");
    let key = args.text("key");
    let tool = ctx.tool("getent")?;
    if args.text("split") == Some("") {
        return Err(Failure::new("Invalid split value. The value must be a non-empty string"));
    }
    let service = args.text("service").map(|service| ["-s", service]);
    let words: Vec<&str> =
        [database].into_iter().chain(key).chain(service.into_iter().flatten()).collect();
    let gave = ctx.run_tool(&tool, &words)?;
    let facts = |found: Dict| {
        let facts: Dict =
            [(format!("getent_{database}"), Value::Dict(found))].into_iter().collect();
        Outcome::ok().with("ansible_facts", facts)
    };
    match gave.code {
        0 => {
            let colons = WITH_COLONS.contains(&database).then_some(":");
            Ok(facts(fields(&gave.stdout, args.text("split").or(colons))?))
        }
        1 => Err(Failure::new("Missing arguments, or database unknown.")),
        2 if args.is("fail_key") => Err(Failure::new(MISSING)),
        2 => {
            let nothing = [(key.unwrap_or("null"), Value::None)].into_iter().collect();
            Ok(facts(nothing).with("msg", MISSING))
        }
        3 => Err(Failure::new("Enumeration not supported on this database.")),
        _ => Err(Failure::new("Unexpected failure!")),
    }
}

/// Each line's fields by its first one; where several lines have the same first one, a list of theirs.
fn fields(text: &str, split: Option<&str>) -> Result<Dict> {
    let mut all = Dict::new();
    let mut several: Vec<String> = Vec::new();
    for line in text.lines() {
        let mut words: Vec<&str> = match split {
            Some(split) => line.split(split).collect(),
            None => line.split_whitespace().collect(),
        };
        if words.is_empty() {
            // Stock's own words for a line of blanks.
            return Err(Failure::raised(["list index out of range"]));
        }
        let first = words.remove(0);
        let rest = Value::from(words);
        let value = match all.get(first).cloned() {
            None => rest,
            Some(Value::List(present)) if several.iter().any(|name| name == first) => {
                Value::from(present.iter().cloned().chain([rest]).collect::<Vec<Value>>())
            }
            Some(present) => {
                several.push(first.to_owned());
                Value::from(vec![present, rest])
            }
        };
        all.insert(first, value);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_key() {
        let found = fields("a:1:\nb:2\na:3\na\n", Some(":")).unwrap();
        let lists = |items: &[&[&str]]| {
            Value::from(items.iter().map(|item| Value::from(item.to_vec())).collect::<Vec<_>>())
        };
        assert_eq!(found.get("a"), Some(&lists(&[&["1", ""], &["3"], &[]])));
        assert_eq!(found.get("b"), Some(&Value::from(vec!["2"])));
        let found = fields("10.1.1.1    x  y\n", None).unwrap();
        assert_eq!(found.get("10.1.1.1"), Some(&Value::from(vec!["x", "y"])));
        assert!(fields("a\n\n", None).is_err());
    }
}
