//! A run's callbacks in Python: loaded in a fork of the warm Python, told events one after the other. Must not know
//! what is shown where.

use std::path::PathBuf;

use nafal_base::foreign::{
    Audience, Channel, Ending, Faults, ForeignCallbacks, Repeats, Said, Wish,
};
use nafal_base::{Diagnostic, Dict, Event, Value};

use super::call::{NO_CORE, PluginError};
use super::event::{Teller, wire};
use super::process::{Connection, Process};
use crate::finder::Finder;

/// The fork's own program.
const PROGRAM: &str =
    concat!(include_str!("callback_world.py"), "\n", include_str!("callbacks.py"));

/// Which callbacks are wanted, and what they see of the run.
#[derive(Clone, Debug, Default)]
pub struct CallbackSetup {
    /// What shows the run, when that is a callback in Python.
    pub stdout: Option<String>,
    /// Whether those that only listen are loaded too.
    pub listeners: Listeners,
    /// `callbacks_enabled`, without nafal's own.
    pub enabled: Vec<String>,
    /// The names of those that nafal has itself.
    pub own: Vec<String>,
    /// Folders that have plugins beside: those of roles first, later the playbooks' too.
    pub folders: Vec<PathBuf>,
    /// How much is told.
    pub verbosity: u8,
    /// How wide banners are.
    pub columns: usize,
    /// Whether colours are written.
    pub colored: bool,
    /// Arguments of the command, by stock's names.
    pub arguments: Dict,
    /// The extra vars.
    pub extra: Dict,
}

/// Whether callbacks that only listen are loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listeners {
    /// They are.
    #[default]
    Loaded,
    /// They aren't, as for ad hoc runs.
    Left,
}

/// Why they can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// What shows the run can't be loaded.
    #[error("{message}")]
    Refused {
        /// What was said.
        message: String,
        /// The exit code that stock has for it.
        code: u8,
    },
    /// There is no Python for them.
    #[error(transparent)]
    Python(#[from] PluginError),
}

/// Callbacks in Python that run. The process ends with this.
#[derive(Debug)]
pub struct PythonCallbacks {
    connection: Connection,
    teller: Teller,
    _process: Process,
}

impl PythonCallbacks {
    /// Loads them; None when there turns out to be none. What is said meanwhile goes to `hear`.
    pub fn start(
        finder: &Finder,
        setup: &CallbackSetup,
        hear: &mut dyn FnMut(Wish),
    ) -> Result<Option<PythonCallbacks>, CallbackError> {
        let core = finder.core().ok_or_else(|| PluginError::failed(NO_CORE))?;
        let process = Process::start(&core.python(), &core.package, &finder.playbooks())?;
        let mut connection = process.connection()?;
        let request = [
            ("do", Value::from("callbacks")),
            ("program", Value::from(PROGRAM)),
            ("setup", Value::Dict(asked(setup))),
        ];
        connection.send(Value::Dict(request.into_iter().collect()))?;
        let answer = listen(&mut connection, hear)?;
        if let Some(error) = answer.get("error") {
            let code = answer.get("code").and_then(Value::as_int).unwrap_or(1);
            let code = u8::try_from(code).unwrap_or(1);
            return Err(CallbackError::Refused { message: error.to_text().into_owned(), code });
        }
        if answer.get("count").is_none_or(|count| !count.is_true()) {
            return Ok(None);
        }
        let teller = Teller::default();
        Ok(Some(PythonCallbacks { connection, teller, _process: process }))
    }

    fn pass(&mut self, request: Value, hear: &mut dyn FnMut(Wish)) -> Result<(), PluginError> {
        self.connection.send(request)?;
        listen(&mut self.connection, hear).map(drop)
    }
}

impl ForeignCallbacks for PythonCallbacks {
    fn tell(&mut self, event: &Event, hear: &mut dyn FnMut(Wish)) -> Result<(), Diagnostic> {
        let Some(said) = self.teller.told(event) else { return Ok(()) };
        let request = [("do", Value::from("event")), ("said", said)];
        self.pass(Value::Dict(request.into_iter().collect()), hear).map_err(|error| {
            let what = "Callbacks in Python are told nothing more";
            Diagnostic::warning(format!("{what}: {}", error.message))
        })
    }

    fn end(&mut self, hear: &mut dyn FnMut(Wish)) {
        let request = [("do", Value::from("end"))];
        // Who is gone already needs no farewell.
        let _ = self.pass(Value::Dict(request.into_iter().collect()), hear);
    }
}

fn asked(setup: &CallbackSetup) -> Dict {
    let texts = |all: &[String]| Value::from(all.to_vec());
    let folders: Vec<Value> =
        setup.folders.iter().map(|folder| Value::from(folder.display().to_string())).collect();
    [
        ("stdout", setup.stdout.as_deref().map_or(Value::None, Value::from)),
        ("listen", Value::Bool(setup.listeners == Listeners::Loaded)),
        ("enabled", texts(&setup.enabled)),
        ("own", texts(&setup.own)),
        ("folders", Value::from(folders)),
        ("verbosity", Value::from(i64::from(setup.verbosity))),
        ("columns", Value::from(setup.columns)),
        ("colored", Value::Bool(setup.colored)),
        ("arguments", wire(&Value::Dict(setup.arguments.clone()))),
        ("extra", wire(&Value::Dict(setup.extra.clone()))),
    ]
    .into_iter()
    .collect()
}

/// Passes on what is wanted until they are through; the last message.
fn listen(connection: &mut Connection, hear: &mut dyn FnMut(Wish)) -> Result<Dict, PluginError> {
    loop {
        let Value::Dict(message) = connection.receive()? else {
            return Err(PluginError::failed("a callback in Python said no dict"));
        };
        if message.contains("done") {
            return Ok(message);
        }
        if message.contains("ask") {
            // Nothing of a run can be asked here.
            let nothing = [("found", Value::Bool(false)), ("value", Value::None)];
            connection.send(Value::Dict(nothing.into_iter().collect()))?;
        } else if let Some(wish) = wish(&message) {
            hear(wish);
        }
    }
}

fn wish(message: &Dict) -> Option<Wish> {
    let flag = |key: &str| message.get(key).is_some_and(Value::is_true);
    let channel = if flag("stderr") { Channel::Err } else { Channel::Out };
    if let Some(faults) = message.get("faults").and_then(Value::as_str) {
        let faults = match faults {
            "error" => Faults::Error,
            "warnings" => Faults::Warnings,
            _ => Faults::All,
        };
        return Some(Wish::Explain(faults, channel));
    }
    Some(Wish::Say(Said {
        text: message.get("say")?.to_text().into_owned(),
        color: message.get("color").and_then(Value::as_str).map(str::to_owned),
        channel,
        audience: match message.get("log").and_then(Value::as_str) {
            Some("no") => Audience::Screen,
            Some("only") => Audience::Log,
            _ => Audience::Everybody,
        },
        ending: if flag("newline") { Ending::Line } else { Ending::Open },
        repeats: if flag("once") { Repeats::Once } else { Repeats::Always },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes() {
        let wish = |json: &str| wish(&serde_json::from_str::<Dict>(json).unwrap());
        assert_eq!(
            wish(r#"{"faults": "error", "stderr": true}"#),
            Some(Wish::Explain(Faults::Error, Channel::Err))
        );
        let said = Said { text: "x".to_owned(), color: Some("red".to_owned()), ..Said::default() };
        assert_eq!(
            wish(r#"{"say": "x", "color": "red", "newline": true, "log": "too"}"#),
            Some(Wish::Say(said))
        );
        assert_eq!(wish("{}"), None);
    }
}
