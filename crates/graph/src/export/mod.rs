//! An [`Outline`](crate::Outline) in the forms that people read: text for a terminal, and mermaid. JSON is the outline itself,
//! serialised by whoever writes it.

mod mermaid;
mod text;
mod why;

pub use mermaid::mermaid;
pub use text::text;
pub use why::why;

#[cfg(test)]
mod tests {
    use crate::outline::{Outline, OutlineEdge, OutlineEdgeKind, OutlineKind, OutlineNode};

    /// A task that looks, one in a block that changes what was found, and its handler.
    pub(super) fn outline() -> Outline {
        let node = |kind, name: &str, action: Option<&str>, line, depth| OutlineNode {
            kind,
            name: name.to_owned(),
            action: action.map(str::to_owned),
            file: action.map(|_| "site.yml".to_owned()),
            line: action.map(|_| line),
            depth,
            when: Vec::new(),
            tags: Vec::new(),
            writes: Vec::new(),
        };
        let edge = |from, to, kind, name: Option<&str>| OutlineEdge {
            from,
            to,
            kind,
            name: name.map(str::to_owned),
        };
        let mut nodes = vec![
            node(OutlineKind::Task, "look", Some("ansible.builtin.command"), 3, 0),
            node(OutlineKind::Block, "block", None, 0, 0),
            node(OutlineKind::Task, "change", Some("ansible.builtin.copy"), 7, 1),
            node(OutlineKind::Handler, "restart", Some("ansible.builtin.command"), 12, 0),
        ];
        nodes[0].writes.push("found".to_owned());
        nodes[2].when.push("found.rc == 0".to_owned());
        Outline {
            nodes,
            edges: vec![
                edge(0, 1, OutlineEdgeKind::Order, None),
                edge(1, 2, OutlineEdgeKind::Order, None),
                edge(0, 2, OutlineEdgeKind::Data, Some("found")),
                edge(2, 3, OutlineEdgeKind::Notify, Some("restart")),
            ],
        }
    }
}
