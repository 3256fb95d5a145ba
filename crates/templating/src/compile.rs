//! Texts compiled once and kept beside the text. Must not know how they are evaluated.

use std::any::Any;
use std::sync::{Arc, LazyLock, OnceLock};

use nafal_base::Text;

use crate::advice::Advised;
use crate::ast::{Expr, Template, Unknown, UnknownKind};
use crate::context::DocumentOptions;
use crate::error::Error;
use crate::frontend;
use crate::scan::Strings;

/// What of a template is meant, for headlines of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Template,
    Expression,
}

/// A compiled condition.
#[derive(Debug)]
pub(crate) struct Condition {
    pub expr: Expr,
    pub unknown: Vec<Unknown>,
    pub advised: Advised,
}

/// What one text was compiled to, for each way of reading it.
#[derive(Default)]
struct Code {
    template: OnceLock<Result<Arc<Template>, Error>>,
    condition: OnceLock<Result<Arc<Condition>, Error>>,
}

static DEFAULTS: LazyLock<DocumentOptions> = LazyLock::new(DocumentOptions::default);

/// The text as a template in YAML.
pub(crate) fn template(text: &Text) -> Result<Arc<Template>, Error> {
    cached(
        text,
        |code| &code.template,
        || {
            frontend::template(text, &DEFAULTS, Strings::Literal)
                .map(Arc::new)
                .map_err(|error| syntax(error, Part::Template, text))
        },
    )
}

/// The text as a condition.
pub(crate) fn condition(text: &Text) -> Result<Arc<Condition>, Error> {
    cached(
        text,
        |code| &code.condition,
        || {
            frontend::expression(text)
                .map(|(expr, unknown)| {
                    Arc::new(Condition { expr, unknown, advised: Advised::default() })
                })
                .map_err(|error| syntax(error, Part::Expression, text))
        },
    )
}

fn cached<T: Clone>(
    text: &Text,
    slot: impl FnOnce(&Code) -> &OnceLock<Result<T, Error>>,
    compile: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    let Some(cell) = text.compiled() else {
        return compile();
    };
    let code = cell.get_or_init(|| Arc::new(Code::default()) as Arc<dyn Any + Send + Sync>);
    match code.downcast_ref::<Code>() {
        Some(code) => slot(code).get_or_init(compile).clone(),
        None => compile(),
    }
}

fn syntax(error: Error, part: Part, text: &Text) -> Error {
    let headline = match part {
        Part::Template => "Syntax error in template.",
        Part::Expression if text.contains("{{") || text.contains("{%") => {
            "Syntax error in expression. Template delimiters are not supported in expressions."
        }
        Part::Expression => "Syntax error in expression.",
    };
    Error::syntax(headline).caused_by(error).at(text.span().cloned())
}

/// The error of a filter or test that nobody knows, or of what can't be run.
pub(crate) fn unknown(unknown: &Unknown) -> Error {
    let name = &unknown.name;
    let what = match unknown.kind {
        UnknownKind::Filter => "filter",
        UnknownKind::Test => "test",
        UnknownKind::Repeated => {
            return Error::new(format!("keyword argument repeated: {name}")).on_line(unknown.line);
        }
    };
    Error::new(format!("No {what} named '{name}'.")).on_line(unknown.line)
}
