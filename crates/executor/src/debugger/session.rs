//! One sitting at the debugger: lines are asked for until one lets the run go on.

use std::io;
use std::sync::atomic::AtomicBool;

use nafal_base::console::{Console, Echo};
use nafal_base::{Outcome, Value};
use nafal_templating::{Effects, Renderer};
use nafal_variables::TaskScope;

use super::commands::{Command, help};
use super::paths::{Path, Step, set};
use super::python_error::PythonError;
use super::task::DebuggedTask;
use super::view::View;
use crate::error::Error;
use crate::services::Services;

/// What is to become of the task.
#[derive(Debug, PartialEq)]
pub(crate) enum Decision {
    /// Its result holds.
    Continue,
    /// It runs once more.
    Redo,
    /// The run ends.
    Quit,
}

/// Somebody at the terminal, and what is talked about.
pub(crate) struct Session<'a> {
    pub services: &'a dyn Services,
    pub task: &'a mut DebuggedTask,
    pub outcome: &'a Outcome,
    /// The task's variables, without those that the debugger set.
    pub scope: &'a TaskScope,
    pub effects: &'a dyn Effects,
}

impl Session<'_> {
    /// Asks until it is said how to go on. Where nobody can answer, nobody goes on.
    pub(crate) fn run(&mut self) -> Result<Decision, Error> {
        let services = self.services;
        let (console, cancelled) = (services.console(), services.cancelled());
        let scope = self.scope.clone();
        let prompt = format!("[{}] {} (debug)> ", scope.host(), self.view(&scope).task_line());
        let mut last = String::new();
        loop {
            let Some(line) = line(console, &prompt, cancelled)? else { return Ok(Decision::Quit) };
            // An empty line says the same again.
            if !line.is_empty() {
                last.clone_from(&line);
            } else if last.is_empty() {
                continue;
            }
            match Command::parse(&last) {
                Command::Quit => return Ok(Decision::Quit),
                Command::Continue => return Ok(Decision::Continue),
                Command::Redo => return Ok(Decision::Redo),
                Command::Help(topic) => console.show(&help(topic)),
                Command::Update => {
                    if let Err(message) = self.update() {
                        console.show(&message);
                    }
                }
                Command::Print(expression) => {
                    let scope = self.current();
                    let shown = self.view(&scope).shown(expression);
                    console.show(&shown.unwrap_or_else(|error| error.line()));
                }
                Command::Statement(statement) => {
                    if let Err(error) = self.execute(statement) {
                        console.show(&error.line());
                    }
                }
            }
        }
    }

    fn view<'b>(&'b self, scope: &'b TaskScope) -> View<'b> {
        View { task: self.task, outcome: self.outcome, scope, effects: self.effects }
    }

    /// The variables with those that were set.
    fn current(&self) -> TaskScope {
        let mut scope = self.scope.clone();
        for (name, value) in &self.task.variables {
            if let Some(name) = name.as_text() {
                scope.with_local(name.clone(), value.clone());
            }
        }
        scope
    }

    fn update(&mut self) -> Result<(), String> {
        let scope = self.current();
        let renderer = Renderer::new(&scope, self.effects);
        self.task.update(self.services, &renderer)
    }

    /// An assignment, a deletion, or an expression of which nothing is shown.
    fn execute(&mut self, statement: &str) -> Result<(), PythonError> {
        let scope = self.current();
        if let Some((path, "")) = statement.strip_prefix("del ").and_then(Path::parse) {
            return self.set(&scope, &path, None);
        }
        if let Some((path, rest)) = Path::parse(statement)
            && let Some(expression) = rest.strip_prefix('=').filter(|rest| !rest.starts_with('='))
        {
            let value = self.view(&scope).value(expression)?;
            return self.set(&scope, &path, Some(value));
        }
        self.view(&scope).value(statement).map(drop)
    }

    fn set(
        &mut self,
        scope: &TaskScope,
        path: &Path,
        new: Option<Value>,
    ) -> Result<(), PythonError> {
        match (path.root.as_str(), &path.steps[..]) {
            ("task", [Step::Attribute(name), items @ ..]) if name == "args" => {
                let keys = self.view(scope).keys(items)?;
                let is_dict = new.as_ref().is_some_and(|new| new.as_dict().is_some());
                if keys.is_empty() && !is_dict {
                    return Err(PythonError::type_of("the arguments of a task are a dict"));
                }
                set(&mut self.task.args, &keys, new)
            }
            ("task", [Step::Attribute(name)]) if name == "action" => {
                self.task.action = new.map(|action| action.to_text().into_owned());
                Ok(())
            }
            ("task_vars", [_, ..]) => {
                let keys = self.view(scope).keys(&path.steps)?;
                let mut all = self.view(scope).value("task_vars")?;
                set(&mut all, &keys, new)?;
                if let (Value::Dict(all), Some(name)) = (all, keys.first().and_then(Value::as_str))
                {
                    let value = all.get(name).cloned().unwrap_or_default();
                    self.task.variables.insert(name, value);
                }
                Ok(())
            }
            _ => Err(PythonError::new(
                "NotImplementedError",
                "nafal's debugger sets task.args, task.action and the items of task_vars alone",
            )),
        }
    }
}

/// A line without the blanks around it; None where there are no more.
fn line(
    console: &dyn Console,
    prompt: &str,
    cancelled: &AtomicBool,
) -> Result<Option<String>, Error> {
    match console.line(prompt, Echo::Shown, cancelled) {
        Ok(Some(line)) => Ok(Some(line.trim().to_owned())),
        Ok(None) => Err(Error::Cancelled),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(Error::NoAnswer(error.to_string())),
    }
}
