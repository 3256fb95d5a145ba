//! Includes: what hosts ask for is read once, told, and spliced below the task that asked.

use std::collections::HashSet;
use std::sync::Arc;

use nafal_actions::{Absence, IncludeRequest};
use nafal_base::event::{Disclosure, HostResult};
use nafal_base::{Cause, Diagnostic, Event, Outcome, Value};
use nafal_variables::PlayContext;

use super::play_run::{PlayRun, exported};
use super::results::includes_of;
use crate::error::Error;
use crate::prepared::Prepared;
use crate::services::{CompiledInclude, IncludeFault};
use crate::track::{HostIndex, Track};
use crate::worker::Report;

/// The same include, wanted by several hosts.
struct Wanted {
    request: IncludeRequest,
    hosts: Vec<HostIndex>,
    /// Whether its item may be shown.
    disclosure: Disclosure,
    /// The last report that wanted it: reports come host by host, so a second wish of the same
    /// host finds its first here, without a search.
    last: HostIndex,
}

/// With `run_once` too the tasks are those of the one host that asked (case `include-run-once`).
fn gather(reports: &[Report]) -> Vec<Wanted> {
    let mut all: Vec<Wanted> = Vec::new();
    for report in reports {
        for request in includes_of(report) {
            match all
                .iter_mut()
                .find(|wanted| wanted.request == *request && wanted.last != report.host)
            {
                Some(wanted) => {
                    wanted.hosts.push(report.host);
                    wanted.last = report.host;
                }
                None => all.push(Wanted {
                    request: request.clone(),
                    hosts: vec![report.host],
                    disclosure: report.result.disclosure,
                    last: report.host,
                }),
            }
        }
    }
    all
}

/// What is missing, in stock's words for a run that ends by it.
fn not_included(missing: Diagnostic) -> Diagnostic {
    let mut told = Diagnostic::error("Could not include role");
    told.causes.push(Cause { message: missing.message, span: missing.span, hint: missing.hint });
    told.causes.extend(missing.causes);
    told
}

impl PlayRun<'_> {
    /// Splices what the reports ask for; hosts are already behind the task.
    pub(super) fn includes(
        &mut self,
        track: &mut Track,
        position: usize,
        prepared: &Arc<Prepared>,
        reports: &[Report],
        spread: &[HostIndex],
    ) {
        let mut place = position + 1;
        let mut failed: Vec<HostIndex> = Vec::new();
        for wanted in gather(reports) {
            let services = Arc::clone(&self.shared.services);
            let mut params = prepared.node.keywords.vars.clone();
            for (name, value) in &wanted.request.variables {
                params.insert(name.clone(), value.clone());
            }
            match services.include(&prepared.node, &wanted.request, &params) {
                Ok(compiled) => {
                    self.tell_include(prepared, &wanted, &compiled);
                    place += self.splice(track, place, &compiled, &wanted.hosts);
                }
                Err(IncludeFault::Missing(diagnostics))
                    if wanted.request.absence == Absence::EndsRun =>
                {
                    let diagnostics = diagnostics.into_iter().map(not_included).collect();
                    self.broken = Some(Error::Broken(diagnostics));
                    return;
                }
                Err(IncludeFault::Missing(diagnostics)) => {
                    self.failed_include(prepared, &wanted, &diagnostics);
                    failed.extend(&wanted.hosts);
                }
                Err(IncludeFault::Broken(diagnostics)) => {
                    self.broken = Some(Error::Broken(diagnostics));
                    return;
                }
            }
        }
        // However many of a loop's includes are missing, they are one failure of the task.
        failed.sort_unstable();
        failed.dedup();
        for &host in spread.iter().filter(|host| !failed.is_empty() && !failed.contains(host)) {
            self.fail_with_first(track, host);
        }
        failed.iter().for_each(|&host| self.leave(track, host));
        let bad: HashSet<HostIndex> = failed.into_iter().collect();
        // As any failure, but that these hosts are left out of later plays, too (case
        // `include-missing-fatal`).
        if let Err(error) = self.stop_others(track, prepared, &bad) {
            self.broken = Some(error);
        }
        if self.is_lockstep() && matches!(self.is_fatal(prepared, &bad), Ok(true)) {
            let names: Vec<_> = bad.iter().filter_map(|&host| self.name(host)).collect();
            self.state.failed.extend(names);
            self.stale = true;
        }
    }

    fn tell_include(&mut self, prepared: &Prepared, wanted: &Wanted, compiled: &CompiledInclude) {
        let hosts: Vec<nafal_base::HostName> =
            wanted.hosts.iter().filter_map(|&host| self.name(host)).collect();
        for host in &hosts {
            self.state.counts(host).ok += 1;
        }
        self.emit(&Event::Included {
            name: compiled.shown.clone(),
            hosts,
            label: match wanted.disclosure {
                Disclosure::Shown => wanted.request.label.clone(),
                // Without a loop too (case `no-log-everywhere`).
                Disclosure::Censored => Some(Value::from("(censored due to no_log)")),
            },
            task: Arc::clone(&prepared.node.info),
        });
    }

    fn splice(
        &mut self,
        track: &mut Track,
        place: usize,
        compiled: &CompiledInclude,
        hosts: &[HostIndex],
    ) -> usize {
        self.add_handlers(&compiled.graph.handlers);
        if !compiled.graph.exports.is_empty() {
            self.play_layers.extend(exported(&compiled.graph.exports));
            // Whatever runs from here on sees the role's variables.
            self.prepared.clear();
        }
        if !compiled.graph.roles.is_empty() {
            let mut play: PlayContext = (*self.shared.play).clone();
            let roles = &compiled.graph.roles;
            play.add_roles(roles.iter().map(|role| (&*role.name, &role.dependencies[..])));
            self.set_play(play);
        }
        let guard: HashSet<HostIndex> = hosts.iter().copied().collect();
        let count = track.splice(place, &compiled.graph, guard);
        let others = if self.is_lockstep() { &mut self.hosts[..] } else { &mut [] };
        for host in others {
            // Hosts right behind the task walk into the spliced part; those further on are moved.
            if host.cursor.position > place {
                host.cursor.position += count;
            }
        }
        count
    }

    /// A file that isn't there or can't be read: the hosts that wanted it fail.
    fn failed_include(
        &mut self,
        prepared: &Arc<Prepared>,
        wanted: &Wanted,
        diagnostics: &[nafal_base::Diagnostic],
    ) {
        // Stock leaves its advice out of the result.
        let told = diagnostics.first().map(nafal_base::Diagnostic::chain).unwrap_or_default();
        let message = told.split(" If you are using a module").next().unwrap_or(&told).to_owned();
        let place = diagnostics.first().and_then(|first| first.span.clone());
        let diagnostic = Diagnostic::error(told).at(place);
        for &index in &wanted.hosts {
            let Some(host) = self.name(index) else { continue };
            let outcome = Outcome::failed(message.clone());
            let settings = self.shared.services.settings();
            let modes = (settings.mode, settings.diff);
            let mut result = HostResult::new(host.clone(), &prepared.node.info, outcome, modes);
            result.diagnostic = Some(Box::new(diagnostic.clone()));
            self.emit(&Event::HostFinished(Box::new(result)));
            // Counted as a failure even where a rescue takes it, as stock does.
            self.state.counts(&host).failed += 1;
        }
    }
}
