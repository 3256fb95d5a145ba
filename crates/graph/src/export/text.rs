//! An outline as lines: a number, the name, what it does, what it gives and whence it takes. Must not
//! know terminals.

use crate::outline::{Outline, OutlineEdge, OutlineEdgeKind, OutlineKind, OutlineNode};

/// The outline as indented lines, each with its number, which others refer to.
pub fn text(outline: &Outline) -> String {
    let digits = outline.nodes.len().to_string().len();
    let mut out = String::new();
    let mut handlers = false;
    for (at, node) in outline.nodes.iter().enumerate() {
        if node.kind == OutlineKind::Handler && !handlers {
            handlers = true;
            out.push_str("handlers:\n");
        }
        let indent = "  ".repeat(node.depth + 1);
        out.push_str(&format!("{:>digits$}{indent}{}", at + 1, shown(node)));
        for note in notes(outline, at) {
            out.push_str("  ");
            out.push_str(&note);
        }
        out.push('\n');
    }
    out
}

fn shown(node: &OutlineNode) -> String {
    match &node.action {
        Some(action) if *action != node.name => {
            format!("{} [{}]", node.name, action.trim_start_matches("ansible.builtin."))
        }
        _ => node.name.clone(),
    }
}

/// What a node gives to others and takes from them.
fn notes(outline: &Outline, at: usize) -> Vec<String> {
    let mut notes = Vec::new();
    let node = outline.nodes.get(at);
    if let Some(names) = node.map(|node| &node.writes).filter(|names| !names.is_empty()) {
        notes.push(format!("sets {}", names.join(", ")));
    }
    let mine = |kind: OutlineEdgeKind, end: fn(&OutlineEdge) -> usize| {
        outline.edges.iter().filter(move |edge| edge.kind == kind && end(edge) == at)
    };
    let reads: Vec<String> = mine(OutlineEdgeKind::Data, |edge| edge.to)
        .map(|edge| format!("{} of {}", edge.name.as_deref().unwrap_or_default(), edge.from + 1))
        .collect();
    if !reads.is_empty() {
        notes.push(format!("reads {}", reads.join(", ")));
    }
    let notified: Vec<String> = mine(OutlineEdgeKind::Notify, |edge| edge.from)
        .map(|edge| (edge.to + 1).to_string())
        .collect();
    if !notified.is_empty() {
        notes.push(format!("notifies {}", notified.join(", ")));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::outline;

    #[test]
    fn lines() {
        assert_eq!(
            text(&outline()),
            "1  look [command]  sets found\n\
             2  block\n\
             3    change [copy]  reads found of 1  notifies 4\n\
             handlers:\n\
             4  restart [command]\n"
        );
    }
}
