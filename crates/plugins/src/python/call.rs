//! Plugins by name, and calls of them: what is asked, and what is asked back meanwhile. Must not know where
//! templates are rendered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nafal_base::{Dict, ObjectRef, Scope, Text, Value};

use super::codec::{Objects, from_wire, to_wire};
use super::process::{Connection, Process};
use crate::finder::Finder;

/// What is said where there is no Python for plugins.
pub(super) const NO_CORE: &str = "plugins in Python need ansible-core, which is not on this machine: run \
     `nafal python install` or pip install ansible-core, or name its folder in NAFAL_ANSIBLE_CORE";

/// What kind of plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A filter.
    Filter,
    /// A test.
    Test,
    /// A lookup.
    Lookup,
    /// An action.
    Action,
}

impl Kind {
    /// As folders and settings name it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Filter => "filter",
            Kind::Test => "test",
            Kind::Lookup => "lookup",
            Kind::Action => "action",
        }
    }
}

/// Why a plugin gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PluginError {
    /// What it said.
    pub message: String,
    /// What caused that, the nearest first.
    pub causes: Vec<String>,
    /// Whether something undefined was used.
    pub undefined: bool,
    /// Whether its file couldn't be loaded.
    pub unloaded: bool,
}

impl PluginError {
    /// A failure without a cause.
    pub fn failed(message: impl Into<String>) -> PluginError {
        PluginError {
            message: message.into(),
            causes: Vec::new(),
            undefined: false,
            unloaded: false,
        }
    }
}

/// What a plugin may ask for while it runs.
pub trait World {
    /// The variables, as they were written.
    fn scope(&self) -> &dyn Scope;

    /// A value rendered: with the variables of `object` that it comes from, if it has some of its own.
    fn render(&self, value: &Value, object: Option<&ObjectRef>) -> Result<Value, PluginError>;

    /// A warning that the plugin gives.
    fn warn(&self, _message: &str) {}
}

/// A call.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Of what.
    pub kind: Kind,
    /// Its name as written.
    pub name: &'a str,
    /// Arguments by position; the filtered or tested value is the first.
    pub positional: &'a [Value],
    /// Arguments by name.
    pub named: &'a [(Text, Value)],
}

/// The users' plugins in Python.
#[derive(Debug)]
pub struct PythonPlugins {
    pub(super) finder: Arc<Finder>,
    process: Mutex<Option<Arc<Process>>>,
    known: Mutex<Known>,
}

