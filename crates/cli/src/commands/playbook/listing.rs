//! `--list-hosts`, `--list-tasks` and `--list-tags` as stock writes them; scripts read these lines.

use std::collections::BTreeSet;

use nafal_base::Value;
use nafal_engine::{PlayListing, PlaybookListing};

use crate::arguments::Playbook;
use crate::commands::targets::say_hosts;

/// What is listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts {
    /// The hosts of each play.
    pub hosts: bool,
    /// The tasks of each play.
    pub tasks: bool,
    /// The tags of each play's tasks.
    pub tags: bool,
}

impl Parts {
    /// What the arguments want listed.
    pub fn wanted(arguments: &Playbook) -> Parts {
        Parts {
            hosts: arguments.hosts.list_hosts,
            tasks: arguments.list_tasks,
            tags: arguments.list_tags,
        }
    }

    /// Whether that is anything.
    pub fn any(self) -> bool {
        self.hosts || self.tasks || self.tags
    }
}

/// A playbook with these parts of it, in the pieces that stock's log has.
pub fn pieces_of(playbook: &PlaybookListing, parts: Parts) -> Vec<String> {
    let mut pieces = vec![format!("\nplaybook: {}", playbook.path)];
    for (index, play) in playbook.plays.iter().enumerate() {
        pieces.push(head_of(play, index + 1, parts));
        let tasks = tasks_of(play, parts);
        pieces.extend(Some(tasks).filter(|tasks| !tasks.is_empty()));
    }
    pieces
}

fn head_of(play: &PlayListing, number: usize, parts: Parts) -> String {
    let patterns = play.patterns.join(",");
    let tags = play.tags.join(",");
    let mut text = format!("\n  play #{number} ({patterns}): {}\tTAGS: [{tags}]", play.name);
    if parts.hosts {
        let patterns: Vec<Value> =
            play.patterns.iter().map(|one| Value::from(one.as_str())).collect();
        let patterns = Value::List(patterns.into_iter().collect()).repr();
        text.push_str(&format!("\n    pattern: {patterns}\n{}", say_hosts(&play.hosts, 4)));
    }
    text
}

fn tasks_of(play: &PlayListing, parts: Parts) -> String {
    let mut text = String::new();
    if parts.tasks {
        text.push_str("    tasks:\n");
        for task in &play.tasks {
            text.push_str(&format!("      {}\tTAGS: [{}]\n", task.name, task.tags.join(", ")));
        }
    }
    if parts.tags {
        let all: BTreeSet<&str> =
            play.tasks.iter().flat_map(|task| task.tags.iter().map(String::as_str)).collect();
        let all: Vec<&str> = all.into_iter().collect();
        text.push_str(&format!("      TASK TAGS: [{}]\n", all.join(", ")));
    }
    text
}

#[cfg(test)]
mod tests {
    use nafal_base::HostName;
    use nafal_engine::TaskListing;

    use super::*;

    fn check(parts: Parts, expected: &str) {
        let task = |name: &str, tags: &[&str]| TaskListing {
            name: name.to_owned(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        };
        let play = PlayListing {
            name: "Lists".to_owned(),
            tags: vec!["x".to_owned(), "y".to_owned()],
            patterns: vec!["web,!w1".to_owned()],
            hosts: vec![HostName::from("w2")],
            tasks: vec![task("one", &["b"]), task("r : two", &["a", "b"])],
        };
        let playbook = PlaybookListing { path: "p.yml".to_owned(), plays: vec![play] };
        let head = "\nplaybook: p.yml|\n  play #1 (web,!w1): Lists\tTAGS: [x,y]";
        assert_eq!(pieces_of(&playbook, parts).join("|"), format!("{head}{expected}"));
    }

    #[test]
    fn parts_of_a_play() {
        let hosts = "\n    pattern: ['web,!w1']\n    hosts (1):\n      w2";
        let tasks = "|    tasks:\n      one\tTAGS: [b]\n      r : two\tTAGS: [a, b]\n";
        let tags = "      TASK TAGS: [a, b]\n";
        check(Parts { hosts: true, ..Parts::default() }, hosts);
        check(Parts { tasks: true, ..Parts::default() }, tasks);
        check(Parts { tags: true, ..Parts::default() }, &format!("|{tags}"));
        check(Parts { hosts: true, tasks: true, tags: true }, &format!("{hosts}{tasks}{tags}"));
    }
}
