//! The task debugger: what somebody at the terminal asks of a task that just ran, and changes before
//! it runs again (case `debugger`). Must not know how tasks are handed out.

mod commands;
mod paths;
mod pretty;
mod python_error;
mod session;
mod task;
mod view;

pub(crate) use session::{Decision, Session};
pub(crate) use task::DebuggedTask;
