//! Where mounts are looked for: files, and the command `mount`. Must not know facts.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use nafal_base::Value;

use super::table::{self, Entry};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result, paths};
use crate::processes::{self, Limit, Processes};

/// What the system says of now.
const DYNAMIC: [&str; 3] = ["/etc/mtab", "/proc/mounts", "/etc/mnttab"];

/// What somebody wrote.
const STATIC: [&str; 3] = ["/etc/fstab", "/etc/vfstab", "/etc/filesystems"];

/// The source that is the command.
const COMMAND: &str = "mount";

/// More than any table has.
const LIMIT: Limit = Limit(16 << 20);

/// Finds mounts as a task wants them.
pub struct Finder<'a> {
    args: &'a Arguments,
    ctx: &'a Ctx,
    /// How long each thing may take.
    pub limit: Option<Duration>,
}

/// The entries of one source.
pub struct Found {
    /// Its name.
    pub source: String,
    /// What it has.
    pub entries: Vec<Entry>,
}

impl<'a> Finder<'a> {
    /// Checks what the arguments' types don't say.
    pub fn new(args: &'a Arguments, ctx: &'a Ctx) -> Result<Finder<'a>> {
        if let Some(other) = args.value("mount_binary").filter(|value| value.as_str().is_none()) {
            return Err(Failure::new(format!(
                "argument 'mount_binary' must be a string or null, not {}",
                other.repr()
            )));
        }
        let seconds = args.float("timeout");
        let limit = seconds.map(|seconds| {
            let limit = Duration::try_from_secs_f64(seconds).ok().filter(|limit| !limit.is_zero());
            limit.ok_or_else(|| {
                let shown = Value::Float(seconds).repr();
                Failure::new(format!(
                    "argument 'timeout' must be a positive number or null, not {shown}"
                ))
            })
        });
        Ok(Finder { args, ctx, limit: limit.transpose()? })
    }

    /// All sources that have something.
    pub fn find(&self) -> Result<Vec<Found>> {
        let names = self.names()?;
        let mut seen = HashSet::new();
        let mut all: Vec<Found> = Vec::new();
        for name in &names {
            if !seen.insert(paths::real_path(&self.ctx.resolve(name))) {
                continue;
            }
            let entries = match *name {
                COMMAND => self.command()?,
                file => self.file(file),
            };
            all.push(Found { source: (*name).to_owned(), entries });
        }
        let is_dynamic = |name: &str| DYNAMIC.contains(&name) || name == COMMAND;
        let is_wanted = names.iter().any(|name| is_dynamic(name));
        let is_there =
            all.iter().any(|found| is_dynamic(&found.source) && !found.entries.is_empty());
        let has_command = !names.contains(&COMMAND)
            && self.args.text("mount_binary").is_some_and(|command| !command.is_empty());
        // Not every system has a file of what is mounted.
        if is_wanted && !is_there && has_command {
            all.push(Found { source: COMMAND.to_owned(), entries: self.command()? });
        }
        all.retain(|found| !found.entries.is_empty());
        Ok(all)
    }

    fn names(&self) -> Result<Vec<&'a str>> {
        let given = self.args.texts("sources");
        if given.contains(&"") {
            return Err(Failure::new("sources contains an empty string"));
        }
        let given = if given.is_empty() { vec!["all"] } else { given };
        let mut names: Vec<&'a str> = Vec::new();
        for name in given {
            match name {
                "all" => names.extend(DYNAMIC.iter().chain(&STATIC)),
                "dynamic" => names.extend(DYNAMIC),
                "static" => names.extend(STATIC),
                other => names.push(other),
            }
        }
        let different: HashSet<&str> = names.iter().copied().collect();
        if different.len() < names.len() {
            let shown = Value::from(names.clone()).repr();
            self.ctx.warn(format!(
                "mount_facts option 'sources' contains duplicate entries, repeat sources will be ignored: {shown}"
            ));
        }
        Ok(names)
    }

    fn file(&self, name: &str) -> Vec<Entry> {
        let bytes = std::fs::read(self.ctx.resolve(name)).unwrap_or_default();
        String::from_utf8(bytes).map(|text| table::of_file(&text)).unwrap_or_default()
    }

    fn command(&self) -> Result<Vec<Entry>> {
        let Some(named) = self.args.text("mount_binary") else {
            let message =
                "join() argument must be str, bytes, or os.PathLike object, not 'NoneType'";
            return Err(Failure::raised([message]));
        };
        let program = match named.starts_with('/') {
            true => named.into(),
            false => self.ctx.tool(named)?,
        };
        let shown = program.display().to_string();
        let own = Arc::new(Processes::default());
        // Only a command that may take forever needs somebody who ends it.
        let timer = self.limit.map(|limit| Timer::start(limit, Arc::clone(&own)));
        let processes = if timer.is_some() { &own } else { self.ctx.processes() };
        let ended = processes::run(self.ctx.command(&program), None, LIMIT, processes);
        if let (Some(timer), Some(limit)) = (timer, self.limit)
            && timer.has_run_out()
        {
            let seconds = Value::Float(limit.as_secs_f64()).repr();
            self.timed_out(format!("Command '{shown}' timed out after {seconds} seconds"))?;
            return Ok(Vec::new());
        }
        let ended =
            ended.map_err(|error| Failure::new(format!("Failed to execute {shown}: {error}")))?;
        if ended.code != 0 {
            return Err(Failure::new(format!(
                "Failed to execute {shown}: Command '{shown}' returned non-zero exit status {}.",
                ended.code
            )));
        }
        Ok(table::of_mount(&String::from_utf8_lossy(&ended.stdout.bytes)))
    }

    /// What the task wants of what took too long.
    pub fn timed_out(&self, message: String) -> Result<()> {
        match self.args.required_text("on_timeout") {
            "warn" => self.ctx.warn(message),
            "ignore" => {}
            _ => return Err(Failure::new(message)),
        }
        Ok(())
    }
}

/// Ends processes after a time, unless it is asked before.
struct Timer {
    done: std::sync::mpsc::Sender<()>,
    processes: Arc<Processes>,
}

impl Timer {
    fn start(limit: Duration, processes: Arc<Processes>) -> Timer {
        let (done, waiting) = channel();
        let own = Arc::clone(&processes);
        std::thread::spawn(move || {
            if waiting.recv_timeout(limit) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                own.cancel();
            }
        });
        Timer { done, processes }
    }

    fn has_run_out(self) -> bool {
        let _ = self.done.send(());
        self.processes.is_cancelled()
    }
}
