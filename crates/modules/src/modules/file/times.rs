//! `modification_time` and `access_time`. Must not know states.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nafal_base::value::string_repr;

use super::run::Task;
use crate::arguments::Arguments;
use crate::files::failure::errno_text;
use crate::files::{Differences, Failure, Result};

/// One wanted time.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Time {
    Preserve,
    Now,
    At(f64),
}

/// Both wanted times.
#[derive(Clone, Debug)]
pub struct Times {
    modified: Time,
    accessed: Time,
}

impl Times {
    /// What the arguments want; a touch means now.
    pub fn from_arguments(args: &Arguments, is_touch: bool) -> Result<Times> {
        let default = if is_touch { Time::Now } else { Time::Preserve };
        let read = |name: &str, format: &str| match args.text(name) {
            None => Ok(default),
            Some("preserve") => Ok(Time::Preserve),
            Some("now") => Ok(Time::Now),
            Some(text) => parse(text, args.required_text(format)).map(Time::At),
        };
        Ok(Times {
            modified: read("modification_time", "modification_time_format")?,
            accessed: read("access_time", "access_time_format")?,
        })
    }

    /// Sets them; says whether that changed anything.
    pub fn apply(&self, task: &Task<'_>, differences: &mut Differences) -> Result<bool> {
        if self.modified == Time::Preserve && self.accessed == Time::Preserve {
            return Ok(false);
        }
        let refuse = |error: std::io::Error| {
            let why = errno_text(&error, None);
            let shown = string_repr(&task.shown);
            let message = "Error while updating modification or access time";
            task.failure(format!("{message}: {why}: b{shown}"))
        };
        let metadata = fs::metadata(&task.real).map_err(refuse)?;
        let seconds = |whole: i64, nanoseconds: i64| whole as f64 + 1e-9 * nanoseconds as f64;
        let old_modified = seconds(metadata.mtime(), metadata.mtime_nsec());
        let old_accessed = seconds(metadata.atime(), metadata.atime_nsec());
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let choose = |time: Time, old: f64| match time {
            Time::Preserve => old,
            Time::Now => now,
            Time::At(at) => at,
        };
        let modified = choose(self.modified, old_modified);
        let accessed = choose(self.accessed, old_accessed);
        if modified == old_modified && accessed == old_accessed {
            return Ok(false);
        }
        if modified != old_modified {
            differences.note("mtime", old_modified, modified);
        }
        if accessed != old_accessed {
            differences.note("atime", old_accessed, accessed);
        }
        if !task.ctx.is_check() {
            set(task, modified, accessed).map_err(refuse)?;
        }
        Ok(true)
    }
}

fn set(task: &Task<'_>, modified: f64, accessed: f64) -> std::io::Result<()> {
    let time = |seconds: f64| rustix::fs::Timespec {
        tv_sec: seconds.floor() as i64,
        tv_nsec: ((seconds - seconds.floor()) * 1e9) as _,
    };
    let times =
        rustix::fs::Timestamps { last_access: time(accessed), last_modification: time(modified) };
    Ok(rustix::fs::utimensat(rustix::fs::CWD, &task.real, &times, rustix::fs::AtFlags::empty())?)
}

/// A local time in a format of `strptime`.
fn parse(text: &str, format: &str) -> Result<f64> {
    let refuse = || {
        Failure::new(format!(
            "Error while obtaining timestamp for time {text} using format {format}: time data '{text}' does not match format '{format}'"
        ))
    };
    let civil = jiff::fmt::strtime::parse(format, text)
        .and_then(|parsed| parsed.to_datetime())
        .map_err(|_| refuse())?;
    let time = civil.to_zoned(jiff::tz::TimeZone::system()).map_err(|_| refuse())?;
    let duration = Duration::try_from(time.timestamp().as_duration()).map_err(|_| refuse())?;
    Ok(duration.as_secs_f64())
}
