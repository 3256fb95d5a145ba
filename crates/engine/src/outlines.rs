//! The compiled graphs of playbooks, for who wants to see them. Runs nothing and reaches no host.

use std::sync::Arc;

use nafal_graph::Outline;
use serde::Serialize;

use crate::agents::connections;
use crate::engine::Engine;
use crate::error::Error;
use crate::playbooks::folder_of;

/// A play's graph.
#[derive(Clone, Debug, Serialize)]
pub struct PlayOutline {
    /// The playbook, as given.
    pub playbook: String,
    /// The play's name as written, or its patterns.
    pub play: String,
    /// Its tasks and what connects them.
    #[serde(flatten)]
    pub outline: Outline,
}

impl Engine {
    /// Every play of the playbooks as a graph, with its data edges; tags leave what they would leave of a run.
    pub fn outlines(&self) -> Result<Vec<PlayOutline>, Error> {
        let mut all = Vec::new();
        for path in &self.request.playbooks {
            let services = self.services(&folder_of(path), &Arc::new(connections()));
            for ready in self.ready(path, &services)? {
                let name = ready.play.keywords.name.as_ref().map(|name| &name.source);
                all.push(PlayOutline {
                    playbook: path.display().to_string(),
                    play: name.unwrap_or(&ready.play.hosts.source).to_text().into_owned(),
                    outline: Outline::of(&ready.graph),
                });
            }
        }
        Ok(all)
    }
}

/// The graphs as JSON: a list of plays, each with its `nodes` and `edges` (whose `from` and `to` count nodes from 0).
pub fn outlines_json(plays: &[PlayOutline]) -> String {
    // Texts and numbers alone: there is nothing in it that JSON can't say.
    serde_json::to_string_pretty(plays).unwrap_or_default()
}
