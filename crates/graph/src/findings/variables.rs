//! Variables that nothing defines, and registered ones that are read before any task writes them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use nafal_base::{Span, Text, Value};
use nafal_templating::analysis::{Need, Use, Uses};
use nafal_templating::registry;

use super::finding::{Finding, Rule, did_you_mean};
use super::handlers::notified_handlers;
use super::known::Known;
use super::place::word_after;
use super::program::{Certainty, Program};
use super::uses::{TaskUses, loop_names};
use crate::analysis::writes_of;
use crate::node::TaskNode;

/// How many lines of a template a name is looked for in, to point at it.
const LINES: u32 = 2000;

/// How deep definitions are followed.
const DEEPEST: usize = 12;

/// Names that templates have beside variables and nafal's functions.
#[rustfmt::skip]
const OF_TEMPLATES: [&str; 17] = [
    "caller", "cycler", "dict", "false", "joiner", "kwargs", "lipsum", "loop", "namespace", "none",
    "omit", "range", "self", "super", "true", "undef", "varargs",
];

/// What is known beside a play's own tasks.
pub trait Definitions {
    /// Whether something defines it: an inventory, a file, the run itself, an earlier play.
    fn defines(&self, name: &str) -> bool;

    /// The step from which on anything may be defined.
    fn open_from(&self) -> usize;

    /// Whether a play behind this one registers or sets it.
    fn is_written_later(&self, name: &str) -> bool;

    /// All that it can list, for "did you mean".
    fn names(&self) -> Vec<String>;

    /// Whether the task may run at all, as far as its conditions can be told.
    fn may_run(&self, task: &TaskNode) -> bool;

    /// The template files that a task renders.
    fn documents(&self, task: &TaskNode) -> Vec<Text>;
}

/// Every read of a play's tasks that finds nothing.
pub fn undefined_variables(
    program: &Program,
    known: &Known,
    definitions: &dyn Definitions,
) -> Vec<Finding> {
    let writes = Writes::of(program);
    let mut search =
        Search { known, definitions, writes, program, found: Vec::new(), told: HashSet::new() };
    for (at, step) in program.steps.iter().enumerate() {
        if at > definitions.open_from() {
            return search.found;
        }
        if step.certainty == Certainty::Certain {
            search.task(&step.task, at);
        }
    }
    if definitions.open_from() < usize::MAX {
        return search.found;
    }
    // A handler that nobody notifies never runs, whatever it lacks.
    for task in notified_handlers(program) {
        search.task(&task, usize::MAX);
    }
    search.found
}

/// Which step writes a name first.
struct Writes<'a> {
    first: HashMap<String, (usize, &'a TaskNode)>,
}

impl<'a> Writes<'a> {
    fn of(program: &'a Program) -> Writes<'a> {
        let mut first: HashMap<String, (usize, &TaskNode)> = HashMap::new();
        // Handlers may run before whatever else, and so may what is only perhaps there.
        let handlers = program.handlers.all().iter().chain(&program.nested_handlers);
        let early = program.steps.iter().filter(|step| step.certainty == Certainty::Possible);
        for task in handlers.chain(early.map(|step| &step.task)) {
            for name in writes_of(task) {
                first.entry(name).or_insert((0, task));
            }
        }
        for (at, step) in program.steps.iter().enumerate() {
            for name in writes_of(&step.task) {
                first.entry(name).or_insert((at, &step.task));
            }
        }
        Writes { first }
    }
}

struct Search<'a> {
    known: &'a Known,
    definitions: &'a dyn Definitions,
    writes: Writes<'a>,
    program: &'a Program,
    found: Vec<Finding>,
    told: HashSet<(String, String)>,
}

