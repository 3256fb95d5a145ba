//! Who writes a variable and who reads it. Costs a walk over every template, so it is done when
//! somebody asks (`nafal graph`, static findings), never before a plain run.

use std::collections::HashMap;

use nafal_base::{Span, Value};
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
fn writes(task: &TaskNode) -> Vec<String> {
    let mut names: Vec<String> = task.register.iter().map(ToString::to_string).collect();
    if task.action() == "ansible.builtin.set_fact" {
        names.extend(task.args.keys().filter_map(|key| key.as_str()).map(str::to_owned));
    }
    names
}

/// The names that a task reads, with places.
fn reads(task: &TaskNode) -> Vec<(String, Option<Span>)> {
    let mut found: Vec<(String, Option<Span>)> = Vec::new();
    let mut take = |list: Vec<(String, Span)>| {
        found.extend(list.into_iter().map(|(name, span)| (name, Some(span))));
    };
    take(analysis::reads(&Value::Dict(task.args.clone())));
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
    let conditions = task
        .keywords
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
    /// Every write, in walking order.
    pub fn writers(&self) -> Vec<Writer> {
        let mut all = Vec::new();
        for &node in &self.order {
            if let Some(Node::Task(task)) = self.graph.node_weight(node) {
                all.extend(writes(task).into_iter().map(|name| Writer { node, name }));
            }
        }
        all
    }

    /// Every read, in walking order.
    pub fn readers(&self) -> Vec<Reader> {
        let mut all = Vec::new();
        for &node in &self.order {
            if let Some(Node::Task(task)) = self.graph.node_weight(node) {
                all.extend(reads(task).into_iter().map(|(name, span)| Reader { node, name, span }));
            }
        }
        all
    }

    /// Adds an edge from the last write before it to every read of a registered variable or fact.
    pub fn add_data_edges(&mut self) {
        let position: HashMap<NodeIndex, usize> =
            self.order.iter().enumerate().map(|(at, &node)| (node, at)).collect();
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
