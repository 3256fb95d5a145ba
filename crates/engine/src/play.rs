//! One play: its hosts, its variables, its batches one after the other.

use std::sync::Arc;

use nafal_base::event::Pace;
use nafal_base::{Event, HostName, PlayId, PlayInfo};
use nafal_executor::{PlayRules, PlayRun, PlayVerdict, Pool, Services, Stepping, Strategy};
use nafal_variables::{Layer, LayerKind, PlayContext, PlayFiles};

use crate::error::Error;
use crate::plan::{Plan, strategy};
use crate::playbooks::{ReadyPlay, named_by_hosts, patterns};
use crate::run::Course;

/// What all batches of a play share.
struct Batches<'a> {
    ready: &'a ReadyPlay,
    name: String,
    info: Arc<PlayInfo>,
    plan: Plan,
    all: Vec<HostName>,
    layers: Vec<Layer>,
    files: Option<Arc<dyn PlayFiles>>,
}

impl Course<'_> {
    /// Runs one play.
    pub(crate) fn play(&mut self, ready: &ReadyPlay) -> Result<PlayVerdict, Error> {
        let answers = self.ask(ready)?;
        let answers = ready.answers.get_or_init(|| answers).clone();
        let batches = self.batches(ready, Layer::new(LayerKind::VarsPrompt, answers))?;
        for batch in &batches.plan.batches {
            let before = self.out();
            let verdict = self.batch(&batches, batch)?;
            // A batch of which all hosts failed ends the run; hosts that were out before don't
            // count (case `play-serial`).
            let all_failed = !batch.is_empty() && self.out() == before + batch.len();
            if verdict == PlayVerdict::Stop || all_failed {
                return Ok(PlayVerdict::Stop);
            }
            if verdict == PlayVerdict::PlayEnded {
                break;
            }
        }
        Ok(PlayVerdict::GoOn)
    }

    /// How many hosts failed or couldn't be reached so far.
    fn out(&self) -> usize {
        self.state.failed.union(&self.state.unreachable).count()
    }

    fn batches<'a>(&mut self, ready: &'a ReadyPlay, answers: Layer) -> Result<Batches<'a>, Error> {
        let play = &ready.play;
        self.enter(&ready.folder);
        // A play without a name is named for its hosts, which stock renders first.
        let wanted = self.keyword("name", &play.hosts.source, ready)?;
        let wanted = patterns(&wanted);
        let name = match &play.keywords.name {
            Some(name) => self.keyword("name", &name.source, ready)?.to_text().into_owned(),
            None => named_by_hosts(&ready.play.hosts.source, &wanted),
        };
        let (all, warnings) = self.engine.hosts_of(&self.store.inventory(), &wanted)?;
        self.warn(warnings);
        let warnings = self.services.new_warnings();
        self.warn(warnings);
        let plan = self.plan(ready, &all)?;
        let hosts = self.live(&all);
        let context = self.context(&ready.graph, &name, &all, &hosts);
        let layers = vec![answers];
        let files = self.vars_files(ready, &layers, &context)?;
        let info = Arc::new(PlayInfo {
            pattern: wanted,
            strategy: plan.strategy.clone(),
            tags: play.keywords.tags.clone(),
            vars: play.keywords.vars.clone(),
            span: Some(play.span.clone()),
        });
        Ok(Batches { ready, name, info, plan, all, layers, files })
    }

    fn live(&self, hosts: &[HostName]) -> Vec<HostName> {
        hosts.iter().filter(|host| !self.state.is_out(host)).cloned().collect()
    }

    fn batch(&mut self, play: &Batches<'_>, batch: &[HostName]) -> Result<PlayVerdict, Error> {
        let hosts = self.live(batch);
        // What is wrong with the strategy is told below the play's banner.
        let strategy = strategy(&play.plan.strategy, &play.ready.play);
        self.plays += 1;
        self.sink.event(&Event::PlayStarted {
            play: PlayId(self.plays),
            name: play.name.clone(),
            mode: play.ready.play.keywords.mode(self.services.settings.mode),
            hosts: hosts.clone(),
            pace: match strategy {
                Ok(Strategy::Free | Strategy::HostPinned) => Pace::EachHost,
                Ok(Strategy::Linear | Strategy::Debug) | Err(_) => Pace::Lockstep,
            },
            info: Arc::clone(&play.info),
        });
        let strategy = strategy?;
        if hosts.is_empty() {
            if play.all.is_empty() {
                self.sink.event(&Event::NoHostsMatched);
            }
            return Ok(PlayVerdict::GoOn);
        }
        self.store.prepare(&hosts).map_err(|errors| Error::Load {
            diagnostics: errors.iter().map(nafal_inventory::Error::diagnostic).collect(),
            code: 4,
        })?;
        let graph = &play.ready.graph;
        let mut context = self.context(graph, &play.name, &play.all, &self.live(&play.all));
        context.batch = PlayContext::list(&hosts);
        context.files.clone_from(&play.files);
        let pool = Pool::new(self.services.settings.forks.min(hosts.len()))?;
        let services: Arc<dyn Services> = Arc::clone(&self.services) as Arc<dyn Services>;
        let run = PlayRun::new(
            graph,
            &hosts,
            &services,
            &self.store,
            &Arc::new(context),
            play.layers.clone(),
            &pool,
            &mut self.state,
            self.sink,
        );
        let rules = PlayRules {
            strategy,
            stepping: if self.engine.request.step { Stepping::EachTask } else { Stepping::Off },
            max_fail_percentage: play.plan.max_fail_percentage,
            batch_size: batch.len(),
        };
        Ok(run.run(graph, rules)?)
    }
}
