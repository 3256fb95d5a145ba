//! `wait_for`: until a port, a file or a text in either is there, or is gone.

mod connections;
mod heard;
mod port;
mod run;

pub use run::MODULE;
