//! A module's arguments: what a task gave, checked against the module's [`crate::Spec`] with
//! stock's words, and read by type afterwards.

mod check;
mod checked;
mod convert;
mod rules;
mod sizes;
mod written;

pub use check::check;
pub use checked::Arguments;
pub use convert::{FALSE_WORDS, TRUE_WORDS};
pub use written::{Fault, faults};
