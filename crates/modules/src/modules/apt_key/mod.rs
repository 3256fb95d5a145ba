//! `apt_key`: a key is among those that apt trusts for everything, or isn't, by the system's apt-key and gpg.

mod identifier;
mod keys;
mod run;

pub use run::MODULE;
