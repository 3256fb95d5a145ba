//! What is typed at the debugger, and what `help` says of it.

/// A command. What is none is an assignment or an expression.
#[derive(Debug, PartialEq)]
pub(super) enum Command<'a> {
    Quit,
    Continue,
    Redo,
    Update,
    Print(&'a str),
    Help(&'a str),
    Statement(&'a str),
}

/// The list that `help` shows.
pub(super) const LISTED: &str = "
Documented commands (type help <topic>):
========================================
EOF  c  continue  h  help  p  pprint  q  quit  r  redo  u  update_task
";

impl<'a> Command<'a> {
    /// The command of a line that isn't empty.
    pub(super) fn parse(line: &'a str) -> Command<'a> {
        let line = line.trim();
        if let Some(topic) = line.strip_prefix('?') {
            return Command::Help(topic.trim());
        }
        let end = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (word, rest) = line.split_at(end.unwrap_or(line.len()));
        let rest = rest.trim();
        match word {
            "EOF" | "q" | "quit" => Command::Quit,
            "c" | "continue" => Command::Continue,
            "r" | "redo" => Command::Redo,
            "u" | "update_task" => Command::Update,
            "p" | "pprint" => Command::Print(rest),
            "h" | "help" => Command::Help(rest),
            _ => Command::Statement(line),
        }
    }
}

/// What `help TOPIC` says.
pub(super) fn help(topic: &str) -> String {
    match Command::parse(topic) {
        _ if topic.is_empty() => LISTED.to_owned(),
        Command::Quit => "Quit".to_owned(),
        Command::Continue => "Continue to next result".to_owned(),
        Command::Redo => {
            "Schedule task for re-execution. The re-execution may not be the next result".to_owned()
        }
        Command::Update => {
            "Recreate the task from ``task._ds``, and template with updated ``task_vars``"
                .to_owned()
        }
        Command::Print(_) => "Pretty Print".to_owned(),
        Command::Help(_) => {
            "List available commands with \"help\" or detailed help with \"help cmd\".".to_owned()
        }
        Command::Statement(_) => format!("*** No help on {topic}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_statements() {
        assert_eq!(Command::parse(" p task.args "), Command::Print("task.args"));
        assert_eq!(Command::parse("?r"), Command::Help("r"));
        assert_eq!(Command::parse("u 1"), Command::Update);
        let assigned = "task_vars['a'] = 1";
        assert_eq!(Command::parse(assigned), Command::Statement(assigned));
        assert_eq!(help("nosuch"), "*** No help on nosuch");
        assert_eq!(help("EOF"), "Quit");
    }
}