/// What was asked for so far: names with their full names, as long as no folder comes along.
#[derive(Debug, Default)]
struct Known {
    roots: usize,
    names: HashMap<(Kind, String), Option<String>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl PythonPlugins {
    /// Those that this finder finds.
    pub fn new(finder: Arc<Finder>) -> PythonPlugins {
        PythonPlugins { finder, process: Mutex::default(), known: Mutex::default() }
    }

    /// The full name of a plugin; None when there is none of this name. Python is only asked where a folder may
    /// have it.
    pub fn find(
        &self,
        kind: Kind,
        name: &str,
        warn: &dyn Fn(&str),
    ) -> Result<Option<String>, PluginError> {
        let key = (kind, name.to_owned());
        let roots = self.finder.plugin_roots();
        {
            let mut known = locked(&self.known);
            if known.roots != roots {
                *known = Known { roots, names: HashMap::new() };
            }
            if let Some(found) = known.names.get(&key) {
                return Ok(found.clone());
            }
        }
        if !self.finder.may_have_plugin(kind, name) {
            return Ok(None);
        }
        let question: Dict = [
            ("do", Value::from("find")),
            ("kind", Value::from(kind.name())),
            ("name", Value::from(name)),
        ]
        .into_iter()
        .collect();
        let process = self.process()?;
        let mut connection = self.connection(&process)?;
        connection.send(Value::Dict(question))?;
        let answer = connection.receive()?;
        process.give_back(connection);
        answer.as_dict().into_iter().for_each(|answer| tell(answer, warn));
        let found = match answer.as_dict() {
            Some(answer) if answer.contains("error") => return Err(fault(answer)),
            Some(answer) => answer.get("found").and_then(Value::as_str).map(str::to_owned),
            None => None,
        };
        locked(&self.known).names.insert(key, found.clone());
        Ok(found)
    }

    /// Calls a plugin.
    pub fn call(&self, call: Call<'_>, world: &dyn World) -> Result<Value, PluginError> {
        let mut objects = Objects::default();
        let request = request(call, &mut objects, world)?;
        let said = self.told(request, &mut objects, world)?;
        match said.get("value") {
            Some(value) => from_wire(value.clone(), &objects),
            None => Err(fault(&said)),
        }
    }

    /// What is answered to a request, after everything that is asked back meanwhile.
    pub(super) fn told(
        &self,
        request: Value,
        objects: &mut Objects,
        world: &dyn World,
    ) -> Result<Dict, PluginError> {
        let process = self.process()?;
        let mut connection = self.connection(&process)?;
        connection.send(request)?;
        loop {
            let Value::Dict(said) = connection.receive()? else {
                return Err(PluginError::failed("the Python process for plugins said no dict"));
            };
            if let Some(Value::Dict(question)) = said.get("ask") {
                let answer = answer(question, objects, world);
                connection.send(answer)?;
                continue;
            }
            process.give_back(connection);
            tell(&said, &|warning| world.warn(warning));
            return Ok(said);
        }
    }

    /// The process; started now when there is none yet.
    pub(super) fn process(&self) -> Result<Arc<Process>, PluginError> {
        // Held while it starts: whoever else needs one waits for this one.
        let mut process = locked(&self.process);
        if let Some(running) = &*process {
            return Ok(Arc::clone(running));
        }
        let core = self.finder.core().ok_or_else(|| PluginError::failed(NO_CORE))?;
        let started = Process::start(&core.python(), &core.package, &self.finder.playbooks())?;
        let started = Arc::new(started);
        *process = Some(Arc::clone(&started));
        Ok(started)
    }

    /// A connection that knows all folders of plugins.
    pub(super) fn connection(&self, process: &Process) -> Result<Connection, PluginError> {
        let mut connection = process.connection()?;
        let new = self.finder.plugin_roots_after(connection.roots);
        if !new.is_empty() {
            connection.roots += new.len();
            let new: Vec<Value> =
                new.iter().map(|root| Value::from(root.display().to_string())).collect();
            let message = [("do", Value::from("roots")), ("roots", Value::from(new))];
            connection.send(Value::Dict(message.into_iter().collect()))?;
            connection.receive()?;
        }
        Ok(connection)
    }
}

fn request(call: Call<'_>, objects: &mut Objects, world: &dyn World) -> Result<Value, PluginError> {
    let mut positional = Vec::with_capacity(call.positional.len());
    for value in call.positional {
        positional.push(to_wire(value, objects, world)?);
    }
    let mut named = Dict::new();
    for (name, value) in call.named {
        named.insert(name.clone(), to_wire(value, objects, world)?);
    }
    let request = [
        ("do", Value::from("call")),
        ("kind", Value::from(call.kind.name())),
        ("name", Value::from(call.name)),
        ("positional", Value::from(positional)),
        ("named", Value::Dict(named)),
    ];
    Ok(Value::Dict(request.into_iter().collect()))
}

/// The answer to what a plugin asks while it runs.
pub(super) fn answer(question: &Dict, objects: &mut Objects, world: &dyn World) -> Value {
    let answered = found(question, objects, world);
    let entries: Vec<(&str, Value)> = match answered {
        Ok(Some(value)) => vec![("found", Value::Bool(true)), ("value", value)],
        Ok(None) => vec![("found", Value::Bool(false))],
        Err(error) => {
            vec![("error", Value::from(error.message)), ("undefined", Value::Bool(error.undefined))]
        }
    };
    Value::Dict(entries.into_iter().collect())
}

fn found(
    question: &Dict,
    objects: &mut Objects,
    world: &dyn World,
) -> Result<Option<Value>, PluginError> {
    let text = |key: &str| question.get(key).and_then(Value::as_str).unwrap_or_default();
    let object = question.get("object").and_then(Value::as_int);
    let object = object.and_then(|number| objects.get(number)).cloned();
    match (text("what"), object) {
        ("variable", _) => {
            let value = world.scope().get(text("name"));
            value.map(|value| to_wire(&value, objects, world)).transpose()
        }
        ("names", _) => {
            let mut names = Vec::new();
            world.scope().names(&mut |name: &Text| names.push(Value::text(name.as_str())));
            Ok(Some(Value::from(names)))
        }
        ("item", Some(object)) => {
            let key = question.get("key").cloned().unwrap_or_default();
            let Some(value) = object.item(&from_wire(key, objects)?) else { return Ok(None) };
            // What is nested in the object is handed on as such; text is rendered where it belongs.
            let value = match value {
                Value::Obj(_) => value,
                other => world.render(&other, Some(&object))?,
            };
            to_wire(&value, objects, world).map(Some)
        }
        ("keys", Some(object)) => {
            let keys = Value::from(object.iterate().unwrap_or_default());
            to_wire(&keys, objects, world).map(Some)
        }
        _ => Ok(None),
    }
}

/// Hands on what the process warns of.
fn tell(said: &Dict, warn: &dyn Fn(&str)) {
    if let Some(Value::List(warnings)) = said.get("warnings") {
        warnings.iter().for_each(|warning| warn(&warning.to_text()));
    }
}

/// What went wrong in Python.
pub(super) fn fault(said: &Dict) -> PluginError {
    let texts = |key: &str| -> Vec<String> {
        let items = said.get(key).and_then(Value::as_list);
        items.into_iter().flatten().map(|item| item.to_text().into_owned()).collect()
    };
    PluginError {
        message: said.get("error").map(|text| text.to_text().into_owned()).unwrap_or_default(),
        causes: texts("causes"),
        undefined: said.get("undefined").and_then(Value::as_bool).unwrap_or(false),
        unloaded: said.get("unloaded").and_then(Value::as_bool).unwrap_or(false),
    }
}
