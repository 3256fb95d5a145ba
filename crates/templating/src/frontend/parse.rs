//! The parser called, and its reasons in stock's words.

use std::sync::Arc;

use minijinja::machinery::{self, ast as mini};
use minijinja::syntax::SyntaxConfig;

use crate::advice::Advised;
use crate::ast::{Embedded, Expr, Name, Stmt, Template, Unknown};
use crate::context::DocumentOptions;
use crate::error::Error;
use crate::scan::{self, Strings, Syntax};
use crate::words;

/// What string constants with Jinja in them become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Constants {
    /// Text like any other.
    Plain,
    /// Templates.
    Templates(Embedded),
}

/// A template from its text; errors are the bare reason.
pub(crate) fn template(
    text: &str,
    options: &DocumentOptions,
    strings: Strings,
) -> Result<Template, Error> {
    let text = normal_newlines(text);
    let config = config(options)?;
    let source = scan::template(&text, Syntax { options, strings })
        .map_err(|refused| first_fault(refused, &config))?;
    let parsed = machinery::parse(&source, "", config).map_err(|error| reason(&error, &source))?;
    let mini::Stmt::Template(parsed) = parsed else {
        return Err(Error::new("not a template"));
    };
    let mut convert = Convert::new(Constants::Plain);
    convert.newline.clone_from(&options.newline_sequence);
    let body = convert.body(&parsed.children)?;
    let newlines = text.len() - text.trim_end_matches('\n').len();
    let Convert { blocks, unknown, changes, .. } = convert;
    let advised = Advised::default();
    Ok(Template { body, blocks, unknown, newlines, changes, advised })
}

/// The fault that comes first: in what stands before the one that was found, or that.
fn first_fault(refused: scan::Refused, config: &SyntaxConfig) -> Error {
    let scan::Refused { error, before } = refused;
    match machinery::parse(&before, "", config.clone()) {
        Err(earlier) if !earlier.detail().is_some_and(|detail| detail.contains("end of input")) => {
            reason(&earlier, &before)
        }
        _ => error,
    }
}

/// A bare expression (a condition).
pub(crate) fn expression(text: &str) -> Result<(Expr, Vec<Unknown>), Error> {
    let source = scan::expression(text)?;
    let parsed =
        machinery::parse_expr(&source).map_err(|error| expression_reason(&error, &source))?;
    let mut convert = Convert::new(Constants::Templates(Embedded::Condition));
    let expr = convert.expr(&parsed)?;
    Ok((expr, convert.unknown))
}

fn normal_newlines(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\r') {
        return text.replace("\r\n", "\n").replace('\r', "\n").into();
    }
    text.into()
}

fn config(options: &DocumentOptions) -> Result<SyntaxConfig, Error> {
    SyntaxConfig::builder()
        .block_delimiters(options.block_start.clone(), options.block_end.clone())
        .variable_delimiters(options.variable_start.clone(), options.variable_end.clone())
        .comment_delimiters(options.comment_start.clone(), options.comment_end.clone())
        .trim_blocks(options.trim_blocks)
        .lstrip_blocks(options.lstrip_blocks)
        .build()
        .map_err(|error| Error::new(error.to_string()))
}

fn reason(error: &minijinja::Error, source: &str) -> Error {
    let detail = error.detail().unwrap_or("syntax error");
    let line = error.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(0);
    Error::new(words::syntax(detail, token(error, source), words::Part::Template)).on_line(line)
}

fn expression_reason(error: &minijinja::Error, source: &str) -> Error {
    let detail = error.detail().unwrap_or("syntax error");
    Error::new(words::syntax(detail, token(error, source), words::Part::Expression))
}

/// The token where the parser stopped, behind what comes before it.
fn token<'s>(error: &minijinja::Error, source: &'s str) -> (&'s str, &'s str) {
    let range = error.range().unwrap_or_default();
    (source.get(..range.start).unwrap_or(""), source.get(range).unwrap_or(""))
}

/// The state of a conversion.
pub(super) struct Convert {
    pub constants: Constants,
    pub blocks: Vec<(Name, Arc<Vec<Stmt>>)>,
    pub unknown: Vec<Unknown>,
    /// How many `if`s surround it: unknown filters inside only fail when they are reached.
    pub conditional: usize,
    /// Names that the macro or the loop around it reads.
    pub reads: Vec<Name>,
    /// Whether a method is named that changes what it is called on.
    pub changes: bool,
    /// What ends a line of the template's own text.
    pub newline: String,
}

pub(super) type Converted<T> = Result<T, Error>;

impl Convert {
    fn new(constants: Constants) -> Convert {
        Convert {
            constants,
            blocks: Vec::new(),
            unknown: Vec::new(),
            conditional: 0,
            reads: Vec::new(),
            changes: false,
            newline: "\n".to_owned(),
        }
    }

    pub(super) fn body(&mut self, stmts: &[mini::Stmt<'_>]) -> Converted<Vec<Stmt>> {
        stmts.iter().map(|stmt| self.stmt(stmt)).collect()
    }

    pub(super) fn conditionally<T>(
        &mut self,
        inner: impl FnOnce(&mut Convert) -> Converted<T>,
    ) -> Converted<T> {
        self.conditional += 1;
        let result = inner(self);
        self.conditional -= 1;
        result
    }
}
