//! One task on one host, from its conditions to its report. Runs on a worker's thread and changes
//! nothing but the target: what the run needs to know goes back in messages.

mod arguments;
mod background;
mod callee;
mod conditions;
mod current_task;
mod delegation;
mod described;
mod fault;
mod include;
mod job;
mod keywords;
mod loop_control;
mod loops;
mod membership;
mod once;
mod projections;
mod python;
mod remains;
mod results;
mod retries;
mod surroundings;
mod timeout;
mod warned;

pub(crate) use arguments::finalize;
pub(crate) use callee::callee;
pub(crate) use job::{Detail, Job, Message, Report, Shared, finish, run};
pub(crate) use keywords::target as target_keywords;
pub(crate) use membership::Relations;
