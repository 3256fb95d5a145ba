//! The nodes that hosts walk, in order: a graph's own, and those of includes spliced into it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use nafal_graph::{Node, TaskGraph};

/// A host's index in its play.
pub(crate) type HostIndex = usize;

/// Nodes in walking order.
#[derive(Clone, Default)]
pub(crate) struct Track {
    /// Shared by the hosts that have a track of their own, until one of them includes something.
    nodes: Arc<Vec<Node>>,
    /// The hosts that walk a spliced part; everybody else goes around.
    guards: HashMap<u32, HashSet<HostIndex>>,
    spliced: u32,
}

impl Track {
    /// The nodes of a graph.
    pub(crate) fn new(graph: &TaskGraph) -> Track {
        Track { nodes: Arc::new(graph.nodes().cloned().collect()), ..Track::default() }
    }

    /// A track of one node.
    pub(crate) fn single(node: Node) -> Track {
        Track { nodes: Arc::new(vec![node]), ..Track::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn node(&self, position: usize) -> Option<&Node> {
        self.nodes.get(position)
    }

    /// The first node from `from` on that `is` it; the end when there is none.
    pub(crate) fn find(&self, from: usize, is: impl Fn(&Node) -> bool) -> usize {
        self.nodes
            .iter()
            .enumerate()
            .skip(from)
            .find(|(_, node)| is(node))
            .map_or(self.nodes.len(), |(position, _)| position)
    }

    /// Puts an include's nodes before `position`, for `hosts`. Gives how many nodes came: cursors
    /// at or behind `position` move by as many.
    pub(crate) fn splice(
        &mut self,
        position: usize,
        graph: &TaskGraph,
        hosts: HashSet<HostIndex>,
    ) -> usize {
        self.spliced += 1;
        let id = self.spliced;
        self.guards.insert(id, hosts);
        let mut nodes = vec![Node::IncludeStart(id)];
        nodes.extend(graph.nodes().cloned());
        nodes.push(Node::IncludeEnd(id));
        let count = nodes.len();
        Arc::make_mut(&mut self.nodes).splice(position..position, nodes);
        count
    }

    /// Where a host goes on that is at the start of a spliced part: inside it, or behind it.
    pub(crate) fn enter(&self, position: usize, id: u32, host: HostIndex) -> usize {
        if self.guards.get(&id).is_some_and(|hosts| hosts.contains(&host)) {
            return position + 1;
        }
        self.find(position, |node| matches!(node, Node::IncludeEnd(other) if *other == id)) + 1
    }
}
