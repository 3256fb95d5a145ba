//! `community.general.archive`: files and trees go into an archive, or one file is compressed.

mod format;
mod listing;
mod paths;
mod run;
mod tar;
mod tree;
mod zip;

pub use run::MODULE;
