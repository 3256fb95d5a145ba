//! Where a variable's value comes from: every definition of it that a host has, the one that holds first,
//! and for a template what it is made of. Runs nothing: what tasks register is told as what they would set.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use nafal_base::{Event, HostName, Marks, Span, Value};
use nafal_executor::{Services, task_layers};
use nafal_graph::{TaskNode, writes_of};
use nafal_templating::{Effects, NoEffects, Renderer, analysis};
use nafal_variables::{TaskLayers, TaskScope};

use crate::agents::connections;
use crate::engine::Engine;
use crate::error::Error;
use crate::playbooks::{ReadyPlay, folder_of, patterns};
use crate::run::Course;

/// How deep templates are followed.
const DEEPEST: usize = 12;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The variable.
    pub name: String,
    /// The host.
    pub host: String,
    /// A part of a task's name: as that task sees it.
    pub task: Option<String>,
}

/// Whether a value may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// It may.
    Open,
    /// It comes from a vault.
    Secret,
}

/// One definition of a variable.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The layer, in words.
    pub layer: &'static str,
    /// The value as it was written.
    pub written: Value,
    /// Where.
    pub span: Option<Span>,
    /// Whether it may be shown.
    pub secrecy: Secrecy,
}

/// A variable that a template reads, with the definition that holds.
#[derive(Clone, Debug)]
pub struct Ingredient {
    /// How far from the variable that was asked for: 1 for what its own template reads.
    pub depth: usize,
    /// Its name.
    pub name: String,
    /// The definition that holds; none when nothing defines it.
    pub definition: Option<Definition>,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// Its value for the host, or why it can't be rendered; None when nothing defines it.
    pub value: Option<Result<Value, String>>,
    /// Whether it may be shown: not when anything that it is made of is secret.
    pub secrecy: Secrecy,
    /// The task whose view this is.
    pub seen_by: Option<String>,
    /// The definitions, the one that holds first; it shadows the others.
    pub definitions: Vec<Definition>,
    /// What its template is made of, in reading order.
    pub ingredients: Vec<Ingredient>,
    /// Tasks that set it while running, which no explanation before a run can know the value of.
    pub set_by: Vec<(String, Option<Span>)>,
}

/// Takes no interest in what happens.
struct Nobody;

impl nafal_base::EventSink for Nobody {
    fn event(&mut self, _event: &Event) {}
}

impl Engine {
    /// Explains a variable of a host: as a task of the playbooks sees it, or without playbooks as the
    /// inventory and `-e` have it.
    pub fn explain(&self, question: &Question) -> Result<Explanation, Error> {
        let path = self.request.playbooks.first();
        let folder = path
            .map_or_else(|| std::env::current_dir().unwrap_or_default(), |path| folder_of(path));
        let host = HostName::from(question.host.as_str());
        let mut nobody = Nobody;
        let services = self.services(&folder, &Arc::new(connections()));
        let ready = path.map(|path| self.ready(path, &services)).transpose()?.unwrap_or_default();
        let mut course = self.course(&folder, services, None, &mut nobody);
        let view = self.view(&mut course, &ready, &host, question)?;
        // What is wrong in variables files is told, and not that the variable isn't there.
        course.store.prepare(std::slice::from_ref(&host)).map_err(|errors| Error::Load {
            diagnostics: errors.iter().map(nafal_inventory::Error::diagnostic).collect(),
            code: 4,
        })?;
        let mut explanation = view.explain(&course, &host, &question.name);
        explanation.set_by = setters(&ready, &question.name);
        Ok(explanation)
    }

    /// Through whose eyes: the named task of a play that has the host, else the last task of the first such play.
    fn view(
        &self,
        course: &mut Course<'_>,
        ready: &[ReadyPlay],
        host: &HostName,
        question: &Question,
    ) -> Result<View, Error> {
        let wanted = question.task.as_ref().map(|task| task.to_lowercase());
        for play in ready {
            course.enter(&play.folder);
            let hosts = course.render(&play.play.hosts.source, play)?;
            let (hosts, _) = self.hosts_of(&course.store.inventory(), &patterns(&hosts))?;
            if !hosts.contains(host) {
                continue;
            }
            let named = |task: &&Arc<TaskNode>| {
                wanted.as_ref().is_none_or(|wanted| task.info.name.to_lowercase().contains(wanted))
            };
            let handlers = play.graph.handlers.all().iter();
            let found = match &wanted {
                Some(_) => play.graph.tasks().chain(handlers).find(named),
                None => play.graph.tasks().last(),
            };
            let Some(task) = found else { continue };
            let name = play
                .play
                .keywords
                .name
                .as_ref()
                .map_or_else(String::new, |name| name.source.to_text().into_owned());
            let mut context = course.context(&play.graph, &name, &hosts, &hosts);
            context.files = course.vars_files(play, &[], &context)?;
            let services: Arc<dyn Services> = Arc::clone(&course.services) as Arc<dyn Services>;
            return Ok(View {
                layers: task_layers(task, &[], &*services),
                effects: services.effects(&task.context),
                task: Some(task.info.name.clone()),
                play: Arc::new(context),
            });
        }
        if let Some(task) = &question.task {
            return Err(Error::load(
                nafal_base::Diagnostic::error(format!(
                    "no task of a play with {host} has '{task}' in its name"
                )),
                1,
            ));
        }
        let context = nafal_variables::PlayContext::new(Arc::clone(&course.run_context));
        Ok(View {
            layers: Arc::new(TaskLayers::default()),
            effects: Arc::new(NoEffects),
            task: None,
            play: Arc::new(context),
        })
    }
}

