//! Runs a compiled play over its hosts. One coordinator owns everything that changes (cursors,
//! registered results, facts, notified handlers, counts) and tells what happens as events; workers
//! get snapshots, render, run, and send outcomes back.
//!
//! Must not know how anything is shown, nor how hosts are reached. The only user of rayon.

mod coordinator;
mod cursor;
mod debugger;
mod error;
mod notified;
mod pool;
mod prepared;
mod run_state;
mod services;
mod strategy;
mod track;
mod worker;

pub use coordinator::{PlayRules, PlayRun, PlayVerdict, Stepping};
pub use error::Error;
pub use pool::Pool;
pub use prepared::task_layers;
pub use run_state::RunState;
pub use services::{CompiledInclude, IncludeFault, RunSettings, Services};
pub use strategy::Strategy;
