//! Jobs: modules that run in the background, in processes of their own that outlive the agent.
//! What a job is doing and what came of it stands in a file that stock's `async_status` understands
//! too. Must not know who looks after a job.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use nafal_base::value::json;
use nafal_base::wire::{self, Request};
use nafal_base::{Dict, Outcome, Value};
use serde::{Deserialize, Serialize};

use crate::ctx::Ctx;
use crate::files::staged::{self, Content, Options};
use crate::processes::{self, Processes};
use crate::python;
use crate::registry;
use crate::serve::{OwnFolder, guard};

/// The word on an agent's command line that makes it run one job.
pub const WORD: &str = "job";

/// Where jobs' files are unless somebody says otherwise.
pub const FOLDER: &str = "~/.ansible_async";

/// What the process of a job is told.
#[derive(Debug, Serialize, Deserialize)]
pub struct Order {
    /// What it runs.
    pub request: Request,
    /// For how many seconds at most.
    pub seconds: u64,
    /// Where its file is.
    pub folder: PathBuf,
}

/// A job that has begun.
#[derive(Debug, PartialEq, Eq)]
pub struct Begun {
    /// Its name, in stock's form: a random number and its process.
    pub id: String,
    /// Its file.
    pub file: PathBuf,
}

/// Starts a job in a process of its own and waits until its file is there.
pub fn start(order: &Order) -> io::Result<Begun> {
    // The agent's file may be gone by now, its process isn't.
    let mut command = Command::new("/proc/self/exe");
    command.args(["agent", WORD]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = processes::spawn(command.stderr(Stdio::null()))?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    // Somebody must wait for it, or it stays as a zombie for as long as the agent lives.
    let waiting = std::thread::Builder::new().stack_size(64 << 10);
    waiting.spawn(move || child.wait())?;
    let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    wire::write_frame(&mut stdin, order)?;
    drop(stdin);
    let mut said = String::new();
    // Its end stays open for as long as the job runs.
    BufReader::new(stdout).read_line(&mut said)?;
    match said.trim_end().split_once(' ') {
        Some(("begun", id)) => Ok(Begun { id: id.to_owned(), file: order.folder.join(id) }),
        Some((_, reason)) => Err(io::Error::other(reason.to_owned())),
        None => Err(io::Error::other("the job's process ended at once")),
    }
}

/// Runs the job that stdin orders: what an agent does that was started with [`WORD`]. Gives the
/// exit code.
pub fn run() -> i32 {
    crate::serve::remember_places();
    let Ok(Some(order)) = wire::read_frame::<Order>(&mut io::stdin()) else { return 1 };
    // Away from whatever ends with the connection.
    if nix::unistd::setsid().is_err() {
        return 1;
    }
    let begun = begin(&order.folder);
    let said = match &begun {
        Ok(begun) => format!("begun {}\n", begun.id),
        Err(error) => format!("failed {error}\n"),
    };
    let told = io::stdout().write_all(said.as_bytes()).and_then(|()| io::stdout().flush());
    match (begun, told) {
        (Ok(begun), Ok(())) => {
            let outcome = perform(order.request, Duration::from_secs(order.seconds));
            i32::from(write(&begun.file, outcome.to_result()).is_err())
        }
        _ => 1,
    }
}

/// Names the job and writes that it has started.
fn begin(folder: &Path) -> io::Result<Begun> {
    fs::create_dir_all(folder).map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("could not create directory {}: {error}", folder.display()),
        )
    })?;
    let number = staged::random_number()? % 1_000_000_000_000;
    let id = format!("j{number}.{}", std::process::id());
    let file = folder.join(&id);
    let mut started = Dict::new();
    started.insert("started", Value::Bool(true));
    started.insert("finished", Value::Bool(false));
    started.insert("ansible_job_id", Value::from(id.as_str()));
    write(&file, started)?;
    Ok(Begun { id, file })
}

fn write(file: &Path, values: Dict) -> io::Result<()> {
    let text = json::to_json(&Value::Dict(values), json::Style::LINE);
    // A result may hold what others must not read.
    let options = Options { umask: 0o077, ..Options::default() };
    staged::write(file, Content::Bytes(text.as_bytes()), &options).map_err(io::Error::other)
}

/// What the module gives, or that its time is over.
fn perform(request: Request, limit: Duration) -> Outcome {
    in_own_folder(|folder| within(folder, request, limit))
}

/// Gives what runs a folder for temporary files.
pub(crate) fn in_own_folder(run: impl FnOnce(&Path) -> Outcome) -> Outcome {
    match OwnFolder::make() {
        Ok(folder) => run(folder.path()),
        Err(error) => Outcome::failed(format!("there is no folder for temporary files: {error}")),
    }
}

fn within(folder: &Path, request: Request, limit: Duration) -> Outcome {
    let processes = Arc::new(Processes::default());
    let (sender, ended) = mpsc::channel();
    let inside = (folder.to_owned(), Arc::clone(&processes));
    let spawned = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        let outcome = run_module(request, &inside.0, inside.1);
        // Nobody waits any more when the time is over.
        let _ = sender.send(outcome);
    });
    if let Err(error) = spawned {
        return Outcome::failed(format!("no thread to run in: {error}"));
    }
    ended.recv_timeout(limit).unwrap_or_else(|_| {
        processes.cancel();
        Outcome::failed("Timeout exceeded").with("child_pid", i64::from(std::process::id()))
    })
}

/// Runs one module in this process, which runs no other.
pub(crate) fn run_module(request: Request, folder: &Path, processes: Arc<Processes>) -> Outcome {
    let Request { module: name, args, surroundings } = request;
    let native = registry::find(&name);
    if native.is_none() && name != wire::FOREIGN {
        return Outcome::failed(format!("the module {name} is not one of nafal's own"));
    }
    let ctx = Ctx::new(&name, surroundings, folder, processes);
    guard(&name, || match native {
        Some(module) => module.run(&args, &ctx),
        None => python::run_in_job(&args, &ctx),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_with_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let begun = begin(&folder.path().join("deep/jobs")).unwrap();
        let text = fs::read_to_string(&begun.file).unwrap();
        let wanted = format!(
            "{{\"started\": true, \"finished\": false, \"ansible_job_id\": \"{}\"}}",
            begun.id
        );
        assert_eq!(text, wanted);
        assert!(begun.id.ends_with(&format!(".{}", std::process::id())));
        fs::write(folder.path().join("f"), "").unwrap();
        let error = begin(&folder.path().join("f")).unwrap_err();
        assert!(error.to_string().contains("could not create directory"), "{error}");
    }

    #[test]
    fn the_time_may_be_over() {
        let args: Dict = [("_raw_params", "sleep 30".into())].into_iter().collect();
        let request = Request { module: "command".into(), args, surroundings: Default::default() };
        let outcome = perform(request, Duration::from_millis(200));
        assert_eq!(outcome.text("msg"), Some("Timeout exceeded"));
        let request = Request {
            module: "nosuch".into(),
            args: Dict::new(),
            surroundings: Default::default(),
        };
        assert!(perform(request, Duration::from_secs(9)).is_failed());
    }
}
