//! What reports change: registered results, facts, notifications, counts, where hosts go on.

use std::collections::HashSet;
use std::sync::Arc;

use nafal_actions::Effect;
use nafal_base::{Diagnostic, Dict, Event, HostName, Status, TaskKind, Value};
use nafal_parser::playbook::ast::Register;
use nafal_variables::is_restricted;

use super::play_run::PlayRun;
use super::step::is_include;
use crate::prepared::Prepared;
use crate::track::{HostIndex, Track};
use crate::worker::Report;

impl PlayRun<'_> {
    /// Applies reports and moves the hosts on. With `spread` (run_once), one host's report is
    /// every host's.
    pub(super) fn settle(
        &mut self,
        track: &mut Track,
        position: usize,
        prepared: &Arc<Prepared>,
        reports: Vec<Report>,
        spread: &[HostIndex],
    ) {
        let mut reports = reports;
        reports.sort_by_key(|report| report.host);
        self.change_inventory(&reports);
        self.tell_reserved_results(prepared, &reports);
        let mut moved: HashSet<HostIndex> = HashSet::new();
        // Of what runs once all know, those too for whom it isn't (case `include-run-once`).
        let everyone: Vec<HostIndex> = match spread {
            [] => Vec::new(),
            _ => (0..self.hosts.len()).filter(|&host| !self.hosts[host].out).collect(),
        };
        for report in &reports {
            self.add_stats(report);
            let single = [report.host];
            let (hosts, knowing) = match spread {
                [] => (&single[..], &single[..]),
                _ => (spread, &everyone[..]),
            };
            for &host in knowing {
                self.remember(prepared, report, host);
            }
            moved.extend(hosts);
            self.begin_role(prepared, report);
            // Each included file counts on its own, when it is told.
            if !is_include(report) {
                self.count(report);
            }
        }
        let failed: Vec<&Report> = reports.iter().filter(|report| is_bad(report)).collect();
        let mut bad: HashSet<HostIndex> = HashSet::new();
        for report in &failed {
            let single = [report.host];
            let hosts = if spread.is_empty() { &single[..] } else { spread };
            bad.extend(hosts);
        }
        for host in moved.iter().filter(|host| !bad.contains(host)) {
            self.advance(*host);
        }
        self.includes(track, position, prepared, &reports, spread);
        for report in failed {
            self.fail(track, prepared, report, report.host);
            for &host in spread.iter().filter(|&&host| host != report.host) {
                self.fail_with_first(track, host);
            }
        }
        if let Err(error) = self.stop_others(track, prepared, &bad) {
            self.broken.get_or_insert(error);
        }
    }

    /// Notes that the host ran a task of this role.
    fn begin_role(&mut self, prepared: &Prepared, report: &Report) {
        let ran = matches!(report.result.outcome.status, Status::Ok | Status::Failed);
        if let Some(role) = prepared.node.context.role.as_ref().filter(|_| ran)
            && let Some(host) = self.hosts.get_mut(report.host)
        {
            host.began.insert(role.id);
        }
    }

    /// Keeps what a host's task leaves behind.
    fn remember(&mut self, prepared: &Prepared, report: &Report, index: HostIndex) {
        let Some(host) = self.name(index) else { return };
        for effect in &report.effects {
            self.effect(effect, &host);
        }
        for (owner, effect) in &report.elsewhere {
            self.effect(effect, owner);
        }
        if let Some(Register::Whole(name)) = &prepared.node.register {
            let mut result = report.result.outcome.to_registered();
            strip(&mut result);
            self.shared.store.register(&host, name, Value::Dict(result));
        }
        for (name, value) in &report.registered {
            self.shared.store.register(&host, name, value.clone());
        }
    }

    fn effect(&mut self, effect: &Effect, owner: &HostName) {
        let store = Arc::clone(&self.shared.store);
        match effect {
            Effect::Variables(facts) => {
                for (name, value) in facts {
                    store.set_nonpersistent(owner, &name.value().to_text(), value.clone());
                }
            }
            Effect::CacheableVariables(facts) => {
                for (name, value) in facts {
                    store.set_nonpersistent(owner, &name.value().to_text(), value.clone());
                }
                self.keep_facts(owner, facts);
            }
            Effect::Facts(facts) => self.keep_facts(owner, facts),
            Effect::IncludedVariables(vars) => store.include_vars(owner, vars.clone()),
            // All of a task's at once: `change_inventory`.
            Effect::AddHost { .. } | Effect::GroupBy { .. } => {}
            // Once, whoever else has part in the report: `add_stats`.
            Effect::Stats { .. } | Effect::Include(_) => {}
        }
    }

    /// Keeps facts. Those that stock takes out of the variables are told of.
    fn keep_facts(&mut self, owner: &HostName, facts: &Dict) {
        let store = Arc::clone(&self.shared.store);
        if store.injects_facts() {
            let names = facts.keys().filter_map(|key| key.as_str());
            for name in names.filter(|name| is_restricted(name)) {
                let message = format!("Removed restricted key from module data: {name}");
                self.emit(&Event::Diagnosed(Box::new(Diagnostic::warning(message))));
            }
        }
        store.set_facts(owner, facts);
    }

    fn add_stats(&mut self, report: &Report) {
        for effect in &report.effects {
            if let Effect::Stats { data, aggregate, per_host } = effect {
                let key = per_host.then(|| report.result.host.clone());
                let all = self.state.custom.entry(key).or_default();
                super::stats::add(all, data, *aggregate);
            }
        }
    }

    /// Notes what a report notifies. Stock tells it before the result (case `callback-default`).
    pub(super) fn notify(&mut self, report: &Report) {
        let Some(host) = self.name(report.host) else { return };
        for name in &report.notify {
            if self.handlers.named(name).is_none() && self.handlers.listening(name).is_empty() {
                continue;
            }
            // While handlers run nothing is kept for later (case `handlers-notified-words`).
            if report.result.task.kind == TaskKind::Handler {
                self.notify_handlers(name, report.host);
                self.tell_notified(report.host);
            } else {
                self.notified.keep(name, report.host);
                let handler = name.clone();
                self.emit(&Event::NotificationKept { host: host.clone(), handler });
            }
        }
    }

    fn count(&mut self, report: &Report) {
        let Some(host) = self.name(report.host) else { return };
        let rescues = self.would_rescue(report.host);
        let result = &report.result;
        let counts = self.state.counts(&host);
        match result.outcome.status {
            Status::Ok => {
                counts.ok += 1;
                counts.changed += u32::from(result.outcome.changed);
            }
            Status::Skipped => counts.skipped += 1,
            Status::Failed | Status::Unreachable if result.ignored => {
                counts.ok += 1;
                counts.ignored += 1;
                counts.changed += u32::from(result.outcome.changed);
            }
            Status::Unreachable => counts.unreachable += 1,
            Status::Failed if rescues => counts.rescued += 1,
            Status::Failed => counts.failed += 1,
        }
    }
}

/// Whether the host doesn't simply go on.
pub(super) fn is_bad(report: &Report) -> bool {
    match report.result.outcome.status {
        Status::Failed | Status::Unreachable => !report.result.ignored,
        Status::Ok | Status::Skipped => false,
    }
}

/// Whether it asks for includes.
pub(super) fn includes_of(report: &Report) -> impl Iterator<Item = &nafal_actions::IncludeRequest> {
    let wanted = is_include(report) || !report.effects.is_empty();
    report.effects.iter().filter(move |_| wanted).filter_map(|effect| match effect {
        Effect::Include(request) => Some(request),
        _ => None,
    })
}

/// Keys that only callbacks look at aren't registered.
fn strip(result: &mut Dict) {
    let private: Vec<String> = result
        .keys()
        .filter_map(|key| key.as_str())
        .filter(|key| key.starts_with("_ansible_"))
        .map(str::to_owned)
        .collect();
    for key in private {
        result.remove(&key);
    }
}
