//! The native modules, one file each, and their table.

mod blockinfile;
mod command;
mod command_result;
mod copy;
mod file;
mod get_url;
mod group;
mod lineinfile;
mod ping;
mod raw;
mod replace;
mod setup;
mod slurp;
mod stat;
mod tempfile;
mod uri;
mod user;

use crate::registry::Module;

/// Every native module.
pub const MODULES: &[Module] = &[
    blockinfile::MODULE,
    command::COMMAND,
    command::SHELL,
    copy::MODULE,
    copy::WRITE,
    file::MODULE,
    get_url::MODULE,
    group::MODULE,
    lineinfile::MODULE,
    ping::MODULE,
    raw::MODULE,
    replace::MODULE,
    setup::MODULE,
    slurp::MODULE,
    stat::MODULE,
    tempfile::MODULE,
    uri::MODULE,
    user::MODULE,
];
