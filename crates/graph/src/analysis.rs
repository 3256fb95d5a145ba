//! Who writes a variable and who reads it. Costs a walk over every template, so it is done when
//! somebody asks (`nafal graph`, static findings), never before a plain run.

use std::collections::HashMap;

use nafal_base::{Span, Value};
use nafal_parser::playbook::ast::Register;
use nafal_templating::analysis;
use petgraph::graph::NodeIndex;

use crate::edges::Edge;
use crate::node::{Node, TaskNode};
use crate::task_graph::TaskGraph;

/// A task that reads a variable.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The node.
    pub node: NodeIndex,
    /// The variable.
    pub name: String,
    /// Where.
    pub span: Option<Span>,
}

/// A task that writes a variable.
#[derive(Clone, Debug)]
pub struct Writer {
    /// The node.
    pub node: NodeIndex,
    /// The variable.
    pub name: String,
}

/// The names that a task gives values to.
pub fn writes_of(task: &TaskNode) -> Vec<String> {
    let mut names: Vec<String> =
        task.register.iter().flat_map(Register::names).map(ToString::to_string).collect();
    if task.action() == "ansible.builtin.set_fact" {
        let own = task.args.keys().filter_map(|key| key.as_str()).filter(|&key| key != "cacheable");
        names.extend(own.map(str::to_owned));
    }
    names
}

/// The names that a task reads, with places: in its arguments, conditions and loop, and in the keywords
/// that say where and as whom it runs.
pub fn reads_of(task: &TaskNode) -> Vec<(String, Option<Span>)> {
    let mut found: Vec<(String, Option<Span>)> = Vec::new();
    let mut take = |list: Vec<(String, Span)>| {
        found.extend(list.into_iter().map(|(name, span)| (name, Some(span))));
    };
    take(analysis::reads(&Value::Dict(task.args.clone())));
    // Arguments that are expressions without braces.
    for (action, argument) in [("ansible.builtin.assert", "that"), ("ansible.builtin.debug", "var")]
    {
        if let Some(expression) = task.args.get(argument).filter(|_| task.action() == action) {
            take(analysis::reads_condition(expression));
        }
    }
    if let Some(raw) = &task.raw {
        take(analysis::reads(&Value::Str(raw.clone())));
    }
    if let Some(repeat) = &task.repeat {
        match &repeat.source {
            nafal_parser::playbook::ast::LoopSource::Items(value)
            | nafal_parser::playbook::ast::LoopSource::Lookup { terms: value, .. } => {
                take(analysis::reads(value));
            }
        }
    }
    if let Some(template) = &task.args_template {
        take(analysis::reads(&Value::Str(template.clone())));
    }
    let keywords = &task.keywords;
    take(analysis::reads(&Value::Dict(keywords.vars.clone())));
    keywords.environment.iter().chain(&task.notify).for_each(|value| take(analysis::reads(value)));
    let texts = [&keywords.delegate_to, &keywords.become_user, &keywords.become_method];
    texts.into_iter().flatten().for_each(|text| take(analysis::reads(&text.source)));
    let conditions = keywords
        .when
        .iter()
        .chain(&task.until)
        .chain(task.changed_when.iter().flatten())
        .chain(task.failed_when.iter().flatten());
    for condition in conditions {
        take(analysis::reads_condition(condition));
    }
    found
}

impl TaskGraph {
    /// The nodes in the order in which they may run: the tasks, then the handlers.
    fn walk(&self) -> impl Iterator<Item = NodeIndex> {
        self.order.iter().copied().chain(self.handler_nodes())
    }

    /// Every write, in walking order, those of handlers last.
    pub fn writers(&self) -> Vec<Writer> {
        let tasks = self.walk().filter_map(|node| Some((node, self.task_at(node)?)));
        tasks
            .flat_map(|(node, task)| {
                writes_of(task).into_iter().map(move |name| Writer { node, name })
            })
            .collect()
    }

    /// Every read, in walking order, those of handlers last.
    pub fn readers(&self) -> Vec<Reader> {
        let tasks = self.walk().filter_map(|node| Some((node, self.task_at(node)?)));
        tasks
            .flat_map(|(node, task)| {
                let reads = reads_of(task).into_iter();
                reads.map(move |(name, span)| Reader { node, name, span })
            })
            .collect()
    }

    fn task_at(&self, node: NodeIndex) -> Option<&TaskNode> {
        match self.graph.node_weight(node) {
            Some(Node::Task(task)) => Some(task),
            _ => None,
        }
    }

    /// Adds an edge from the last write before it to every read of a registered variable or fact.
    pub fn add_data_edges(&mut self) {
        let position: HashMap<NodeIndex, usize> =
            self.walk().enumerate().map(|(at, node)| (node, at)).collect();
        let mut written: HashMap<String, Vec<(usize, NodeIndex)>> = HashMap::new();
        for writer in self.writers() {
            if let Some(&at) = position.get(&writer.node) {
                written.entry(writer.name).or_default().push((at, writer.node));
            }
        }
        let mut edges = Vec::new();
        for reader in self.readers() {
            let Some(&at) = position.get(&reader.node) else { continue };
            let Some(writes) = written.get(&reader.name) else { continue };
            if let Some(&(_, from)) = writes.iter().rev().find(|(write, _)| *write < at) {
                edges.push((from, reader.node, Edge::Data(reader.name)));
            }
        }
        edges.dedup();
        for (from, to, edge) in edges {
            self.graph.add_edge(from, to, edge);
        }
    }
}
