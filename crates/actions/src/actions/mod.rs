//! One file an action; the table beside this folder names them.

pub mod add_host;
pub mod assemble;
pub mod assert;
pub mod async_status;
pub mod copy;
pub mod debug;
pub mod fail;
pub mod fetch;
pub mod gather_facts;
pub mod group_by;
pub mod include_vars;
pub mod package;
pub mod pause;
pub mod protomatter_debug;
pub mod raw;
pub mod reboot;
pub mod script;
pub mod service;
pub mod set_fact;
pub mod set_stats;
pub mod synchronize;
pub mod template;
pub mod unarchive;
pub mod uri;
pub mod validate_argument_spec;
pub mod wait_for_connection;
