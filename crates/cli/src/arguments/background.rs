//! How long a task of an ad hoc run may take, and whether somebody waits for it.

use clap::Args;

/// Tasks in the background, and limits.
#[derive(Args, Clone, Debug, Default)]
pub struct Background {
    /// Runs in the background; seconds after which it fails
    #[arg(short = 'B', long, value_name = "SECONDS")]
    pub background: Option<u64>,

    /// Seconds between looks at a task in the background; 0 doesn't wait for it
    #[arg(short = 'P', long, value_name = "POLL_INTERVAL")]
    pub poll: Option<u64>,

    /// Seconds that a task may take
    #[arg(long, value_name = "TASK_TIMEOUT")]
    pub task_timeout: Option<u64>,
}
