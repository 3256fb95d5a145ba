//! A graph as somebody looks at it: its tasks, handlers and blocks in order, and why one comes after
//! another. What the exports are made of. Must not know in which form it is shown.

use std::collections::HashMap;

use nafal_base::{Span, Value};
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use serde::Serialize;

use crate::analysis::writes_of;
use crate::edges::Edge;
use crate::node::{BlockId, Node, TaskNode};
use crate::task_graph::TaskGraph;

/// What a node of the outline stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OutlineKind {
    /// A task.
    Task,
    /// A task whose own tasks are known only when it runs (`include_tasks`, `include_role`).
    Include,
    /// A handler.
    Handler,
    /// A block's beginning; what is in it is one deeper.
    Block,
    /// Its rescue.
    Rescue,
    /// Its always.
    Always,
    /// Where notified handlers run.
    Flush,
}

/// A node.
#[derive(Clone, Debug, Serialize)]
pub struct OutlineNode {
    /// What it is.
    pub kind: OutlineKind,
    /// Its name as listings show it, not rendered.
    pub name: String,
    /// Its action's full name, for what has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Its line there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// How many blocks are around it.
    pub depth: usize,
    /// Its conditions, those of what is around it first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<String>,
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Variables that it gives values to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub writes: Vec<String>,
}

/// Why a node comes after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OutlineEdgeKind {
    /// It is next.
    Order,
    /// It reads what the other wrote.
    Data,
    /// The other notifies it.
    Notify,
    /// A failure in the other goes there.
    Rescue,
    /// It comes whatever happened in the other.
    Always,
}

/// An edge, by the places of its nodes in [`Outline::nodes`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutlineEdge {
    /// From here.
    pub from: usize,
    /// To there.
    pub to: usize,
    /// Why.
    pub kind: OutlineEdgeKind,
    /// The variable, handler or topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The whole of it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Outline {
    /// In the order in which a host walks them; handlers last.
    pub nodes: Vec<OutlineNode>,
    /// Each once.
    pub edges: Vec<OutlineEdge>,
}

impl Outline {
    /// The outline of a graph, with its data edges.
    pub fn of(graph: &TaskGraph) -> Outline {
        let mut graph = graph.clone();
        graph.add_data_edges();
        let mut builder = Builder::default();
        for (at, &index) in graph.order.iter().enumerate() {
            let next = graph.order.get(at + 1).and_then(|&next| graph.graph.node_weight(next));
            if let Some(node) = graph.graph.node_weight(index) {
                builder.add(index, node, next);
            }
        }
        builder.order_edges();
        builder.depth = 0;
        for index in graph.handler_nodes() {
            if let Some(Node::Task(task)) = graph.graph.node_weight(index) {
                builder.push(index, task_node(task, OutlineKind::Handler, 0));
            }
        }
        builder.other_edges(&graph);
        builder.outline
    }
}

#[derive(Default)]
struct Builder {
    outline: Outline,
    places: HashMap<NodeIndex, usize>,
    blocks: Vec<BlockId>,
    depth: usize,
}

impl Builder {
    fn push(&mut self, index: NodeIndex, node: OutlineNode) {
        self.places.insert(index, self.outline.nodes.len());
        self.outline.nodes.push(node);
    }

    fn add(&mut self, index: NodeIndex, node: &Node, next: Option<&Node>) {
        match node {
            Node::Task(task) => {
                let kind = match task.action() {
                    "ansible.builtin.include_tasks" | "ansible.builtin.include_role" => {
                        OutlineKind::Include
                    }
                    _ => OutlineKind::Task,
                };
                self.push(index, task_node(task, kind, self.depth));
            }
            Node::Flush => self.push(index, bare(OutlineKind::Flush, "handlers run", self.depth)),
            Node::BlockStart(block) => {
                self.push(index, bare(OutlineKind::Block, "block", self.depth));
                self.blocks.push(block.id);
                self.depth += 1;
            }
            Node::RescueStart(_) if !is_boundary(next) => {
                self.push(index, bare(OutlineKind::Rescue, "rescue", self.depth.saturating_sub(1)));
            }
            Node::AlwaysStart(_) if !is_boundary(next) => {
                self.push(index, bare(OutlineKind::Always, "always", self.depth.saturating_sub(1)));
            }
            Node::BlockEnd(_) => {
                self.blocks.pop();
                self.depth = self.blocks.len();
            }
            Node::RescueStart(_)
            | Node::AlwaysStart(_)
            | Node::RoleEnd(_)
            | Node::IncludeStart(_)
            | Node::IncludeEnd(_) => {}
        }
    }

    fn order_edges(&mut self) {
        let count = self.outline.nodes.len();
        self.outline.edges.extend((1..count).map(|to| OutlineEdge {
            from: to - 1,
            to,
            kind: OutlineEdgeKind::Order,
            name: None,
        }));
    }

    fn other_edges(&mut self, graph: &TaskGraph) {
        for edge in graph.graph.edge_references() {
            let ends = (self.places.get(&edge.source()), self.places.get(&edge.target()));
            let (Some(&from), Some(&to)) = ends else { continue };
            let (kind, name) = match edge.weight() {
                Edge::Order => continue,
                Edge::Data(name) => (OutlineEdgeKind::Data, Some(name.clone())),
                Edge::Notify(name) => (OutlineEdgeKind::Notify, Some(name.clone())),
                Edge::Rescue => (OutlineEdgeKind::Rescue, None),
                Edge::Always => (OutlineEdgeKind::Always, None),
            };
            let edge = OutlineEdge { from, to, kind, name };
            if !self.outline.edges.contains(&edge) {
                self.outline.edges.push(edge);
            }
        }
    }
}

/// Whether nothing stands between a part of a block and the next boundary.
fn is_boundary(next: Option<&Node>) -> bool {
    matches!(next, Some(Node::AlwaysStart(_) | Node::BlockEnd(_)))
}

fn bare(kind: OutlineKind, name: &str, depth: usize) -> OutlineNode {
    OutlineNode {
        kind,
        name: name.to_owned(),
        action: None,
        file: None,
        line: None,
        depth,
        when: Vec::new(),
        tags: Vec::new(),
        writes: Vec::new(),
    }
}

fn task_node(task: &TaskNode, kind: OutlineKind, depth: usize) -> OutlineNode {
    let span: Option<&Span> = task.info.span.as_ref();
    OutlineNode {
        action: Some(task.action().to_owned()),
        file: span.map(|span| span.source.name.clone()),
        line: span.map(|span| span.line),
        when: task.keywords.when.iter().map(shown_condition).collect(),
        tags: task.info.tags.clone(),
        writes: writes_of(task),
        ..bare(kind, &task.info.name, depth)
    }
}

fn shown_condition(condition: &Value) -> String {
    match condition {
        Value::List(items) => items.iter().map(shown_condition).collect::<Vec<_>>().join(" and "),
        other => other.to_text().into_owned(),
    }
}
