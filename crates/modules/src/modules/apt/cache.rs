//! The lists of packages: how old they are, and getting new ones. Must not know packages.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nafal_base::Outcome;

use super::options::Task;
use crate::files::{Failure, Result};

/// The lists after a task has looked at them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lists {
    /// Whether they are new.
    pub is_updated: bool,
    /// When they were got, in seconds since 1970.
    pub time: i64,
}

impl Lists {
    /// As results tell it.
    pub fn told(self, outcome: Outcome) -> Outcome {
        outcome.with("cache_updated", self.is_updated).with("cache_update_time", self.time)
    }
}

fn changed() -> SystemTime {
    let paths = ["/var/lib/apt/periodic/update-success-stamp", "/var/lib/apt/lists"];
    let found = paths.iter().find_map(|path| Path::new(path).metadata().ok()?.modified().ok());
    found.unwrap_or(UNIX_EPOCH)
}

fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or_default()
}

/// Whether the task wants new lists: `cache_valid_time` says so too.
pub fn is_wanted(task: Task<'_>) -> bool {
    task.args.flag("update_cache").unwrap_or(task.args.int("cache_valid_time").unwrap_or(0) > 0)
        || task.args.int("cache_valid_time").unwrap_or(0) > 0
}

/// Gets new lists if the task wants them and they are too old.
pub fn look(task: Task<'_>) -> Result<Lists> {
    let before = changed();
    let lists = Lists { is_updated: false, time: seconds(before) };
    if !is_wanted(task) {
        return Ok(lists);
    }
    let valid = u64::try_from(task.args.int("cache_valid_time").unwrap_or(0)).unwrap_or_default();
    let age = SystemTime::now().duration_since(before).unwrap_or_default();
    if age <= Duration::from_secs(valid) && valid > 0 {
        return Ok(lists);
    }
    if task.ctx.is_check() {
        return Ok(Lists { is_updated: true, ..lists });
    }
    update(task)?;
    let after = changed();
    Ok(Lists { is_updated: after != before, time: seconds(after) })
}

fn update(task: Task<'_>) -> Result<()> {
    let tries = task.args.int("update_cache_retries").unwrap_or(5).max(1);
    let most = task.args.int("update_cache_retry_max_delay").unwrap_or(12);
    let most = Duration::from_secs(u64::try_from(most).unwrap_or_default());
    let mut why = String::new();
    for attempt in 0..tries {
        if attempt > 0 {
            let exponent = u32::try_from(attempt - 1).unwrap_or(31).min(31);
            std::thread::sleep(Duration::from_secs(1 << exponent).min(most));
        }
        if task.ctx.processes().is_cancelled() {
            break;
        }
        // What can't be fetched is an error here, though apt-get alone would only warn.
        let gave = task.run("/usr/bin/apt-get -q -o APT::Update::Error-Mode=any update")?;
        if gave.is_good() {
            return Ok(());
        }
        let errors: Vec<&str> = gave
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("E: ").or_else(|| line.strip_prefix("W: ")))
            .collect();
        why = errors.join(", ");
        if why.contains("Could not get lock") || why.contains("Unable to lock") {
            return Err(Failure::new(format!("Failed to lock apt for exclusive operation: {why}")));
        }
    }
    Err(Failure::new(format!("Failed to update apt cache after {tries} retries: {why}")))
}
