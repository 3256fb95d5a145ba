//! What a filter, test, lookup or function may ask of the render that calls it. Must not know the
//! syntax tree.

use std::path::PathBuf;
use std::sync::Arc;

use nafal_base::{Scope, Source, Span, Value};

use crate::effects::Effects;
use crate::error::Error;
use crate::plugin::Args;
use crate::session::Session;

/// The render that calls, at the place where it calls.
pub struct Context<'a> {
    pub(crate) session: &'a Session<'a>,
    pub(crate) scope: &'a dyn Scope,
    pub(crate) span: Option<&'a Span>,
}

impl<'a> Context<'a> {
    /// The variables. What comes out of them is not rendered; see [`Context::variable`].
    pub fn scope(&self) -> &'a dyn Scope {
        self.scope
    }

    /// Files, processes, clock, ….
    pub fn effects(&self) -> &'a dyn Effects {
        self.session.effects
    }

    /// Where the template that calls was written.
    pub fn span(&self) -> Option<&Span> {
        self.span
    }

    /// The folders that files are searched in.
    pub fn search_path(&self) -> Vec<PathBuf> {
        self.session.effects.search_path()
    }

    /// A variable, rendered; None when nothing defines it.
    pub fn variable(&self, _name: &str) -> Result<Option<Value>, Error> {
        Err(Error::new("variables are not available yet"))
    }

    /// Applies a filter by its name.
    pub fn filter(&self, _name: &str, _value: &Value, _args: Args<'_>) -> Result<Value, Error> {
        Err(Error::new("filters are not available yet"))
    }

    /// Applies a test by its name.
    pub fn test(&self, _name: &str, _value: &Value, _args: Args<'_>) -> Result<bool, Error> {
        Err(Error::new("tests are not available yet"))
    }

    /// Runs a lookup by its name: its results as a list.
    pub fn lookup(&self, _name: &str, _args: Args<'_>) -> Result<Vec<Value>, Error> {
        Err(Error::new("lookups are not available yet"))
    }

    /// Calls a value.
    pub fn call(&self, _callable: &Value, _args: Args<'_>) -> Result<Value, Error> {
        Err(Error::new("calls are not available yet"))
    }

    /// `value[key]`, undefined when it isn't there.
    pub fn get_item(&self, _value: &Value, _key: &Value) -> Result<Value, Error> {
        Err(Error::new("items are not available yet"))
    }

    /// `value.name`, undefined when it isn't there.
    pub fn get_attribute(&self, _value: &Value, _name: &str) -> Result<Value, Error> {
        Err(Error::new("attributes are not available yet"))
    }

    /// Everything that iterating gives, as Python's `list(value)`.
    pub fn iterate(&self, _value: &Value) -> Result<Vec<Value>, Error> {
        Err(Error::new("iteration is not available yet"))
    }

    /// The value with everything in it rendered; something undefined inside is an error.
    pub fn render(&self, _value: &Value) -> Result<Value, Error> {
        Err(Error::new("rendering is not available yet"))
    }

    /// A string of the user's own (trusted) as a template: `lookup('template')` without a file.
    pub fn render_template(&self, _text: &str) -> Result<Value, Error> {
        Err(Error::new("rendering is not available yet"))
    }

    /// A file as a template, as the template module and lookup read it.
    pub fn document(
        &self,
        _source: &Arc<Source>,
        _options: &DocumentOptions,
    ) -> Result<Value, Error> {
        Err(Error::new("documents are not available yet"))
    }

    /// The error of using something undefined, or the value.
    pub fn defined<'v>(&self, value: &'v Value) -> Result<&'v Value, Error> {
        match value {
            Value::Undef(undefined) => Err(Error::undefined(undefined)),
            value => Ok(value),
        }
    }
}

/// How a template file is read.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentOptions {
    /// What opens a statement.
    pub block_start: String,
    /// What closes it.
    pub block_end: String,
    /// What opens an expression.
    pub variable_start: String,
    /// What closes it.
    pub variable_end: String,
    /// What opens a comment.
    pub comment_start: String,
    /// What closes it.
    pub comment_end: String,
    /// Whether the newline after a statement goes.
    pub trim_blocks: bool,
    /// Whether the blanks before a statement go.
    pub lstrip_blocks: bool,
    /// What ends a line in the result.
    pub newline_sequence: String,
    /// Variables that are seen before all others (`template_vars` of the lookup).
    pub variables: nafal_base::Dict,
}

impl Default for DocumentOptions {
    fn default() -> DocumentOptions {
        DocumentOptions {
            block_start: "{%".to_owned(),
            block_end: "%}".to_owned(),
            variable_start: "{{".to_owned(),
            variable_end: "}}".to_owned(),
            comment_start: "{#".to_owned(),
            comment_end: "#}".to_owned(),
            trim_blocks: true,
            lstrip_blocks: false,
            newline_sequence: "\n".to_owned(),
            variables: nafal_base::Dict::new(),
        }
    }
}