impl Search<'_> {
    fn task(&mut self, task: &Arc<TaskNode>, at: usize) {
        let uses = TaskUses::of(task);
        let mut view = View { task, at, loops: loop_names(task), way: Vec::new() };
        if !self.definitions.may_run(task) {
            return;
        }
        self.uses(&uses.before, &mut view);
        for document in self.definitions.documents(task) {
            let mut uses = Uses::default();
            uses.document(&document);
            self.uses(&uses, &mut view);
        }
        // A task's own result is there for what looks at it.
        view.at = at.saturating_add(1);
        self.uses(&uses.after, &mut view);
    }

    fn uses(&mut self, uses: &Uses, view: &mut View<'_>) {
        for one in &uses.reads {
            if one.need == Need::Needed {
                self.read(one, view);
            }
        }
    }

    fn read(&mut self, one: &Use, view: &mut View<'_>) {
        let name = one.name.as_str();
        if view.loops.iter().any(|known| known == name) || is_of_run(name) {
            return;
        }
        if let Some(value) = view.around(name) {
            let value = value.clone();
            self.follow(name, &value, view);
            return;
        }
        let is_exported = self
            .program
            .exports
            .iter()
            .any(|export| export.defaults.contains(name) || export.vars.contains(name));
        if is_exported || self.definitions.defines(name) || self.known.optional.contains(name) {
            return;
        }
        match self.writes.first.get(name) {
            Some((at, writer)) if *at >= view.at => {
                let message = match &writer.register {
                    Some(register) if register.names().any(|own| own.as_str() == name) => {
                        format!("'{name}' is read before the task that registers it")
                    }
                    _ => format!("'{name}' is read before the task that sets it"),
                };
                let hint = writer.info.span.as_ref().map(|span| {
                    let own = writer.name.as_ref().map(|name| name.source.to_text().into_owned());
                    let own = own.map(|name| format!("\"{name}\" ")).unwrap_or_default();
                    format!("that is the task {own}at {span}")
                });
                self.tell(Rule::ReadBeforeWrite, message, hint, one);
            }
            Some(_) => {}
            None if self.definitions.is_written_later(name) => {
                let message = format!("'{name}' is read before the play that registers or sets it");
                self.tell(Rule::ReadBeforeWrite, message, None, one);
            }
            None => {
                let mut all = self.definitions.names();
                all.extend(self.writes.first.keys().cloned());
                all.extend(view.names());
                let hint = did_you_mean(name, all.iter().map(String::as_str));
                let message = format!("nothing defines the variable '{name}'");
                self.tell(Rule::UndefinedVariable, message, hint, one);
            }
        }
    }

    /// What a definition is made of is needed as much as itself, if it is the one that holds.
    fn follow(&mut self, name: &str, value: &Value, view: &mut View<'_>) {
        let is_on_way = view.way.iter().any(|known| known == name);
        if is_on_way
            || view.way.len() >= DEEPEST
            || !value.has_template()
            || self.definitions.defines(name)
            || self.writes.first.contains_key(name)
        {
            return;
        }
        // A part of a dict or list may be all that is asked for.
        if !matches!(value, Value::Str(_)) {
            return;
        }
        let mut uses = Uses::default();
        uses.value(value);
        view.way.push(name.to_owned());
        self.uses(&uses, view);
        view.way.pop();
    }

    fn tell(&mut self, rule: Rule, message: String, hint: Option<String>, one: &Use) {
        let place = one.span.as_ref().map(|span| word_after(span, &one.name, LINES));
        let shown = place.as_ref().map(Span::to_string).unwrap_or_default();
        if self.told.insert((one.name.clone(), shown)) {
            self.found.push(Finding::new(rule, message, place).hint(hint));
        }
    }
}

/// What a task sees.
struct View<'a> {
    task: &'a TaskNode,
    at: usize,
    loops: Vec<String>,
    /// The definitions on the way from the task to what is read.
    way: Vec<String>,
}

impl View<'_> {
    /// The definition that stands around the task, the strongest.
    fn around(&self, name: &str) -> Option<&Value> {
        let own = [&self.task.keywords.vars];
        own.into_iter()
            .chain(self.task.context.layers.strongest_first())
            .find_map(|dict| dict.get(name))
    }

    fn names(&self) -> Vec<String> {
        let own = [&self.task.keywords.vars];
        let dicts = own.into_iter().chain(self.task.context.layers.strongest_first());
        let keys = dicts.flat_map(|dict| dict.keys().filter_map(|key| key.as_str()));
        keys.map(str::to_owned).chain(self.loops.iter().cloned()).collect()
    }
}

/// What the run, the facts or templates themselves define.
fn is_of_run(name: &str) -> bool {
    ["ansible_", "facter_", "ohai_"].iter().any(|prefix| name.starts_with(prefix))
        || OF_TEMPLATES.contains(&name)
        || registry::function(name).is_some()
}
