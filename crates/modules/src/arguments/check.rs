//! From what a task gave to checked arguments, step by step in stock's order, so that of several
//! faults the same one is told. Must not know any module.

use nafal_base::wire::IGNORE_UNKNOWN;
use nafal_base::{Dict, Value};

use super::checked::Arguments;
use super::convert::{FALSE_WORDS, TRUE_WORDS, convert};
use super::rules;
use crate::ctx::Ctx;
use crate::spec::{Argument, Default, Need, Spec};

/// Checks what a task gave; the error is the result's message.
pub fn check(spec: &Spec, given: &Dict, ctx: &Ctx) -> Result<Arguments, String> {
    let mut arguments = Arguments::default();
    let mut unknown = Vec::new();
    resolve_names(spec, given, ctx, &mut arguments, &mut unknown);
    if given.get(IGNORE_UNKNOWN).is_some_and(Value::is_true) {
        unknown.clear();
    }
    rules::mutually_exclusive(spec, &arguments)?;
    set_defaults(spec, ctx, &mut arguments);
    required(spec, &arguments)?;
    for argument in spec.all() {
        let Some(value) = arguments.values.get(argument.name) else {
            continue;
        };
        // A None that was given is converted too where a value or a default is expected.
        if !(value.is_none() && default_is_nothing(argument)) {
            let value = convert(argument, value, ctx)?;
            arguments.values.insert(argument.name, value);
        }
    }
    for argument in spec.all().filter(|argument| !argument.choices.is_empty()) {
        // A None that was given is none of the choices.
        let is_given = arguments.is_given(argument.name);
        let value =
            arguments.values.get(argument.name).filter(|value| is_given || !value.is_none());
        if let Some(meant) = value.map(|value| choose(argument, value))
            && let Some(choice) = meant?
        {
            arguments.values.insert(argument.name, Value::from(choice));
        }
    }
    rules::dependencies(spec, &arguments)?;
    if !unknown.is_empty() {
        return Err(unsupported(spec, unknown, ctx));
    }
    Ok(arguments)
}

fn resolve_names(
    spec: &Spec,
    given: &Dict,
    ctx: &Ctx,
    arguments: &mut Arguments,
    unknown: &mut Vec<String>,
) {
    for (key, value) in given {
        let name = key.value().to_text();
        match spec.argument(&name) {
            Some(argument) if argument.name == name => {
                // An alias that came before wins, as in stock.
                if !arguments.values.contains(argument.name) {
                    arguments.values.insert(argument.name, value.clone());
                }
                note_given(arguments, argument);
            }
            Some(argument) => {
                if given.contains(argument.name) {
                    let own = argument.name;
                    ctx.warn(format!("Both option {own} and its alias {name} are set."));
                }
                arguments.values.insert(argument.name, value.clone());
                let alias = argument.aliases.iter().find(|alias| **alias == name);
                arguments.aliases.extend(alias.map(|alias| (*alias, value.clone())));
                note_given(arguments, argument);
            }
            None => unknown.push(name.into_owned()),
        }
    }
}

fn note_given(arguments: &mut Arguments, argument: &Argument) {
    if !arguments.given.contains(&argument.name) {
        arguments.given.push(argument.name);
    }
}

fn set_defaults(spec: &Spec, ctx: &Ctx, arguments: &mut Arguments) {
    for argument in spec.all() {
        if !arguments.values.contains(argument.name) {
            let variable = argument.fallback.and_then(|name| ctx.env(name));
            let variable = variable.map(|text| Value::from(text.to_string_lossy().into_owned()));
            arguments
                .values
                .insert(argument.name, variable.unwrap_or_else(|| default_of(argument)));
        }
    }
}

fn default_of(argument: &Argument) -> Value {
    match argument.default {
        Default::Nothing => Value::None,
        Default::Bool(flag) => Value::Bool(flag),
        Default::Int(number) => Value::Int(number),
        Default::Float(number) => Value::Float(number),
        Default::Text(text) => Value::from(text),
        Default::Texts(texts) => Value::from(texts.to_vec()),
        Default::EmptyDict => Value::Dict(Dict::new()),
    }
}

