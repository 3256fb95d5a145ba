//! Owns one replay: a fresh copy of the case at its fixed path, the runs in a clean environment, what
//! they left. It must not know how texts are compared.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Fault;
use crate::case::{Case, Need, Run};
use crate::normalise::{Normaliser, Rules};
use crate::sandbox::Sandbox;
use crate::terminal::Terminal;
use crate::{changes, compare, tree};

/// The same at record and at replay, because outputs are full of paths.
const WORK: &str = "/tmp/nafal-cases";
const SYSTEM_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const NAMES: [&str; 5] =
    ["ansible", "ansible-config", "ansible-inventory", "ansible-playbook", "ansible-vault"];
const LIMIT: Duration = Duration::from_secs(90);

/// A folder in which nafal goes by the names of the commands that it replaces.
pub struct Commands {
    folder: tempfile::TempDir,
}

impl Commands {
    pub fn link() -> Result<Self, Fault> {
        let folder = tempfile::tempdir()?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        for name in NAMES {
            symlink(env!("CARGO_BIN_EXE_nafal"), folder.path().join(name))?;
        }
        Ok(Self { folder })
    }
}

/// Runs a case and tells all that differs.
pub fn replay(folder: &Path, rules: &Rules, commands: &Commands) -> Result<(), String> {
    let differences = differences(folder, rules, commands).map_err(|fault| fault.to_string())?;
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n\n")) }
}

fn differences(folder: &Path, rules: &Rules, commands: &Commands) -> Result<Vec<String>, Fault> {
    let case = Case::read(folder)?;
    let normaliser = rules.with(&case.normalise)?;
    let name = folder.file_name().unwrap_or_default();
    let work = Path::new(WORK).join(name);
    fs::create_dir_all(WORK)?;
    // Another checkout, or the recorder, may be at the same case.
    let lock = File::create(Path::new(WORK).join(format!("{}.lock", name.display())))?;
    lock.lock()?;
    remove(&work)?;
    copy(folder, &work, Level::Case)?;
    fs::create_dir(work.join(".home"))?;
    let sandbox = match case.sandbox {
        Some(_) => {
            let script = folder.join("../../sandbox");
            let visible = [Path::new(env!("CARGO_BIN_EXE_nafal")), commands.folder.path()];
            let folders =
                visible.map(|path| if path.is_dir() { Some(path) } else { path.parent() });
            let folders: Vec<&Path> = folders.into_iter().flatten().collect();
            Some(Sandbox::make(&script, &work, &folders)?)
        }
        None => None,
    };
    let recorded = Recorded { folder: folder.join("expected"), normaliser: &normaliser };
    let mut found = Vec::new();
    for (index, run) in case.runs.iter().enumerate() {
        let left = run_command((run, case.needs), &work, commands, sandbox.as_ref())?;
        found.extend(recorded.compare_run(&case, index + 1, run, &left)?);
    }
    if !case.files.is_empty() {
        let expected = tree::recorded(&recorded.folder.join("files.yml"), &normaliser)?;
        let mut entries = Vec::new();
        for path in &case.files {
            entries.extend(match &sandbox {
                Some(sandbox) if path.starts_with('/') => changes::found(path, &sandbox.root())?,
                _ => tree::found(&work, path)?,
            });
        }
        let now = tree::shown(&entries, &normaliser);
        if let Some(text) = compare::difference(&expected, &now) {
            found.push(format!("files that it left:\n{text}"));
        }
    }
    drop(sandbox);
    remove(&work)?;
    Ok(found)
}

struct Recorded<'r> {
    folder: PathBuf,
    normaliser: &'r Normaliser<'r>,
}

impl Recorded<'_> {
    fn compare_run(
        &self,
        case: &Case,
        number: usize,
        run: &Run,
        left: &Left,
    ) -> Result<Vec<String>, Fault> {
        let mut found = Vec::new();
        let head = format!("run {number}: {}", run.command.trim());
        let code = self.read(number, "code")?;
        if code.trim() != left.code {
            let said = tail(&left.stderr);
            found.push(format!("{head}\nexit code {}, not {}\n{said}", left.code, code.trim()));
        }
        if run.compare == crate::case::Compare::Code {
            return Ok(found);
        }
        let normalise = |text: &str| self.normaliser.normalise(text);
        let (expected, now) = (normalise(&self.read(number, "stdout")?), normalise(&left.stdout));
        if let Some(text) = compare::stdout(run.compare, &expected, &now) {
            found.push(format!("{head}\nstdout:\n{text}"));
        }
        let (expected, now) = (normalise(&self.read(number, "stderr")?), normalise(&left.stderr));
        if let Some(text) = compare::stderr(case.stderr, &expected, &now) {
            found.push(format!("{head}\nstderr:\n{text}"));
        }
        Ok(found)
    }

    fn read(&self, number: usize, what: &str) -> Result<String, Fault> {
        let path = self.folder.join(format!("{number}.{what}"));
        Ok(fs::read_to_string(&path)
            .map_err(|fault| format!("{}: {fault}; tests/record writes it", path.display()))?)
    }
}

