//! `expect`: a command on a terminal of its own, whose questions are answered.

mod answers;
mod run;
mod terminal;
mod words;

pub use run::MODULE;
