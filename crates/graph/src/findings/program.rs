//! A play's tasks in the order in which they may run, with what includes bring in its place, as far as that can be
//! known before a run. Must not know how includes are found.

use std::sync::Arc;

use nafal_base::Span;

use crate::handlers::{Flush, Handlers};
use crate::node::TaskNode;
use crate::task_graph::{Export, TaskGraph};

/// How many tasks a play may unfold to: what includes itself in many ways is cut off here.
const LARGEST: usize = 100_000;

/// How deep includes are followed.
const DEEPEST: usize = 40;

/// Whether a task is surely in the play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It stands there, or in a file that is named there.
    Certain,
    /// It is in one of the files that a template may name.
    Possible,
}

/// A task.
#[derive(Clone, Debug)]
pub struct Step {
    /// The task.
    pub task: Arc<TaskNode>,
    /// Whether it is surely there.
    pub certainty: Certainty,
}

/// What an include brings.
#[derive(Debug)]
pub enum Included {
    /// These, one after the other: a file or role, or several in a loop.
    Certain(Vec<TaskGraph>),
    /// Any of these.
    Possible(Vec<TaskGraph>),
    /// That can't be known.
    Unknown,
}

/// Whoever finds and compiles what includes name.
pub trait Includes {
    /// What this task includes.
    fn included(&self, task: &TaskNode) -> Included;
}

/// A play, unfolded.
#[derive(Debug, Default)]
pub struct Program {
    /// Its tasks in order, without handlers.
    pub steps: Vec<Step>,
    /// Its handlers, those of included roles too.
    pub handlers: Handlers,
    /// Tasks that are included as handlers: a notification may mean one of them.
    pub nested_handlers: Vec<Arc<TaskNode>>,
    /// What public roles give to the whole play.
    pub exports: Vec<Export>,
    /// Includes of which nobody can say before a run what they bring.
    pub unknown: Vec<Arc<TaskNode>>,
}

impl Program {
    /// Unfolds a play.
    pub fn of(graph: &TaskGraph, includes: &dyn Includes) -> Program {
        let mut program = Program::default();
        program.take(graph, Certainty::Certain, includes, &mut Vec::new());
        let mut handlers: Vec<Arc<TaskNode>> = program.handlers.all().to_vec();
        while let Some(handler) = handlers.pop() {
            for graph in program.included(&handler, includes, &[]).1 {
                let inner: Vec<_> = graph.tasks().chain(graph.handlers.all()).cloned().collect();
                if program.nested_handlers.len() > LARGEST {
                    program.unknown.push(Arc::clone(&handler));
                    break;
                }
                // A file that includes itself brings nothing new the second time.
                let known = inner.iter().all(|task| {
                    let is_same = |other: &Arc<TaskNode>| other.info.span == task.info.span;
                    program.nested_handlers.iter().any(is_same)
                });
                if !known {
                    handlers.extend(inner.iter().cloned());
                    program.nested_handlers.extend(inner);
                }
            }
        }
        program
    }

    /// Whether it is known what is in it.
    pub fn is_whole(&self) -> bool {
        self.unknown.is_empty()
    }

    /// All tasks: those that are walked, handlers, and what is included as handlers.
    pub fn all(&self) -> impl Iterator<Item = &Arc<TaskNode>> {
        let steps = self.steps.iter().map(|step| &step.task);
        steps.chain(self.handlers.all()).chain(&self.nested_handlers)
    }

    fn take(
        &mut self,
        graph: &TaskGraph,
        certainty: Certainty,
        includes: &dyn Includes,
        trail: &mut Vec<Span>,
    ) {
        self.handlers.extend(&graph.handlers, Flush::No);
        self.exports.extend(graph.exports.iter().cloned());
        for task in graph.tasks() {
            self.steps.push(Step { task: Arc::clone(task), certainty });
            let (inner, graphs) = self.included(task, includes, trail);
            let certainty = if inner == Certainty::Certain { certainty } else { inner };
            trail.extend(task.info.span.clone());
            for graph in &graphs {
                self.take(graph, certainty, includes, trail);
            }
            if task.info.span.is_some() {
                trail.pop();
            }
        }
    }

    /// What a task includes; nothing when it is on its own way already.
    fn included(
        &mut self,
        task: &Arc<TaskNode>,
        includes: &dyn Includes,
        trail: &[Span],
    ) -> (Certainty, Vec<TaskGraph>) {
        let is_include = matches!(
            task.action(),
            "ansible.builtin.include_tasks" | "ansible.builtin.include_role"
        );
        let goes_round = task.info.span.as_ref().is_some_and(|span| trail.contains(span));
        if !is_include || goes_round {
            return (Certainty::Certain, Vec::new());
        }
        let is_too_much = self.steps.len() > LARGEST || trail.len() > DEEPEST;
        match if is_too_much { Included::Unknown } else { includes.included(task) } {
            Included::Certain(graphs) => (Certainty::Certain, graphs),
            Included::Possible(graphs) => (Certainty::Possible, graphs),
            Included::Unknown => {
                self.unknown.push(Arc::clone(task));
                (Certainty::Certain, Vec::new())
            }
        }
    }
}
