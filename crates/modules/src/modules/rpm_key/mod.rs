//! `rpm_key`: a key is among those that rpm trusts, or isn't, by the system's rpm.

mod armor;
mod keyring;
mod packets;
mod run;

pub use run::MODULE;
