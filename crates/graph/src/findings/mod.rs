//! What is wrong with plays and can be told before anything runs. Where something can't be known before a run,
//! nothing is said. Must not know where files are: whoever asks gives includes already compiled.

mod finding;
mod handlers;
mod known;
mod place;
mod program;
mod registers;
mod uses;
mod variables;

pub use finding::{Finding, Rule, did_you_mean};
pub use handlers::unknown_handlers;
pub use known::Known;
pub use place::word_after;
pub use program::{Certainty, Included, Includes, Program, Step};
pub use registers::unread_registers;
pub use uses::{TaskUses, loop_names};
pub use variables::{Definitions, undefined_variables};
