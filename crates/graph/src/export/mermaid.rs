//! An outline as a mermaid flowchart, as READMEs and wikis show it. Must not know files.

use crate::outline::{Outline, OutlineEdgeKind, OutlineKind, OutlineNode};

/// The outline as a flowchart. Order is a line, data a dotted arrow with the variable's name, a
/// notification a thick one; a rescue says so.
pub fn mermaid(outline: &Outline) -> String {
    let mut out = "flowchart TD\n".to_owned();
    for (at, node) in outline.nodes.iter().enumerate() {
        out.push_str(&format!("    n{}{}\n", at + 1, shape(node)));
    }
    for edge in &outline.edges {
        let (from, to) = (edge.from + 1, edge.to + 1);
        let name = escape(edge.name.as_deref().unwrap_or_default());
        out.push_str(&match edge.kind {
            OutlineEdgeKind::Order => format!("    n{from} --> n{to}\n"),
            OutlineEdgeKind::Data => format!("    n{from} -. \"{name}\" .-> n{to}\n"),
            OutlineEdgeKind::Notify => format!("    n{from} == \"{name}\" ==> n{to}\n"),
            OutlineEdgeKind::Rescue => format!("    n{from} -- \"on failure\" --> n{to}\n"),
            OutlineEdgeKind::Always => format!("    n{from} -- \"always\" --> n{to}\n"),
        });
    }
    out
}

fn shape(node: &OutlineNode) -> String {
    let name = escape(&node.name);
    match node.kind {
        OutlineKind::Task => format!("[\"{name}\"]"),
        OutlineKind::Include => format!("[[\"{name}\"]]"),
        OutlineKind::Handler => format!("([\"{name}\"])"),
        OutlineKind::Block | OutlineKind::Rescue | OutlineKind::Always | OutlineKind::Flush => {
            format!("{{{{\"{name}\"}}}}")
        }
    }
}

/// What mermaid would read as syntax, as its entities.
fn escape(text: &str) -> String {
    text.replace('&', "#amp;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::outline;

    #[test]
    fn shapes_and_arrows() {
        assert_eq!(
            mermaid(&outline()),
            "flowchart TD\n    n1[\"look\"]\n    n2{{\"block\"}}\n    n3[\"change\"]\n    n4([\"restart\"])\n    \
             n1 --> n2\n    n2 --> n3\n    n1 -. \"found\" .-> n3\n    n3 == \"restart\" ==> n4\n"
        );
        assert_eq!(escape("a \"b\" <c>"), "a #quot;b#quot; #lt;c#gt;");
    }
}
