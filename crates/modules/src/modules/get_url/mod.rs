//! `get_url`: a file from a server to the target.

mod checksum;
mod run;

pub use run::MODULE;
