//! From text to syntax tree: the one module that names minijinja, which is the parser. Must not
//! know how anything is evaluated.

mod expressions;
mod parse;
mod statements;

pub(crate) use parse::{expression, template};
