//! What a template's nodes add up to: one node stays what it is, several become text.

use nafal_base::{Undefined, UndefinedReason, Value};

use super::imports::Module;
use super::{Frame, finalize};
use crate::error::Error;

/// The nodes so far.
#[derive(Debug, Default)]
pub(crate) enum Output {
    /// None yet.
    #[default]
    Nothing,
    /// One, as it is.
    One(Value),
    /// Several.
    Text(String),
    /// However many there are, each as it is.
    Kept(Vec<Value>),
}

impl Output {
    /// One node more. None counts for nothing.
    pub fn push(&mut self, frame: &Frame<'_>, value: Value) -> Result<(), Error> {
        if value.is_none() {
            return Ok(());
        }
        if let Value::Obj(object) = &value
            && let Some(module) = object.as_any().downcast_ref::<Module>()
        {
            return module.body().iter().try_for_each(|part| self.push(frame, part.clone()));
        }
        match self {
            Output::Kept(parts) => parts.push(value),
            Output::Nothing => *self = Output::One(value),
            Output::Text(text) => push_text(frame, text, value)?,
            Output::One(first) => {
                let mut text = String::new();
                push_text(frame, &mut text, std::mem::take(first))?;
                push_text(frame, &mut text, value)?;
                *self = Output::Text(text);
            }
        }
        Ok(())
    }

    /// The value that they are.
    pub fn finish(self) -> Value {
        match self {
            Output::Nothing => Value::None,
            Output::One(value) => value,
            Output::Text(text) => Value::text(text),
            Output::Kept(parts) => Value::List(parts.into_iter().collect()),
        }
    }

    /// The nodes, as many as are told apart.
    pub fn into_parts(self) -> Vec<Value> {
        match self {
            Output::Kept(parts) => parts,
            other => Some(other.finish()).into_iter().filter(|value| !value.is_none()).collect(),
        }
    }
}

fn push_text(frame: &Frame<'_>, out: &mut String, value: Value) -> Result<(), Error> {
    match &value {
        Value::Str(text) => out.push_str(text),
        Value::Omit => {}
        Value::Undef(undefined) if is_plain(undefined) => {}
        Value::Undef(undefined)
            if frame.session.marking.as_ref().is_some_and(|m| m.tolerates(undefined)) =>
        {
            let marking = frame.session.marking.as_ref();
            out.extend(marking.map(|marking| marking.mark(&undefined.message(), frame.span)));
        }
        _ => {
            let value = finalize::finalize(frame.session, value, frame.scope)?;
            out.push_str(&value.to_text());
        }
    }
    Ok(())
}

/// Jinja's own undefined: empty when printed, false, without items.
pub(crate) fn is_plain(undefined: &Undefined) -> bool {
    matches!(undefined.reason, UndefinedReason::Plain)
}

/// Whether a value is that.
pub(crate) fn is_plain_value(value: &Value) -> bool {
    matches!(value, Value::Undef(undefined) if is_plain(undefined))
}
