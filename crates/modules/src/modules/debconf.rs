//! `debconf`: an answer to a question of a package's is there, or what answers there are.

use nafal_base::{Dict, Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        required_together: &[&["question", "vtype", "value"]],
        ..Spec::new(
            "debconf",
            &[
                Argument::text("name").required().aliases(&["pkg"]),
                Argument::text("question").aliases(&["selection", "setting"]),
                Argument::text("vtype").choices(&[
                    "boolean",
                    "error",
                    "multiselect",
                    "note",
                    "password",
                    "seen",
                    "select",
                    "string",
                    "text",
                    "title",
                ]),
                Argument::new("value", Kind::Raw).aliases(&["answer"]),
                Argument::flag("unseen", false),
            ],
        )
    },
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let package = args.required_text("name");
    let present = answers(ctx, package)?;
    let outcome = Outcome::ok().with("msg", "");
    let (Some(question), Some(value)) = (args.text("question"), args.value("value")) else {
        return Ok(outcome.with("current", present));
    };
    let kind = args.required_text("vtype");
    let old = match kind {
        // What is shown of a password is that there is one.
        "password" if present.contains(question) => password(ctx, package, question)?,
        _ => present.get(question).cloned(),
    };
    // Choices are put in order where there are some already; what would be chosen first stays a list.
    let wanted = match (&old, kind) {
        (None, "multiselect") if ctx.is_check() => value.clone(),
        (None, "multiselect") => Value::from(texts(value)?.join(", ")),
        (Some(_), "multiselect") if value.as_list().is_some() => {
            orderable(value)?;
            let mut choices = texts(value)?;
            choices.sort();
            Value::from(choices.join(", "))
        }
        _ => text_of(kind, value),
    };
    let is_list = value.as_list().is_some();
    if old.as_ref().is_some_and(|old| *old == wanted || is_list && sorted(old) == sorted(&wanted)) {
        return Ok(outcome.with("current", present));
    }
    if !ctx.is_check() {
        set(args, ctx, (package, question, kind), &wanted)?;
    }
    // The first answer to a question is shown among all others, a later one alone.
    // A password that there was is told as `debconf-show` does: left out.
    let shown = present.get(question).cloned();
    let mut before = if shown.is_some() { Dict::new() } else { present };
    before.insert(question, shown.unwrap_or_else(|| Value::from("")));
    let mut after = before.clone();
    after.insert(question, wanted.clone());
    let current: Dict = [(question, wanted)].into_iter().collect();
    let mut outcome = outcome.changed_if(true).with("current", current);
    if ctx.wants_diff() {
        let sides = [("before", before.clone()), ("after", after)];
        let difference: Dict =
            sides.into_iter().map(|(side, answers)| (side, Value::Dict(answers))).collect();
        outcome = outcome.with("diff", difference);
    }
    outcome = outcome.with("previous", before);
    Ok(outcome)
}

/// Booleans in small letters.
fn text_of(kind: &str, value: &Value) -> Value {
    match (kind, value) {
        ("boolean", Value::Bool(_)) => Value::from(value.to_text().to_lowercase()),
        ("boolean", Value::Str(text)) if matches!(text.as_str(), "True" | "False") => {
            Value::from(text.as_str().to_lowercase())
        }
        _ => value.clone(),
    }
}

/// Choices that are texts, all of them.
fn texts(value: &Value) -> Result<Vec<String>> {
    let items = value.as_list().into_iter().flatten();
    match items.enumerate().find(|(_, item)| item.as_str().is_none()) {
        Some((at, item)) => Err(refused(&format!(
            "sequence item {at}: expected str instance, {} found",
            item.type_name()
        ))),
        None => Ok(choices(value)),
    }
}

