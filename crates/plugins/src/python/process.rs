//! The warm Python process and the connections to it. Must not know what is said.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use nafal_base::Value;
use nafal_base::value::json::{Style, to_json};
use nafal_base::value::json_read;

use super::call::PluginError;

/// The process's own program: action plugins' part comes first, as the rest never ends.
const PROGRAM: &str = concat!(include_str!("actions.py"), "\n", include_str!("server.py"));

/// The process. It ends, with all that it forked, when this is dropped.
#[derive(Debug)]
pub(super) struct Process {
    socket: PathBuf,
    idle: Mutex<Vec<Connection>>,
    input: Option<ChildStdin>,
    child: Child,
    /// The socket's folder, which nobody else can enter.
    _folder: tempfile::TempDir,
}

/// A fork of the process that serves whoever has this, one call after the other.
#[derive(Debug)]
pub(super) struct Connection {
    input: BufReader<UnixStream>,
    /// How many folders of plugins it was told of.
    pub roots: usize,
}

fn broken(error: &dyn std::fmt::Display) -> PluginError {
    PluginError::failed(format!("the Python process for plugins can't be used: {error}"))
}

impl Process {
    /// Starts it with this Python, and waits until it has read what every plugin needs.
    pub(super) fn start(
        python: &Path,
        package: &Path,
        playbooks: &[PathBuf],
    ) -> Result<Process, PluginError> {
        let folder = tempfile::Builder::new()
            .prefix("nafal-python-")
            .tempdir()
            .map_err(|error| broken(&error))?;
        let socket = folder.path().join("socket");
        let shown = |path: &Path| Value::from(path.display().to_string());
        let playbooks: Vec<Value> = playbooks.iter().map(|path| shown(path)).collect();
        let mut child = Command::new(python)
            .arg("-c")
            .arg(PROGRAM)
            .arg(&socket)
            .arg(to_json(&Value::from(playbooks), Style::LINE))
            .arg(package.parent().unwrap_or(package))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| broken(&format!("{}: {error}", python.display())))?;
        let input = child.stdin.take();
        let mut first = String::new();
        if let Some(output) = child.stdout.take() {
            let _ = BufReader::new(output).read_line(&mut first);
        }
        let process = Process { socket, idle: Mutex::default(), input, child, _folder: folder };
        match serde_json::from_str::<Value>(&first) {
            Ok(Value::Dict(said)) if said.contains("ready") => Ok(process),
            Ok(Value::Dict(said)) => {
                Err(broken(&said.get("error").map(|error| error.to_text()).unwrap_or_default()))
            }
            _ => Err(broken(&"it ended before it was ready")),
        }
    }

    /// A connection that nobody uses, or a new one.
    pub(super) fn connection(&self) -> Result<Connection, PluginError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(connection) = idle {
            return Ok(connection);
        }
        let stream = UnixStream::connect(&self.socket).map_err(|error| broken(&error))?;
        Ok(Connection { input: BufReader::new(stream), roots: 0 })
    }

    /// Keeps a connection for the next who needs one.
    pub(super) fn give_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It ends by itself when its input does; waiting for it leaves no zombie.
        self.input.take();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let _ = self.child.wait();
    }
}

impl Connection {
    pub(super) fn send(&mut self, message: Value) -> Result<(), PluginError> {
        let mut line = to_json(&message, Style::LINE);
        line.push('\n');
        let stream = self.input.get_mut();
        stream
            .write_all(line.as_bytes())
            .and_then(|()| stream.flush())
            .map_err(|error| broken(&error))
    }

    pub(super) fn receive(&mut self) -> Result<Value, PluginError> {
        let mut line = String::new();
        let read = self.input.read_line(&mut line).map_err(|error| broken(&error))?;
        if read == 0 {
            return Err(broken(&"it ended while a plugin ran"));
        }
        // Half a character is what Python makes of a byte that is none (case `action-plugin-bytes`).
        match serde_json::from_str(&line) {
            Ok(value) => Ok(value),
            Err(error) => json_read::read(line.trim_end()).map_err(|_| broken(&error)),
        }
    }
}
