//! Conditions: bare expressions that must give a bool, as stock has it since 2.19.

use std::sync::Arc;

use nafal_base::{Diagnostic, Scope, Span, Text, Value};

use crate::analysis;
use crate::ast::Template;
use crate::compile::{self, Part};
use crate::error::{Error, ErrorKind};
use crate::eval::{Frame, check_known, finalize};
use crate::number_place;
use crate::session::{Session, recursion, wrap};

/// Stock's advice for conditions that are at fault themselves.
const BROKEN: &str = "Broken conditionals can be temporarily allowed with the `ALLOW_BROKEN_CONDITIONALS` configuration option.";

const SURROUNDED: &str =
    "Conditionals should not be surrounded by templating delimiters such as {{ }} or {% %}.";

/// The same advice where they are allowed.
const ALLOWED: &str = "Broken conditionals are currently allowed because the `ALLOW_BROKEN_CONDITIONALS` configuration option is enabled.";

/// What is at fault in a condition: an error, or a warning where the settings allow it.
fn broken(
    session: &Session<'_>,
    error: &str,
    warning: &str,
    place: Option<&Span>,
) -> Result<(), Error> {
    let allowed = session.effects.setting("ALLOW_BROKEN_CONDITIONALS");
    if !allowed.is_some_and(|flag| flag.is_true()) {
        return Err(Error::new(error).hint(BROKEN));
    }
    let told = Diagnostic::deprecation(warning, "2.23");
    session.effects.tell(told.at(place.cloned()).hint(ALLOWED));
    Ok(())
}

/// Whether a condition, or all of a list of them, holds.
pub(crate) fn holds(
    session: &Session<'_>,
    condition: &Value,
    scope: &dyn Scope,
) -> Result<bool, Error> {
    match condition {
        Value::List(conditions) => {
            for condition in conditions {
                if !one(session, condition, scope)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        condition => one(session, condition, scope),
    }
}

/// Whether a condition alone holds.
pub(crate) fn one(
    session: &Session<'_>,
    condition: &Value,
    scope: &dyn Scope,
) -> Result<bool, Error> {
    let text = match condition {
        Value::Bool(flag) => return Ok(*flag),
        Value::Str(text) => text,
        Value::None => return empty(session, None),
        value => return not_text(session, value),
    };
    if !text.is_trusted() {
        return Err(untrusted().at(text.span().cloned()));
    }
    if text.trim().is_empty() {
        return empty(session, text.span());
    }
    evaluate(session, text, scope).map_err(|error| error.at(text.span().cloned()))
}

/// Nothing, which stock once took for true.
fn empty(session: &Session<'_>, place: Option<&Span>) -> Result<bool, Error> {
    let error = "Empty conditional expressions are not allowed.";
    let warning = "Empty conditional expression was evaluated as True.";
    broken(session, error, warning, place).map(|()| true).map_err(|error| error.at(place.cloned()))
}

fn evaluate(session: &Session<'_>, text: &Text, scope: &dyn Scope) -> Result<bool, Error> {
    let whole = whole_template(text);
    let (inner, trimmed);
    let text = if whole && text.trim().len() < text.len() {
        // Blanks around a template aren't part of the condition.
        trimmed = Text::trusted(text.trim(), text.span().cloned());
        &trimmed
    } else {
        text
    };
    let text = if whole {
        // A condition that is one template: what it gives is the condition.
        match finalize::refuse_omit(session.evaluate(text, scope)?)? {
            Value::Bool(flag) => {
                surrounded(session, text);
                return Ok(flag);
            }
            Value::Str(found) if found.is_trusted() || !found.trim().is_empty() => {
                if !found.is_trusted() {
                    return Err(untrusted().at(text.span().cloned()));
                }
                inner = found;
                &inner
            }
            Value::Undef(undefined) => {
                let cause = Error::undefined(&undefined);
                return Err(Error::new("Error while evaluating conditional.").caused_by(cause));
            }
            value => {
                if !matches!(value, Value::Str(_)) {
                    surrounded(session, text);
                }
                return result(session, &value, text.span(), text);
            }
        }
    } else {
        text
    };
    let value = expression(session, text, scope).map_err(|error| match error.kind() {
        ErrorKind::Undefined(_) => {
            Error::new("Error while evaluating conditional.").caused_by(error)
        }
        _ => error,
    })?;
    let value = finalize::refuse_omit(value)?;
    if matches!(value, Value::Int(_) | Value::Float(_) | Value::None)
        && let Ok(code) = compile::condition(text)
        && let Some(place) = number_place::of(&code.expr, scope)
    {
        return result(session, &value, Some(&place), text);
    }
    result(session, &value, text.span(), text)
}

/// A condition that is a template and gives no further condition (case `conditions-surrounded`).
fn surrounded(session: &Session<'_>, text: &Text) {
    let told = Diagnostic::deprecation(SURROUNDED, "2.23").at(text.span().cloned());
    session.effects.tell(told);
}

/// What a template or a target gave isn't evaluated.
fn untrusted() -> Error {
    Error::new("Encountered untrusted template or expression.").hint(
        "Templates and expressions must be defined by trusted sources such as playbooks or roles, not untrusted sources such as module results.",
    )
}

/// Whether the text is a template rather than an expression.
fn whole_template(text: &Text) -> bool {
    // There may be more of them between (case `conditions-nested-text`).
    let text = text.trim();
    text.starts_with("{{") && text.ends_with("}}") || text.starts_with("{%")
}

/// A condition that is no text.
fn not_text(session: &Session<'_>, value: &Value) -> Result<bool, Error> {
    let error = "Conditional expressions must be strings.";
    broken(session, error, &unsuitable(value, None), value.span())?;
    Ok(value.is_true())
}

/// A condition's value must be a bool; `place` is the value's unless it has its own.
fn result(
    session: &Session<'_>,
    value: &Value,
    place: Option<&Span>,
    written: &Text,
) -> Result<bool, Error> {
    if let Value::Bool(flag) = value {
        return Ok(*flag);
    }
    let told = unsuitable(value, place);
    broken(session, &told, &told, written.span())?;
    Ok(value.is_true())
}

fn unsuitable(value: &Value, place: Option<&Span>) -> String {
    let truth = if value.is_true() { "True" } else { "False" };
    let place = value.span().or(place).map_or_else(|| "<unknown>".to_owned(), ToString::to_string);
    format!(
        "Conditional result ({truth}) was derived from value of type '{}' at '{place}'. Conditionals must have a boolean result.",
        value.type_name()
    )
}

/// The value of a bare expression.
pub(crate) fn expression(
    session: &Session<'_>,
    text: &Text,
    scope: &dyn Scope,
) -> Result<Value, Error> {
    let code = compile::condition(text)?;
    check_known(session, &code.unknown, Part::Expression)?;
    let empty = Arc::new(Template::default());
    session
        .enter(|| {
            let frame = Frame::new(session, scope, text.span(), &empty);
            let names = || analysis::names_of_expression(&code.expr);
            code.advised.tell(session, scope, text.span(), names);
            let run = || finalize::finalize(session, frame.expr(&code.expr)?, scope);
            run().map_err(|error: Error| {
                wrap(error, "Error rendering expression.").at(text.span().cloned())
            })
        })
        .map_err(|error| error.unwrap_or_else(|| recursion(text)))
}
