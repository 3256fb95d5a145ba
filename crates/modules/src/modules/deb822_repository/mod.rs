//! `deb822_repository`: a source of packages is in a file of its own, or isn't, with the key that it is signed by.

mod key;
mod run;
mod stanza;

pub use run::MODULE;
