//! `unarchive`: what is in an archive, with the target's own tar and unzip. No archive is read here.

mod run;
mod source;
mod tar;
mod zip;
mod zip_entries;

pub use run::MODULE;
