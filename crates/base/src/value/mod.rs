//! Values as playbooks know them: Python's, because playbooks depend on Python's semantics.
//!
//! A [`Value`] takes 16 bytes. Containers and strings are shared; a clone is a count, a write to
//! something shared copies it first, so values may be handed to any thread.

mod compare;
mod convert;
mod core;
mod dict;
pub mod json;
pub mod json_marks;
pub mod json_read;
mod list;
mod marks;
mod print;
mod range;
mod serial;
mod text;
mod undefined;

pub use compare::Unordered;
pub use core::Value;
pub use dict::{Dict, Key, Map};
pub use list::List;
pub use marks::Marks;
pub use print::{float_repr, string_repr};
pub use range::Range;
pub use text::Text;
pub use undefined::{Failure, Undefined, UndefinedReason};
