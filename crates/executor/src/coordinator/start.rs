//! `--start-at-task`: where a play begins instead of at its first task. Must not know how tasks run.

use nafal_base::{Diagnostic, Event};
use nafal_graph::{Node, TaskNode, TaskOrigin};

use super::play_run::PlayRun;
use crate::error::Error;
use crate::track::Track;

impl PlayRun<'_> {
    /// Finds the task to start at, unless an earlier play had it. False when this play hasn't.
    pub(super) fn find_start(&mut self, track: &Track) -> Result<bool, Error> {
        let Some(pattern) = self.state.start_at.clone() else { return Ok(true) };
        if let Some(position) = position_of(track, &pattern) {
            self.start = position;
            self.state.start_at = None;
            return Ok(true);
        }
        let message = format!(
            "No matching task \"{pattern}\" found. Note: --start-at-task can only follow static includes."
        );
        self.emit(&Event::Diagnosed(Box::new(Diagnostic::error(message))));
        Ok(false)
    }

    /// Whether a task stands before the start, and isn't the gathering that later ones rely on.
    pub(super) fn is_before_start(&self, position: usize, node: &TaskNode) -> bool {
        position < self.start && node.origin == TaskOrigin::Written
    }
}

/// The first task of this name, with or without its role's; rescues don't count.
fn position_of(track: &Track, pattern: &str) -> Option<usize> {
    let mut rescue = None;
    for position in 0..track.len() {
        match track.node(position)? {
            Node::RescueStart(block) if rescue.is_none() => rescue = Some(*block),
            Node::AlwaysStart(block) | Node::BlockEnd(block) if rescue == Some(*block) => {
                rescue = None;
            }
            Node::Task(node) if rescue.is_none() => {
                let info = &node.info;
                let role = info.role.as_ref().map(|role| format!("{role} : "));
                let own = role.as_ref().and_then(|role| info.name.strip_prefix(role.as_str()));
                let is_meant = |name: &str| name == pattern || matches(pattern, name);
                if is_meant(&info.name) || own.is_some_and(is_meant) {
                    return Some(position);
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether a name is like a pattern with `*` and `?`.
fn matches(pattern: &str, name: &str) -> bool {
    let mut pattern_rest = pattern.chars();
    let mut name_rest = name.chars();
    match (pattern_rest.next(), name_rest.next()) {
        (None, None) => true,
        (Some('*'), None) => matches(pattern_rest.as_str(), name),
        (Some('*'), Some(_)) => {
            matches(pattern_rest.as_str(), name) || matches(pattern, name_rest.as_str())
        }
        (Some('?'), Some(_)) => matches(pattern_rest.as_str(), name_rest.as_str()),
        (Some(wanted), Some(there)) if wanted == there => {
            matches(pattern_rest.as_str(), name_rest.as_str())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn names_like_patterns() {
        assert!(matches("thi*", "third") && matches("*ir?", "third") && matches("*", ""));
        assert!(!matches("thi", "third") && !matches("?", "") && !matches("a*b", "ac"));
    }
}
