//! Jinja as Ansible means it: minijinja's parser in front, an evaluator of our own behind it, with
//! filters, tests, lookups and functions as tables.
//!
//! Must not know hosts or tasks: variables come from a [`nafal_base::Scope`], files and processes
//! from [`Effects`].

mod advice;
pub mod analysis;
mod arguments;
mod ast;
mod compile;
mod condition;
pub mod context;
pub mod convert;
mod document;
mod document_header;
mod document_variables;
pub mod effects;
pub mod error;
mod eval;
mod extensions;
pub mod filters;
mod frontend;
pub mod functions;
mod jmespath;
mod local_time;
pub mod lookups;
mod managed;
mod marking;
mod methods;
mod number_place;
pub mod password_hash;
pub mod plugin;
pub mod python_format;
pub mod python_json;
pub mod python_path;
pub mod python_random;
pub mod python_regex;
pub mod python_set;
pub mod python_text;
pub mod python_url;
pub mod registry;
mod render;
mod scan;
mod session;
pub mod tests_table;
mod vault;
mod words;
pub mod yaml_emitter;

pub use context::{Context, DocumentOptions};
pub use convert::FromValue;
pub use document_variables::{TemplateFile, document_variables};
pub use effects::{Effects, LoadedVariables, NoAnswer, NoEffects, UrlRequest};
pub use error::{Error, ErrorKind};
pub use extensions::{Extension, allow_extensions};
pub use filters::expand_user;
pub use plugin::{Args, Filter, Function, Lookup, OnUndefined, Test};
pub use render::Renderer;
