//! `--step`: whoever sits at the terminal says of each task whether it runs (case `step`). Must not
//! know how tasks run.

use nafal_base::console::Echo;
use nafal_base::{Event, TaskKind};
use nafal_graph::TaskNode;

use super::play_run::PlayRun;
use crate::error::Error;
use crate::track::HostIndex;

/// Whether tasks are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stepping {
    /// They run.
    #[default]
    Off,
    /// Each is asked for.
    EachTask,
}

impl PlayRun<'_> {
    /// Whether the task is to run. Where hosts go on by themselves each is asked for with its name.
    pub(super) fn is_wanted(
        &mut self,
        node: &TaskNode,
        host: Option<HostIndex>,
    ) -> Result<bool, Error> {
        if self.rules.stepping == Stepping::Off {
            return Ok(true);
        }
        self.tell_warnings();
        let kind = if node.info.kind == TaskKind::Handler { "HANDLER" } else { "TASK" };
        let whose = host.and_then(|host| self.name(host));
        let whose = whose.map(|host| format!(" on {host}")).unwrap_or_default();
        let name = &node.info.name;
        let question = format!("Perform task: {kind}: {name}{whose} (N)o/(y)es/(c)ontinue: ");
        let answer = self.ask(&question)?;
        self.emit(&Event::Answered { question });
        match answer.to_lowercase().as_str() {
            "c" | "continue" => {
                self.rules.stepping = Stepping::Off;
                Ok(true)
            }
            answer => Ok(matches!(answer, "y" | "yes")),
        }
    }

    /// A line from whoever sits there.
    pub(super) fn ask(&self, question: &str) -> Result<String, Error> {
        let services = &self.shared.services;
        match services.console().line(question, Echo::Shown, services.cancelled()) {
            Ok(Some(line)) => Ok(line),
            Ok(None) => Err(Error::Cancelled),
            Err(error) => Err(Error::NoAnswer(error.to_string())),
        }
    }
}
