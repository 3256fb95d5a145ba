//! The graph itself: nodes and edges in petgraph, and the order in which a host walks them.

use std::collections::HashMap;
use std::sync::Arc;

use nafal_base::{Dict, Value};
use petgraph::graph::{DiGraph, NodeIndex};

use crate::edges::Edge;
use crate::handlers::Handlers;
use crate::node::{BlockId, Node, TaskNode};

/// What a role gives to every task of the play.
#[derive(Clone, Debug)]
pub struct Export {
    /// Its defaults.
    pub defaults: Dict,
    /// Its vars.
    pub vars: Dict,
}

/// A role that a play lists, imports or includes.
#[derive(Clone, Debug)]
pub struct UsedRole {
    /// Its name.
    pub name: String,
    /// Those that it depends on, its dependencies' included.
    pub dependencies: Vec<String>,
}

/// A compiled play (or a compiled include).
#[derive(Clone, Debug, Default)]
pub struct TaskGraph {
    /// Nodes and edges.
    pub graph: DiGraph<Node, Edge>,
    /// The nodes in the order in which a host walks them.
    pub order: Vec<NodeIndex>,
    /// The handlers that it brings.
    pub handlers: Handlers,
    /// What its public roles give to the play, in order.
    pub exports: Vec<Export>,
    /// The roles that it uses: those that are listed, then those of imports.
    pub roles: Vec<UsedRole>,
    /// The `vars` of each import, in their order.
    pub import_vars: Vec<Dict>,
}

impl TaskGraph {
    /// Nodes in walking order.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.order.iter().filter_map(|&index| self.graph.node_weight(index))
    }

    /// Tasks in walking order, without handlers.
    pub fn tasks(&self) -> impl Iterator<Item = &Arc<TaskNode>> {
        self.nodes().filter_map(|node| match node {
            Node::Task(task) => Some(task),
            _ => None,
        })
    }

    /// The handlers' nodes, in their order: they stand behind those that are walked.
    pub fn handler_nodes(&self) -> impl Iterator<Item = NodeIndex> {
        self.graph.node_indices().skip(self.order.len())
    }

    /// Builds the graph from nodes in walking order: order edges, rescue and always edges, notify
    /// edges to its own handlers.
    pub(crate) fn from_nodes(nodes: Vec<Node>, handlers: Handlers) -> TaskGraph {
        let mut graph = DiGraph::with_capacity(nodes.len(), nodes.len());
        let order: Vec<NodeIndex> = nodes.into_iter().map(|node| graph.add_node(node)).collect();
        for pair in order.windows(2) {
            if let [from, to] = pair {
                graph.add_edge(*from, *to, Edge::Order);
            }
        }
        let mut built = TaskGraph { graph, order, handlers, ..TaskGraph::default() };
        built.add_block_edges();
        built.add_notify_edges();
        built
    }

    pub(crate) fn with_roles(mut self, roles: Vec<UsedRole>, exports: Vec<Export>) -> TaskGraph {
        self.exports = exports;
        self.roles = roles;
        self
    }

    fn add_block_edges(&mut self) {
        let mut starts: HashMap<BlockId, (NodeIndex, bool)> = HashMap::new();
        let mut edges = Vec::new();
        for &index in &self.order {
            match self.graph.node_weight(index) {
                Some(Node::BlockStart(block)) => {
                    starts.insert(block.id, (index, block.has_rescue));
                }
                Some(Node::RescueStart(id)) => {
                    if let Some(&(start, true)) = starts.get(id) {
                        edges.push((start, index, Edge::Rescue));
                    }
                }
                Some(Node::AlwaysStart(id)) => {
                    if let Some(&(start, _)) = starts.get(id) {
                        edges.push((start, index, Edge::Always));
                    }
                }
                _ => {}
            }
        }
        for (from, to, edge) in edges {
            self.graph.add_edge(from, to, edge);
        }
    }

    fn add_notify_edges(&mut self) {
        let handler_nodes: Vec<NodeIndex> = self
            .handlers
            .all()
            .iter()
            .map(|handler| self.graph.add_node(Node::Task(Arc::clone(handler))))
            .collect();
        let mut edges = Vec::new();
        for &index in &self.order {
            let Some(Node::Task(task)) = self.graph.node_weight(index) else { continue };
            for name in task.notify.iter().filter_map(Value::as_str) {
                let listening = self.handlers.listening(name);
                for at in self.handlers.named(name).into_iter().chain(listening) {
                    if let Some(&handler) = handler_nodes.get(at) {
                        edges.push((index, handler, Edge::Notify(name.to_owned())));
                    }
                }
            }
        }
        for (from, to, edge) in edges {
            self.graph.add_edge(from, to, edge);
        }
    }
}