/// Python puts no text in order with what is none; its words name the later of the two first.
fn orderable(value: &Value) -> Result<()> {
    let items: Vec<&Value> = value.as_list().into_iter().flatten().collect();
    let text = |item: &Value| item.as_str().is_some();
    match items.windows(2).find(|pair| text(pair[0]) != text(pair[1])) {
        Some(pair) => Err(refused(&format!(
            "'<' not supported between instances of '{}' and '{}'",
            pair[1].type_name(),
            pair[0].type_name()
        ))),
        None => Ok(()),
    }
}

fn refused(why: &str) -> Failure {
    Failure::new(format!("Invalid value provided for 'multiselect': {why}"))
}

fn choices(value: &Value) -> Vec<String> {
    match value {
        Value::List(items) => items.iter().map(|item| item.to_text().into_owned()).collect(),
        text => text.to_text().split(", ").map(str::to_owned).collect(),
    }
}

fn sorted(value: &Value) -> Vec<String> {
    let mut choices = choices(value);
    choices.sort();
    choices
}

/// What `debconf-show` says: `* question: answer`.
fn answers(ctx: &Ctx, package: &str) -> Result<Dict> {
    let words: &[&str] = if package.is_empty() { &[] } else { &[package] };
    let gave = ctx.run_tool(&ctx.tool("debconf-show")?, words)?;
    if gave.code != 0 {
        return Err(Failure::new(gave.stderr));
    }
    Ok(read(&gave.stdout))
}

fn read(shown: &str) -> Dict {
    let lines = shown.lines().filter_map(|line| line.split_once(':'));
    lines
        .map(|(question, answer)| {
            (question.trim_matches(['*', ' ']).to_owned(), Value::from(answer.trim()))
        })
        .collect()
}

/// The password itself, which another tool has to tell.
fn password(ctx: &Ctx, package: &str, question: &str) -> Result<Option<Value>> {
    let gave = ctx.run_tool(&ctx.tool("debconf-get-selections")?, &[] as &[&str])?;
    let fields = gave.stdout.lines().map(|line| line.splitn(4, '\t').collect::<Vec<_>>());
    let mut found = fields.filter(|fields| fields.len() == 4);
    let found = found.find(|fields| fields[0] == package && fields[1] == question);
    Ok(Some(found.map_or_else(|| Value::from(""), |fields| Value::from(fields[3]))))
}

fn set(
    args: &Arguments,
    ctx: &Ctx,
    (package, question, kind): (&str, &str, &str),
    wanted: &Value,
) -> Result<()> {
    let tool = ctx.tool("debconf-set-selections")?;
    let Value::Str(text) = wanted else {
        // Stock's own words for an answer that is no text.
        let words = format!("sequence item 3: expected str instance, {} found", wanted.type_name());
        return Err(Failure::raised([words]));
    };
    let words: &[&str] = if args.is("unseen") { &["-u"] } else { &[] };
    let line = format!("{package} {question} {kind} {text}\n");
    let gave = ctx.feed_tool(&tool, words, Some(line.as_bytes()))?;
    if gave.code == 0 { Ok(()) } else { Err(Failure::new(gave.stderr)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_as_they_are_shown() {
        let answers = read("* nf/a: hello  world \n  nf/b: true\n* nf/c:\n* nf/d: a: b\n");
        let text = |name: &str| answers.get(name).and_then(|value| value.as_str());
        assert_eq!(text("nf/a"), Some("hello  world"));
        assert_eq!(text("nf/b"), Some("true"));
        assert_eq!(text("nf/c"), Some(""));
        assert_eq!(text("nf/d"), Some("a: b"));
    }

    #[test]
    fn answers_as_texts() {
        assert_eq!(text_of("boolean", &true.into()), Value::from("true"));
        assert_eq!(text_of("boolean", &"no".into()), Value::from("no"));
        assert_eq!(sorted(&"b, a".into()), sorted(&"a, b".into()));
        assert_eq!(texts(&vec!["b", "a"].into()).unwrap(), ["b", "a"]);
        assert!(texts(&vec![Value::from("b"), Value::from(1)].into()).is_err());
        assert!(orderable(&vec![Value::from(1), Value::from("b")].into()).is_err());
    }
}