fn required(spec: &Spec, arguments: &Arguments) -> Result<(), String> {
    let mut missing: Vec<&str> = spec
        .all()
        .filter(|argument| argument.need == Need::Required && !arguments.is_given(argument.name))
        .map(|argument| argument.name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    missing.sort_unstable();
    Err(format!("missing required arguments: {}", missing.join(", ")))
}

/// Whether a value is the choice: both as text, as stock compares what it has converted.
fn is_choice(value: &Value, choice: &str) -> bool {
    match value {
        Value::Str(text) => text == choice,
        other => other.to_text() == choice,
    }
}

/// Whether an argument that isn't given is nothing, so that a None that is given is let be.
pub(super) fn default_is_nothing(argument: &Argument) -> bool {
    argument.need == Need::Optional && argument.default == Default::Nothing
}

/// Checks a value that may only be one of some; gives the choice that is meant where that isn't the value itself.
pub(super) fn choose(argument: &Argument, value: &Value) -> Result<Option<&'static str>, String> {
    let choices = argument.choices.join(", ");
    if let Value::List(items) = value {
        let wrong: Vec<String> = items
            .iter()
            .filter(|item| !argument.choices.iter().any(|choice| is_choice(item, choice)))
            .map(|item| item.to_text().into_owned())
            .collect();
        if wrong.is_empty() {
            return Ok(None);
        }
        let (name, wrong) = (argument.name, wrong.join(", "));
        return Err(format!(
            "value of {name} must be one or more of: {choices}. Got no match for: {wrong}"
        ));
    }
    if argument.choices.iter().any(|choice| is_choice(value, choice)) {
        return Ok(None);
    }
    // YAML made a boolean of a word such as `no`: the only choice that means it is meant.
    let meant = match &*value.to_text() {
        "False" => only_choice(argument, FALSE_WORDS),
        "True" => only_choice(argument, TRUE_WORDS),
        _ => None,
    };
    meant.map(Some).ok_or_else(|| {
        format!("value of {} must be one of: {choices}, got: {}", argument.name, value.to_text())
    })
}

fn only_choice(argument: &Argument, words: &[&str]) -> Option<&'static str> {
    let mut choices = argument.choices.iter().filter(|choice| words.contains(choice));
    match (choices.next(), choices.next()) {
        (Some(choice), None) => Some(choice),
        _ => None,
    }
}

fn unsupported(spec: &Spec, mut unknown: Vec<String>, ctx: &Ctx) -> String {
    unknown.sort();
    // Names of our own are between the action and the module.
    let mut names: Vec<&str> = spec
        .all()
        .map(|argument| argument.name)
        .filter(|name| !name.starts_with("_nafal"))
        .collect();
    names.sort_unstable();
    let mut aliases: Vec<&str> =
        spec.all().flat_map(|argument| argument.aliases.iter().copied()).collect();
    aliases.sort_unstable();
    let aliases =
        if aliases.is_empty() { String::new() } else { format!(" ({})", aliases.join(", ")) };
    format!(
        "Unsupported parameters for ({}) module: {}. Supported parameters include: {}{aliases}.",
        ctx.module_name(),
        unknown.join(", "),
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use nafal_base::wire::Surroundings;

    use crate::spec::{Count, Kind, RequiredIf};

    const SPEC: Spec = Spec {
        mutually_exclusive: &[&["a", "b"]],
        required_if: &[RequiredIf {
            argument: "state",
            value: "file",
            needs: &["path"],
            count: Count::All,
        }],
        ..Spec::new(
            "example",
            &[
                Argument::path("path").aliases(&["dest", "name"]),
                Argument::text("state").choices(&["file", "no"]).or_text("no"),
                Argument::text("a"),
                Argument::text("b"),
                Argument::list("n", Kind::Int),
                Argument::flag("force", true),
            ],
        )
    };

    fn checked(given: &[(&str, Value)]) -> Result<Arguments, String> {
        let given = given.iter().map(|(key, value)| (*key, value.clone())).collect();
        check(&SPEC, &given, &Ctx::plain("example", Surroundings::default()))
    }

    #[test]
    fn values_are_converted() {
        let args = checked(&[("dest", "/x".into()), ("n", "1,2".into()), ("force", "no".into())]);
        let args = args.unwrap();
        assert_eq!(args.text("path"), Some("/x"));
        assert_eq!(args.list("n"), [Value::Int(1), Value::Int(2)]);
        assert!(!args.is("force") && args.is_given("path") && !args.is_given("state"));
        let args = checked(&[("state", false.into())]).unwrap();
        assert_eq!(args.text("state"), Some("no"));
    }

    #[test]
    fn faults_in_stocks_words() {
        for (given, message) in [
            (
                vec![("z", Value::from(1)), ("y", Value::from(1))],
                "Unsupported parameters for (example) module: y, z. Supported parameters include: \
                 a, b, force, n, path, state (dest, name).",
            ),
            (vec![("a", "1".into()), ("b", "2".into())], "parameters are mutually exclusive: a|b"),
            (vec![("state", "x".into())], "value of state must be one of: file, no, got: x"),
            (
                vec![("state", "file".into())],
                "state is file but all of the following are missing: path",
            ),
            (
                vec![("n", vec!["a"].into())],
                "Elements value for option 'n' is of type str and we were unable to convert to int: \
                 \"'a'\" cannot be converted to an int",
            ),
        ] {
            assert_eq!(checked(&given).unwrap_err(), message);
        }
    }
}
