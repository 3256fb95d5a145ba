//! Why a task runs where it does: its conditions, what it reads and who wrote that, who notifies it,
//! which blocks are around it. Must not know hosts: conditions are told, not decided.

use crate::outline::{Outline, OutlineEdgeKind, OutlineKind, OutlineNode};

/// What there is to say of every task whose name has `pattern` in it, whatever its case; None when there
/// is none.
pub fn why(outline: &Outline, pattern: &str) -> Option<String> {
    let wanted = pattern.to_lowercase();
    let found: Vec<String> = (0..outline.nodes.len())
        .filter(|&at| {
            let node = outline.nodes.get(at).filter(|node| node.action.is_some());
            node.is_some_and(|node| node.name.to_lowercase().contains(&wanted))
        })
        .map(|at| of_task(outline, at))
        .collect();
    (!found.is_empty()).then(|| found.join("\n"))
}

fn of_task(outline: &Outline, at: usize) -> String {
    let Some(node) = outline.nodes.get(at) else { return String::new() };
    let mut out = format!("{}\n", placed(node));
    let mut add = |what: &str, text: String| out.push_str(&format!("  {what:<14}{text}\n"));
    let named = |at: usize| outline.nodes.get(at).map(placed).unwrap_or_default();
    let before = |kind| outline.edges.iter().filter(move |edge| edge.to == at && edge.kind == kind);
    for edge in before(OutlineEdgeKind::Order) {
        add("comes after", named(edge.from));
    }
    for around in blocks_around(outline, at) {
        add("inside", named(around));
    }
    for condition in &node.when {
        add("only when", condition.clone());
    }
    for edge in before(OutlineEdgeKind::Data) {
        let name = edge.name.as_deref().unwrap_or_default();
        add("reads", format!("{name}, which is set by {}", named(edge.from)));
    }
    for edge in before(OutlineEdgeKind::Notify) {
        add("notified by", named(edge.from));
    }
    for edge in outline.edges.iter().filter(|edge| edge.from == at) {
        let name = edge.name.as_deref().unwrap_or_default();
        match edge.kind {
            OutlineEdgeKind::Data => add("read by", format!("{} ({name})", named(edge.to))),
            OutlineEdgeKind::Notify => add("notifies", named(edge.to)),
            OutlineEdgeKind::Order | OutlineEdgeKind::Rescue | OutlineEdgeKind::Always => {}
        }
    }
    out
}

fn placed(node: &OutlineNode) -> String {
    match (&node.file, node.line) {
        (Some(file), Some(line)) => format!("{} ({file}:{line})", node.name),
        _ => node.name.clone(),
    }
}

/// The blocks (or their rescue and always) that a node is in, the outermost first.
fn blocks_around(outline: &Outline, at: usize) -> Vec<usize> {
    let mut depth = outline.nodes.get(at).map_or(0, |node| node.depth);
    let mut around = Vec::new();
    for (place, node) in outline.nodes.iter().enumerate().take(at).rev() {
        let opens =
            matches!(node.kind, OutlineKind::Block | OutlineKind::Rescue | OutlineKind::Always);
        if opens && node.depth < depth {
            around.push(place);
            depth = node.depth;
        }
    }
    around.reverse();
    around
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::outline;

    #[test]
    fn a_task_with_all_that_leads_to_it() {
        assert_eq!(
            why(&outline(), "CHANGE").as_deref(),
            Some(
                "change (site.yml:7)\n  comes after   block\n  inside        block\n  only when     found.rc == 0\n  \
                 reads         found, which is set by look (site.yml:3)\n  notifies      restart (site.yml:12)\n"
            )
        );
        assert_eq!(why(&outline(), "nosuch"), None);
    }
}
