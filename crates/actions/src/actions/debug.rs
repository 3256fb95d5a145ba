//! `debug`: shows a message or a variable.

use nafal_base::{Cause, Diagnostic, Dict, List, Outcome, Text, Value};
use nafal_templating::ErrorKind;

use crate::arguments::Arguments;
use crate::context::ActionContext;
use crate::effect::{Failure, Performed};

/// What it takes.
pub(crate) const SUPPORTED: &[&str] = &["msg", "var", "verbosity"];

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Result<Performed, Performed> {
    let args = Arguments::check("debug", args, SUPPORTED)?;
    if args.get("msg").is_some() && args.get("var").is_some() {
        return Err(Performed::refused("parameters are mutually exclusive: msg|var"));
    }
    if let Some(verbosity) = args.get("verbosity") {
        let wanted = verbosity.as_int().or_else(|| verbosity.to_text().trim().parse().ok());
        let Some(wanted) = wanted else {
            return Err(Performed::refused(&format!(
                "argument 'verbosity' is of type {} and we were unable to convert to int: {} cannot be converted to an int",
                verbosity.type_name(),
                nafal_base::value::string_repr(&verbosity.repr()),
            )));
        };
        if wanted > i64::from(context.verbosity) {
            return Ok(Outcome::skipped()
                .with("skipped_reason", "Verbosity threshold not met.")
                .into());
        }
    }
    let shown = match args.get("var") {
        Some(Value::Str(expression)) => show(context, expression)?,
        Some(other) => return Err(not_a_string(other)),
        // An empty message is none: only its absence says hello.
        None if args.has("msg") && args.get("msg").is_none() => {
            Outcome::ok().with("msg", Value::None)
        }
        None => {
            let message = args.get("msg").cloned().unwrap_or_else(|| Value::from("Hello world!"));
            Outcome::ok().with("msg", message)
        }
    };
    Ok(shown.with("_ansible_verbose_always", true).into())
}

fn not_a_string(value: &Value) -> Performed {
    Performed::refused(&format!(
        "argument 'var' is of type {} and we were unable to convert to _check_type_str_no_conversion: '{}' is not a string and conversion is not allowed",
        value.type_name(),
        value.to_text(),
    ))
}

const RESOLVING: &str = "Error while resolving `var` expression";
const NOT_OMITTED: &str =
    "The result of the `var` expression could not be omitted; a placeholder was used instead.";

/// What a template or a target gave isn't evaluated.
fn untrusted(context: &ActionContext<'_>, expression: &Text) -> Performed {
    // What a template gave has no place: the template's is shown.
    let written = match context.written.get("var") {
        Some(Value::Str(text)) => text.span(),
        _ => None,
    };
    let span = expression.span().or(written);
    let cause = |message: &str, hint: Option<&str>| nafal_base::Cause {
        message: message.to_owned(),
        span: span.cloned(),
        hint: hint.map(str::to_owned),
    };
    let hint = "Templates and expressions must be defined by trusted sources such as playbooks or roles, not untrusted sources such as module results.";
    Performed::from_causes(vec![
        cause(RESOLVING, None),
        cause("Encountered untrusted template or expression.", Some(hint)),
    ])
}

/// The expression's value under its own text. Something undefined in it doesn't fail: what can't
/// be told stands there as text, and a warning says why.
fn show(context: &ActionContext<'_>, expression: &Text) -> Result<Outcome, Performed> {
    if !expression.is_trusted() {
        return Err(untrusted(context, expression));
    }
    let (value, mut warnings) = context.renderer.expression_marked(expression);
    let value = match value {
        Err(error) if matches!(error.kind(), ErrorKind::Omit) => {
            warnings.push(Diagnostic::warning(NOT_OMITTED).at(expression.span().cloned()));
            Ok(Value::from("<<Omit>>"))
        }
        value => value,
    };
    let texts: List =
        warnings.iter().map(|warning| Value::from(warning.message.as_str())).collect();
    warnings.into_iter().for_each(|warning| context.effects.tell(warning));
    let value = value.map_err(|error| {
        let span = expression.span();
        let (first, mut causes) = match Performed::from(error).failure {
            Failure::Raised(causes) if causes.first().is_some_and(|c| c.span.as_ref() == span) => {
                let message = format!("{RESOLVING}: {}", causes[0].message);
                (message, causes[1..].to_vec())
            }
            Failure::Raised(causes) => (RESOLVING.to_owned(), causes),
            Failure::Action | Failure::Module | Failure::Broken(_) | Failure::Silent => {
                (RESOLVING.to_owned(), Vec::new())
            }
        };
        causes.insert(0, Cause { message: first, span: span.cloned(), hint: None });
        Performed::from_causes(causes)
    })?;
    let outcome = Outcome::ok().with(&**expression, value);
    // What was told is registered too.
    Ok(if texts.is_empty() { outcome } else { outcome.with("warnings", Value::List(texts)) })
}
