//! Passes over a template's source before minijinja's parser sees it: what Jinja2 takes and that
//! parser refuses is rewritten, what Jinja2 refuses is refused in its words.
//!
//! Must not know the syntax tree, nor minijinja.

mod rewrite;
mod strings;
mod tags;
mod tokens;

pub(crate) use rewrite::{BIG_NUMBER, CALL_RESULT, WITH_CONTEXT, WITHOUT_CONTEXT};
pub(crate) use rewrite::{Refused, Strings, Syntax, expression, template};
pub(crate) use tags::BLOCK_IN_MACRO;
