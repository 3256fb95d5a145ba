//! What a filter, test, lookup or function may ask of the render that calls it. Must not know the
//! syntax tree.

use std::path::PathBuf;
use std::sync::Arc;

use nafal_base::{Scope, Source, Span, Text, Value};

use crate::ast::Template;
use crate::effects::Effects;
use crate::error::Error;
use crate::eval::{self, Frame, Passed, finalize};
use crate::plugin::Args;
use crate::registry;
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
    pub fn variable(&self, name: &str) -> Result<Option<Value>, Error> {
        match eval::variable(self.session, self.scope, name)? {
            Some(value) => self.settle(value).map(Some),
            None => Ok(None),
        }
    }

    /// The value with everything lazy in it rendered; what is undefined stays a marker.
    pub fn settle(&self, value: Value) -> Result<Value, Error> {
        finalize::settle(self.session, value, self.scope)
    }

    fn with_frame<T>(
        &self,
        inner: impl FnOnce(&Frame<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let empty = Arc::new(Template::default());
        inner(&Frame::new(self.session, self.scope, self.span, &empty))
    }

    /// Applies a filter by its name.
    pub fn filter(&self, name: &str, value: &Value, args: Args<'_>) -> Result<Value, Error> {
        match registry::filter(name) {
            Some(filter) => {
                let value =
                    finalize::taken(self.session, value.clone(), self.scope, filter.members)?;
                eval::apply_filter(self, filter, name, &value, args)
            }
            None => eval::foreign_filter(self, name, &self.settle(value.clone())?, args),
        }
    }

    /// Applies a test by its name.
    pub fn test(&self, name: &str, value: &Value, args: Args<'_>) -> Result<bool, Error> {
        match registry::test(name) {
            Some(test) => eval::apply_test(self, test, name, value, args),
            None => eval::foreign_test(self, name, value, args),
        }
    }

    /// Runs a lookup by its name: its results as a list.
    pub fn lookup(&self, name: &str, args: Args<'_>) -> Result<Vec<Value>, Error> {
        if let Some(lookup) = registry::lookup(name) {
            return (lookup.run)(self, args).map_err(|error| eval::lookup_failed(error, name));
        }
        eval::foreign_lookup(self, name, args)
    }

    /// Calls a value.
    pub fn call(&self, callable: &Value, args: Args<'_>) -> Result<Value, Error> {
        let passed = Passed { positional: args.positional.to_vec(), named: args.named.to_vec() };
        self.with_frame(|frame| frame.call_value(callable, &passed))
    }

    /// `value[key]`, undefined when it isn't there.
    pub fn get_item(&self, value: &Value, key: &Value) -> Result<Value, Error> {
        self.with_frame(|frame| frame.get_item(value, key))
    }

    /// `value.name`, undefined when it isn't there.
    pub fn get_attribute(&self, value: &Value, name: &str) -> Result<Value, Error> {
        self.with_frame(|frame| frame.get_attribute(value, name))
    }

    /// Everything that iterating gives, as Python's `list(value)`.
    pub fn iterate(&self, value: &Value) -> Result<Vec<Value>, Error> {
        eval::iterate(value)?.into_iter().map(|item| self.settle(item)).collect()
    }

    /// The same with what is in them still lazy.
    pub fn members(&self, value: &Value) -> Result<Vec<Value>, Error> {
        eval::iterate(value)?.iter().map(|member| self.read(member)).collect()
    }

    /// A member of a container, with what is in it still lazy; its failure is told when it is used.
    pub fn read(&self, member: &Value) -> Result<Value, Error> {
        finalize::read(self.session, member, self.scope)
    }

    /// The value with everything in it rendered; something undefined inside is an error.
    pub fn render(&self, value: &Value) -> Result<Value, Error> {
        crate::render::finalized(self.session, value, self.scope)
    }

    /// A string of the user's own (trusted) as a template.
    pub fn render_template(&self, text: &str) -> Result<Value, Error> {
        self.render(&Value::Str(Text::trusted(text, self.span.cloned())))
    }

    /// A file as a template, as the template module and lookup read it.
    pub fn document(
        &self,
        source: &Arc<Source>,
        options: &DocumentOptions,
    ) -> Result<Value, Error> {
        crate::document::render(self.session, source, options, self.scope)
    }

    /// Whether a condition holds.
    pub fn condition(&self, condition: &Value) -> Result<bool, Error> {
        crate::condition::holds(self.session, condition, self.scope)
    }

    /// The error of using something undefined, or the value.
    pub fn defined<'v>(&self, value: &'v Value) -> Result<&'v Value, Error> {
        match value {
            Value::Undef(undefined) => Err(Error::undefined(undefined)),
            value => Ok(value),
        }
    }
}

/// The folders that a template file's includes are looked for in, of those that files are: each
/// with its `templates` before it.
pub fn template_folders(search_path: &[PathBuf]) -> Vec<PathBuf> {
    search_path.iter().flat_map(|folder| [folder.join("templates"), folder.clone()]).collect()
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
    /// What makes a line of its own a statement.
    pub line_statement: Option<String>,
    /// What makes the rest of a line a comment.
    pub line_comment: Option<String>,
    /// Whether the newline after a statement goes.
    pub trim_blocks: bool,
    /// Whether the blanks before a statement go.
    pub lstrip_blocks: bool,
    /// What ends a line in the result.
    pub newline_sequence: String,
    /// Variables that are seen before all others (`template_vars` of the lookup).
    pub variables: nafal_base::Dict,
    /// Where `include` and its kin look for other templates, in this order.
    pub folders: Vec<PathBuf>,
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
            line_statement: None,
            line_comment: None,
            trim_blocks: true,
            lstrip_blocks: false,
            newline_sequence: "\n".to_owned(),
            variables: nafal_base::Dict::new(),
            folders: Vec::new(),
        }
    }
}
