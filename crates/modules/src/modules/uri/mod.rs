//! `uri`, the half on the target: one request, and what the server said as a result.

mod body;
mod run;

pub use run::{MODULE, headers, modified, url_name};
