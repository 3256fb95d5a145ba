//! `ansible-playbook`: playbooks run, checked or listed.

mod command;
mod listing;

pub use command::run;