/// Whose view is explained.
struct View {
    layers: Arc<TaskLayers>,
    effects: Arc<dyn Effects>,
    task: Option<String>,
    play: Arc<nafal_variables::PlayContext>,
}

impl View {
    fn explain(self, course: &Course<'_>, host: &HostName, name: &str) -> Explanation {
        let scope = TaskScope::new(&course.store, host, &self.play, &self.layers);
        let definitions = definitions(&scope, name);
        let renderer = Renderer::new(&scope, &*self.effects);
        let value = definitions.first().map(|definition| {
            let rendered = renderer.render(&definition.written);
            rendered.map_err(|error| error.to_diagnostic().chain())
        });
        let mut ingredients = Vec::new();
        if let Some(definition) = definitions.first() {
            follow(&scope, &definition.written, &mut vec![name.to_owned()], &mut ingredients);
        }
        let parts = ingredients.iter().filter_map(|ingredient| ingredient.definition.as_ref());
        let is_secret = definitions.first().into_iter().chain(parts).any(Definition::is_secret)
            || value.as_ref().is_some_and(|value| value.as_ref().is_ok_and(is_marked));
        let secrecy = if is_secret { Secrecy::Secret } else { Secrecy::Open };
        let set_by = Vec::new();
        Explanation { value, secrecy, seen_by: self.task, definitions, ingredients, set_by }
    }
}

impl Definition {
    fn is_secret(&self) -> bool {
        self.secrecy == Secrecy::Secret
    }
}

/// Whether a vault's value is in it, opened or not.
fn is_marked(value: &Value) -> bool {
    value.marks().intersects(Marks::SECRET | Marks::VAULT)
}

/// Whether a place is in a file that is a vault as a whole, whose values aren't marked one by one.
fn is_in_vault(span: &Span) -> bool {
    let mut start = [0; 14];
    std::fs::File::open(&*span.source.name).and_then(|mut file| file.read_exact(&mut start)).is_ok()
        && nafal_parser::vault::is_encrypted(&start)
}

/// Each place once: a file that stands both beside the inventory and beside the playbook is told as the
/// stronger of the two.
fn definitions(scope: &TaskScope, name: &str) -> Vec<Definition> {
    let mut all: Vec<Definition> = Vec::new();
    for (kind, written, span) in scope.explain(name) {
        let known = span.is_some() && all.iter().any(|other| other.span == span);
        if !known {
            let is_secret = is_marked(&written) || span.as_ref().is_some_and(is_in_vault);
            let secrecy = if is_secret { Secrecy::Secret } else { Secrecy::Open };
            all.push(Definition { layer: kind.describe(), written, span, secrecy });
        }
    }
    all
}

/// What a value's templates read, and what those read in turn; a name that is already on the way isn't followed again.
fn follow(scope: &TaskScope, value: &Value, way: &mut Vec<String>, found: &mut Vec<Ingredient>) {
    if way.len() > DEEPEST {
        return;
    }
    for (name, _) in analysis::reads(value) {
        let definition = definitions(scope, &name).into_iter().next();
        let written = definition.as_ref().map(|definition| definition.written.clone());
        let seen = way.contains(&name);
        found.push(Ingredient { depth: way.len(), name: name.clone(), definition });
        if let Some(written) = written.filter(|_| !seen) {
            way.push(name);
            follow(scope, &written, way, found);
            way.pop();
        }
    }
}

/// The tasks that register or set the variable.
fn setters(ready: &[ReadyPlay], name: &str) -> Vec<(String, Option<Span>)> {
    let tasks = ready.iter().flat_map(|play| play.graph.tasks().chain(play.graph.handlers.all()));
    tasks
        .filter(|task| writes_of(task).iter().any(|written| written == name))
        .map(|task| (task.info.name.clone(), task.info.span.clone()))
        .collect()
}

/// A place as people write it, relative to the working folder where it is below.
pub fn shown_place(span: &Span) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let name = Path::new(&span.source.name);
    let name = name.strip_prefix(&here).unwrap_or(name).display().to_string();
    match (span.line, span.column) {
        (0, _) => name,
        (line, 0) => format!("{name}:{line}"),
        (line, column) => format!("{name}:{line}:{column}"),
    }
}
