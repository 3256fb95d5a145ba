//! `find`: files below some folders that are as one asks for.

mod criteria;
mod run;

pub use run::MODULE;
