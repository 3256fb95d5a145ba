//! `nafal explain`: a variable's value on a host, the definition that won, those that it shadows, and what a
//! template is made of. Must not know layers.

use std::sync::Arc;

use nafal_base::Value;
use nafal_base::value::json::{Style, to_json};
use nafal_engine::{Definition, Engine, Explanation, Question, Secrecy, shown_place};
use nafal_output::Stream;

use super::session::{Session, begin, close, warn};
use super::table::Call;
use crate::arguments::Explain;
use crate::failure::Failure;
use crate::vault_passwords;

/// What stands for a secret.
const HIDDEN: &str = "(from a vault, not shown)";

/// How much of a value a line shows.
const WIDTH: usize = 100;

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let mut session = match begin::<Explain>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let arguments = &session.arguments;
    let question = Question {
        name: arguments.variable.clone(),
        host: arguments.host.clone(),
        task: arguments.task.clone(),
    };
    let result = explained(&mut session, &question);
    let result = result.map(|explanation| {
        let text = if session.arguments.json {
            json(&question, &explanation)
        } else {
            text(&question, &explanation)
        };
        session.terminal.line(Stream::Out, None, text.trim_end_matches('\n'));
        // Scripts may ask whether a variable is there.
        u8::from(explanation.definitions.is_empty() && explanation.set_by.is_empty())
    });
    close(&mut session.terminal, result)
}

fn explained(session: &mut Session<Explain>, question: &Question) -> Result<Explanation, Failure> {
    let Session { arguments, settings, terminal } = session;
    let mut request = arguments.request();
    request.vault = vault_passwords::collect(&arguments.reading.vault, &settings.vault, terminal)?;
    let (engine, warnings) = Engine::load(&request, Arc::clone(settings))?;
    warn(terminal, &warnings);
    Ok(engine.explain(question)?)
}

fn text(question: &Question, explanation: &Explanation) -> String {
    let Question { name, host, .. } = question;
    let view = explanation
        .seen_by
        .as_ref()
        .map(|task| format!(", as \"{task}\" sees it"))
        .unwrap_or_default();
    let mut out = match &explanation.value {
        Some(Ok(_)) if explanation.secrecy == Secrecy::Secret => {
            format!("{name} on {host}{view}: {HIDDEN}\n")
        }
        Some(Ok(value)) => format!("{name} on {host}{view}: {}\n", shown(value)),
        Some(Err(reason)) => format!("{name} on {host}{view} can't be rendered: {reason}\n"),
        None => format!("{name} is not defined on {host}{view}\n"),
    };
    for (at, definition) in explanation.definitions.iter().enumerate() {
        let won = if at == 0 { "holds  " } else { "shadows" };
        out.push_str(&format!("  {won}  {}\n", of_definition(definition)));
    }
    if !explanation.ingredients.is_empty() {
        out.push_str("made of\n");
    }
    for ingredient in &explanation.ingredients {
        let indent = "  ".repeat(ingredient.depth);
        let what =
            ingredient.definition.as_ref().map_or_else(|| "not defined".to_owned(), of_definition);
        out.push_str(&format!("{indent}{}  {what}\n", ingredient.name));
    }
    for (task, span) in &explanation.set_by {
        let place =
            span.as_ref().map(|span| format!(" ({})", shown_place(span))).unwrap_or_default();
        out.push_str(&format!("set while running by \"{task}\"{place}\n"));
    }
    out
}

fn of_definition(definition: &Definition) -> String {
    let place = definition.span.as_ref().map(shown_place);
    let place = place.map(|place| format!("  {place}")).unwrap_or_default();
    let value = match definition.secrecy {
        Secrecy::Open => shown(&definition.written),
        Secrecy::Secret => HIDDEN.to_owned(),
    };
    format!("{:<28}{value}{place}", definition.layer)
}

fn shown(value: &Value) -> String {
    let text = value.repr();
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

fn json(question: &Question, explanation: &Explanation) -> String {
    let definitions: Vec<Value> = explanation.definitions.iter().map(definition_value).collect();
    let ingredients = explanation.ingredients.iter().map(|ingredient| {
        let definition = ingredient.definition.as_ref().map(definition_value).unwrap_or_default();
        Value::Dict(
            [
                ("name", Value::from(ingredient.name.as_str())),
                ("depth", Value::Int(i64::try_from(ingredient.depth).unwrap_or(i64::MAX))),
                ("definition", definition),
            ]
            .into_iter()
            .collect(),
        )
    });
    let ingredients: Vec<Value> = ingredients.collect();
    let set_by: Vec<Value> =
        explanation.set_by.iter().map(|(task, _)| Value::from(task.as_str())).collect();
    let is_secret = explanation.secrecy == Secrecy::Secret;
    let (value, error) = match &explanation.value {
        Some(Ok(_)) if is_secret => (Value::None, Value::None),
        Some(Ok(value)) => (value.clone(), Value::None),
        Some(Err(reason)) => (Value::None, Value::from(reason.as_str())),
        None => (Value::None, Value::None),
    };
    let all = [
        ("name", Value::from(question.name.as_str())),
        ("host", Value::from(question.host.as_str())),
        ("seen_by", explanation.seen_by.as_deref().map(Value::from).unwrap_or_default()),
        ("value", value),
        ("secret", Value::Bool(is_secret)),
        ("error", error),
        ("definitions", Value::from(definitions)),
        ("made_of", Value::from(ingredients)),
        ("set_by", Value::from(set_by)),
    ];
    to_json(&Value::Dict(all.into_iter().collect()), Style::indented(4).unicode())
}

fn definition_value(definition: &Definition) -> Value {
    let place = definition.span.as_ref().map(shown_place);
    let all = [
        ("layer", Value::from(definition.layer)),
        (
            "value",
            match definition.secrecy {
                Secrecy::Open => definition.written.clone(),
                Secrecy::Secret => Value::None,
            },
        ),
        ("secret", Value::Bool(definition.secrecy == Secrecy::Secret)),
        ("place", place.map(Value::from).unwrap_or_default()),
    ];
    Value::Dict(all.into_iter().collect())
}
