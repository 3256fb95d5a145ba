//! What every other crate calls: values, conditions and documents rendered in a scope.

use std::sync::Arc;

use nafal_base::{Diagnostic, Scope, Source, Span, Template, Text, Value};

use crate::condition;
use crate::context::{Context, DocumentOptions};
use crate::convert::FromValue;
use crate::document;
use crate::effects::Effects;
use crate::error::Error;
use crate::eval::finalize;
use crate::marking::{Marking, Tolerance};
use crate::plugin::Args;
use crate::session::{Session, wrap};

/// Renders in one scope.
#[derive(Clone, Copy)]
pub struct Renderer<'a> {
    scope: &'a dyn Scope,
    effects: &'a dyn Effects,
}

impl<'a> Renderer<'a> {
    /// A renderer over these variables.
    pub fn new(scope: &'a dyn Scope, effects: &'a dyn Effects) -> Renderer<'a> {
        Renderer { scope, effects }
    }

    /// The value with everything in it rendered, ready to leave: something undefined or omit as
    /// the whole is an error.
    pub fn render(&self, value: &Value) -> Result<Value, Error> {
        finalize::refuse_omit(self.render_or_omit(value)?)
    }

    /// The same, where the whole may be omit (a module's argument).
    pub fn render_or_omit(&self, value: &Value) -> Result<Value, Error> {
        if value.is_settled() {
            return Ok(value.clone());
        }
        let session = Session::new(self.effects);
        finalized(&session, value, self.scope)
    }

    /// The value with everything in it rendered, without what is undefined inside of it.
    pub fn render_defined(&self, value: &Value) -> Result<Value, Error> {
        let session = Session::leaving_out(self.effects);
        finalize::refuse_omit(finalized(&session, value, self.scope)?)
    }

    /// The value of a bare expression, with marks for what is undefined, and what is to be told
    /// of those (`debug: var=…`).
    pub fn expression_marked(&self, text: &Text) -> (Result<Value, Error>, Vec<Diagnostic>) {
        let session = Session::marking(self.effects, Tolerance::Undefined);
        let result = crate::condition::expression(&session, text, self.scope);
        marked(session, result, text.span())
    }

    /// The values of bare expressions, with marks for all that fails, numbered through, and what is
    /// to be told of those.
    pub fn expressions_marked(&self, texts: &[Text]) -> (Vec<Value>, Vec<Diagnostic>) {
        let session = Session::marking(self.effects, Tolerance::Everything);
        let mut values = Vec::with_capacity(texts.len());
        for text in texts {
            let result = crate::condition::expression(&session, text, self.scope);
            let result = result.and_then(finalize::refuse_omit);
            values.push(result.unwrap_or_else(|error| {
                let told = match error.undefined_marker() {
                    Some(undefined) => undefined.message(),
                    None => error.chain(),
                };
                let marking = session.marking.as_ref();
                marking.map_or(Value::None, |marking| marking.value(&told, text.span()))
            }));
        }
        (values, session.marking.map(Marking::warnings).unwrap_or_default())
    }

    /// A name, with marks for what can't be told, and what is to be told of those.
    pub fn name(&self, value: &Value) -> (String, Vec<Diagnostic>) {
        let session = Session::marking(self.effects, Tolerance::Everything);
        let result = finalized(&session, value, self.scope);
        let (name, mut warnings) = marked(session, result, value.span());
        let name = name.map(|name| name.to_text().into_owned()).unwrap_or_else(|error| {
            let marking = Marking::new(Tolerance::Everything);
            let mark = marking.mark(&error.chain(), value.span());
            warnings.extend(marking.warnings());
            mark
        });
        (name, warnings)
    }

    /// The text rendered.
    pub fn render_text(&self, text: &Text) -> Result<Value, Error> {
        self.render(&Value::Str(text.clone()))
    }

    /// What the text stands for; items of a container stay as they were written.
    pub fn container(&self, text: &Text) -> Result<Value, Error> {
        Session::new(self.effects).evaluate(text, self.scope)
    }

    /// The value rendered, as Python's `str` of it.
    pub fn render_string(&self, value: &Value) -> Result<String, Error> {
        self.render(value).map(|value| value.to_text().into_owned())
    }

    /// A keyword's or argument's value.
    pub fn render_to<T: FromValue>(&self, template: &Template<T>) -> Result<T, Error> {
        let value = self.render(&template.source)?;
        T::from_value(value).map_err(|error| error.at(template.span.clone()))
    }

    /// Whether a condition (`when`, `until`, …) holds.
    pub fn condition(&self, condition: &Value) -> Result<bool, Error> {
        let session = Session::new(self.effects);
        condition::holds(&session, condition, self.scope)
    }

    /// The same of one that can't be a list of them.
    pub fn single_condition(&self, condition: &Value) -> Result<bool, Error> {
        condition::one(&Session::new(self.effects), condition, self.scope)
    }

    /// The value of a bare expression (`debug: var=…`).
    pub fn expression(&self, text: &Text) -> Result<Value, Error> {
        let session = Session::new(self.effects);
        condition::expression(&session, text, self.scope)
    }

    /// What a lookup gives for these terms (`with_NAME`).
    pub fn lookup(&self, name: &str, terms: &[Value]) -> Result<Vec<Value>, Error> {
        let session = Session::new(self.effects);
        let context = Context { session: &session, scope: self.scope, span: None };
        let items = context.lookup(name, Args { positional: terms, named: &[] })?;
        Ok(items.into_iter().map(finalize::without_tuples).collect())
    }

    /// A template file as text.
    pub fn document(
        &self,
        source: &Arc<Source>,
        options: &DocumentOptions,
    ) -> Result<String, Error> {
        let session = Session::new(self.effects);
        let value = document::render(&session, source, options, self.scope)?;
        let value = finalize::refuse_omit(value)?;
        let text = if value.is_none() { String::new() } else { value.to_text().into_owned() };
        Ok(document::ended(text, &options.newline_sequence))
    }
}

/// The result of a session that marks what can't be told, and what is to be told of the marks.
fn marked(
    session: Session<'_>,
    result: Result<Value, Error>,
    span: Option<&Span>,
) -> (Result<Value, Error>, Vec<Diagnostic>) {
    let result = match (result.and_then(finalize::refuse_omit), session.marking.as_ref()) {
        (Err(error), Some(marking)) => match error.undefined_marker() {
            Some(undefined) => {
                Ok(marking.value(&undefined.message(), undefined.span.as_ref().or(span)))
            }
            None => Err(error),
        },
        (result, _) => result,
    };
    (result, session.marking.map(Marking::warnings).unwrap_or_default())
}

/// A value ready to leave, with stock's headline over what is refused.
pub(crate) fn finalized(
    session: &Session<'_>,
    value: &Value,
    scope: &dyn Scope,
) -> Result<Value, Error> {
    // The outermost text is read once: it isn't worth remembering.
    let result = match value {
        Value::Str(text) if text.is_template() => session
            .evaluate(text, scope)
            .and_then(|value| finalize::finalize(session, value, scope)),
        value => finalize::finalize(session, value.clone(), scope),
    };
    result.map_err(|error| wrap(error, "Error rendering template.").at(value.span().cloned()))
}
