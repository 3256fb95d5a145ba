//! Python's configparser: what INI files mean to Ansible's users. Must not know where the text comes from.

mod interpolation;
mod read;

pub use interpolation::{Place, interpolated};
pub use read::{Bare, DEFAULTS, Fault, Keys, Known, NO_VALUE, Sections, read};
