//! Running Debian's tools: in a plain language, without questions, patient with locks. Must not know why.

use std::time::{Duration, Instant};

use crate::ctx::Ctx;
use crate::files::tools::find;
use crate::files::{Failure, Result};
use crate::processes::{self, Limit};

/// What a tool gave.
#[derive(Debug, Default)]
pub struct Gave {
    /// Its exit code.
    pub code: i32,
    /// What it wrote.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

impl Gave {
    /// Whether it did its work.
    pub fn is_good(&self) -> bool {
        self.code == 0
    }

    fn is_locked_out(&self) -> bool {
        self.code != 0
            && ["Could not get lock", "Unable to acquire the dpkg frontend lock", "Unable to lock"]
                .iter()
                .any(|words| self.stderr.contains(words))
    }
}

const OUTPUT: Limit = Limit(64 << 20);

/// Runs a tool.
pub fn run<A: AsRef<str>>(ctx: &Ctx, words: &[A]) -> Result<Gave> {
    let (name, rest) =
        words.split_first().map_or(("", words), |(name, rest)| (name.as_ref(), rest));
    let program = find(name).ok_or_else(|| {
        Failure::new(format!("Failed to find required executable \"{name}\" in paths"))
    })?;
    let mut command = ctx.command(program);
    command
        .args(rest.iter().map(AsRef::as_ref))
        .env("LANG", "C")
        .env("LC_ALL", "C")
        .env("LC_MESSAGES", "C")
        .env("LC_CTYPE", "C")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("DEBIAN_PRIORITY", "critical");
    let ended = processes::run(command, None, OUTPUT, ctx.processes())
        .map_err(|error| Failure::new(format!("could not run {name}: {error}")))?;
    Ok(Gave {
        code: ended.code,
        stdout: String::from_utf8_lossy(&ended.stdout.bytes).into_owned(),
        stderr: String::from_utf8_lossy(&ended.stderr.bytes).into_owned(),
    })
}

/// The same, again and again while another process holds a lock, as long as the user would wait.
pub fn run_waiting<A: AsRef<str>>(ctx: &Ctx, words: &[A], wait: Duration) -> Result<Gave> {
    let begun = Instant::now();
    loop {
        let gave = run(ctx, words)?;
        if !gave.is_locked_out() || begun.elapsed() >= wait || ctx.processes().is_cancelled() {
            return Ok(gave);
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}
