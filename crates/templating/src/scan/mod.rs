//! Passes over a template's source before minijinja's parser sees it: what Jinja2 takes and that
//! parser refuses is rewritten, what Jinja2 refuses is refused in its words.
//!
//! Must not know the syntax tree, nor minijinja.

mod lines;
mod rewrite;
mod strings;
mod tags;
mod tokens;
mod write;

pub(crate) use rewrite::{Refused, Syntax, expression, template};
pub(crate) use strings::decode as decoded;
pub(crate) use tags::BLOCK_IN_MACRO;
pub(crate) use write::Strings;
pub(crate) use write::{BIG_NUMBER, CALL_RESULT, WITH_CONTEXT, WITHOUT_CONTEXT};