/// What one command left.
struct Left {
    code: String,
    stdout: String,
    stderr: String,
}

fn run_command(
    (run, needs): (&Run, Option<Need>),
    work: &Path,
    commands: &Commands,
    sandbox: Option<&Sandbox>,
) -> Result<Left, Fault> {
    let words =
        shlex::split(&run.command).ok_or_else(|| format!("{}: an open quote", run.command))?;
    let outputs = tempfile::tempdir()?;
    let [stdout, stderr] = ["stdout", "stderr"].map(|name| outputs.path().join(name));
    // Files, not pipes: a process that outlives the command can't keep the replay waiting.
    let mut command = match sandbox {
        Some(sandbox) => sandbox.command(work),
        None => {
            let mut command = Command::new("/bin/sh");
            command.args(["-c", "umask 022; exec \"$@\"", "sh"]);
            command
        }
    };
    let core = needs.and_then(|Need::AnsibleCore| crate::reference::package());
    if run.terminal.is_some() {
        // Only who leads no group yet may lead a session, and so own a terminal.
        let mut owner = Command::new("setsid");
        owner.arg("--ctty").arg(command.get_program()).args(command.get_args());
        command = owner;
    }
    command
        .args(words)
        .current_dir(work)
        .env_clear()
        .env("PATH", format!("{}:{SYSTEM_PATH}", commands.folder.path().display()))
        .env("HOME", work.join(".home"))
        .env("LANG", "C.UTF-8")
        .env("ANSIBLE_PYTHON_INTERPRETER", "/usr/bin/python3")
        .envs(core.map(|package| ("NAFAL_ANSIBLE_CORE", package)))
        // All cases hold with this setting of nafal's own, too.
        .envs(std::env::var_os("NAFAL_FACTS").map(|facts| ("NAFAL_FACTS", facts)))
        .envs(&run.environment);
    if run.terminal.is_some() && !run.environment.contains_key("TERM") {
        command.env("TERM", "dumb");
    }
    let (mut child, terminal) = match &run.terminal {
        Some(exchanges) => {
            let (child, terminal) = Terminal::start(&mut command, exchanges)?;
            (child, Some(terminal))
        }
        None => {
            command
                .stdin(Stdio::null())
                .stdout(File::create(&stdout)?)
                .stderr(File::create(&stderr)?)
                .process_group(0);
            (command.spawn()?, None)
        }
    };
    let began = Instant::now();
    let mut pause = Duration::from_millis(2);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if began.elapsed() > LIMIT {
            Command::new("kill").args(["-KILL", "--", &format!("-{}", child.id())]).status()?;
            child.wait()?;
            let said = match terminal {
                Some(terminal) => terminal.shown(),
                None => lossy(&stderr)?,
            };
            let said = tail(&said);
            return Err(format!("{}: not done after {LIMIT:?}\n{said}", run.command).into());
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    };
    let code = match (status.code(), status.signal()) {
        (Some(code), _) => code.to_string(),
        // As Python tells it, and so the recorder.
        (None, signal) => format!("-{}", signal.unwrap_or_default()),
    };
    if let Some(terminal) = terminal {
        return Ok(Left { code, stdout: terminal.end()?, stderr: String::new() });
    }
    Ok(Left { code, stdout: lossy(&stdout)?, stderr: lossy(&stderr)? })
}

fn lossy(path: &Path) -> Result<String, Fault> {
    Ok(String::from_utf8_lossy(&fs::read(path)?).into_owned())
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}

fn remove(work: &Path) -> Result<(), Fault> {
    if fs::symlink_metadata(work).is_ok() {
        fs::remove_dir_all(work)
            .map_err(|fault| format!("{} can't be removed: {fault}", work.display()))?;
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum Level {
    Case,
    Below,
}

/// Only the x bit survives git, so it alone is taken over; the rest is as with umask 022.
fn copy(source: &Path, target: &Path, level: Level) -> Result<(), Fault> {
    fs::create_dir(target)?;
    fs::set_permissions(target, fs::Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(source)? {
        let entry = entry?;
        let name = entry.file_name();
        if level == Level::Case && (name == "expected" || name == "case.yml") {
            continue;
        }
        let (from, to) = (entry.path(), target.join(&name));
        // A file that another case has too is a link to it, and copied.
        let link = fs::read_link(&from).ok();
        let is_shared =
            level == Level::Case && link.as_ref().is_some_and(|to| to.starts_with(".."));
        if let Some(target) = link.filter(|_| !is_shared) {
            symlink(target, &to)?;
            continue;
        }
        let metadata = fs::metadata(&from)?;
        if metadata.is_dir() {
            copy(&from, &to, Level::Below)?;
        } else {
            fs::write(&to, fs::read(&from)?)?;
            let mode = if metadata.permissions().mode() & 0o100 == 0 { 0o644 } else { 0o755 };
            fs::set_permissions(&to, fs::Permissions::from_mode(mode))?;
        }
    }
    Ok(())
}
