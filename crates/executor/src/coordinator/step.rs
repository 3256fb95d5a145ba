//! One task over the hosts that are at it.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crossbeam_channel::Sender;
use nafal_actions::GATHERED;
use nafal_base::{Event, Scope, Template};
use nafal_graph::{Gathering, TaskNode, TaskOrigin};
use nafal_templating::Renderer;
use nafal_variables::TaskScope;

use super::membership::is_for_first_host;
use super::play_run::PlayRun;
use super::results::is_bad;
use crate::error::Error;
use crate::prepared::Prepared;
use crate::track::{HostIndex, Track};
use crate::worker::{self, Job, Message, Relations, Report};

impl PlayRun<'_> {
    /// Runs the task at `position` on the hosts that are there, and moves them on.
    pub(super) fn step(
        &mut self,
        track: &mut Track,
        position: usize,
        node: &Arc<TaskNode>,
        here: &[HostIndex],
    ) -> Result<(), Error> {
        let (mut done, hosts) = self.without_finished_roles(node, here);
        let (known, hosts) = self.with_facts(node, hosts);
        done.extend(known);
        for host in done {
            self.advance(host);
        }
        if hosts.is_empty() {
            return Ok(());
        }
        if node.action() == "ansible.builtin.meta" {
            return self.meta(track, node, &hosts);
        }
        if !self.is_wanted(node, None)? {
            self.declined = Some(node.info.id);
            hosts.iter().for_each(|&host| self.advance(host));
            return Ok(());
        }
        let prepared = self.prepared(node);
        let alone = is_for_first_host(node);
        let once = alone || self.runs_once(&prepared, &hosts)?;
        let running: Vec<HostIndex> =
            if once { hosts.iter().take(1).copied().collect() } else { hosts.clone() };
        self.refresh_lists();
        self.refuse_broken_files(&prepared, &running)?;
        self.announce(&prepared, &running);
        self.keyword(&prepared, node.keywords.any_errors_fatal.as_ref(), &running)?;
        let throttle = self.throttle(&prepared, &running)?;
        let reports = self.dispatch(&prepared, &running, throttle)?;
        // What fails for the first host alone fails for all of them, as with run_once.
        let spreads = once && !alone || alone && reports.iter().any(is_bad);
        let spread = if spreads { &hosts[..] } else { &[] };
        if alone && !spreads {
            hosts.iter().skip(1).for_each(|&host| self.advance(host));
        }
        self.settle(track, position, &prepared, reports, spread);
        Ok(())
    }

    /// Hosts whose facts the play need not gather again (`gathering = smart`), and the others.
    pub(super) fn with_facts(
        &self,
        node: &TaskNode,
        hosts: Vec<HostIndex>,
    ) -> (Vec<HostIndex>, Vec<HostIndex>) {
        let smart = self.shared.services.settings().gathering == Gathering::Smart;
        if !smart || node.origin != TaskOrigin::Gathering {
            return (Vec::new(), hosts);
        }
        hosts.into_iter().partition(|&host| {
            let variables = self.name(host).and_then(|name| self.shared.store.host(&name));
            variables.is_some_and(|variables| variables.facts.contains(GATHERED))
        })
    }

    /// Hosts that ran this task's role already, and the others.
    pub(super) fn without_finished_roles(
        &self,
        node: &TaskNode,
        here: &[HostIndex],
    ) -> (Vec<HostIndex>, Vec<HostIndex>) {
        let Some(role) = &node.context.role else { return (Vec::new(), here.to_vec()) };
        if role.allow_duplicates || node.info.kind == nafal_base::TaskKind::Handler {
            return (Vec::new(), here.to_vec());
        }
        here.iter().partition(|&&host| {
            self.hosts.get(host).is_some_and(|host| host.roles.contains(&role.id))
        })
    }

    /// What is wrong with the play's files, or those beside the task, for the first host is told instead of the task's banner.
    fn refuse_broken_files(&self, prepared: &Prepared, hosts: &[HostIndex]) -> Result<(), Error> {
        let has_files = self.shared.play.files.is_some() || prepared.layers.vars_folders.is_some();
        let first = hosts.first().filter(|_| has_files);
        let Some(name) = first.and_then(|&host| self.name(host)) else {
            return Ok(());
        };
        let scope = TaskScope::new(&self.shared.store, &name, &self.shared.play, &prepared.layers);
        scope.files_fault().map_or(Ok(()), |fault| Err(fault.clone().into()))
    }

    /// The task's banner, with its name as the first host sees it.
    pub(super) fn announce(&mut self, prepared: &Prepared, hosts: &[HostIndex]) {
        let node = &prepared.node;
        let rendered = match &node.name {
            Some(template) if template.is_dynamic() => self.shown_name(prepared, template, hosts),
            Some(template) => Some(template.source.to_text().into_owned()),
            None => None,
        };
        self.announce_named(node, rendered);
        if let Some((module, path)) = prepared.choice() {
            self.emit(&Event::ModuleChosen { module, path });
        }
    }

    /// The same with the name as it is written, as `meta` tasks have it.
    pub(super) fn announce_as_written(&mut self, prepared: &Prepared) {
        let node = &prepared.node;
        let written = node.name.as_ref().map(|name| name.source.to_text().into_owned());
        self.announce_named(node, written);
    }

    fn announce_named(&mut self, node: &TaskNode, rendered: Option<String>) {
        let name = match (rendered, &node.info.role) {
            (Some(name), Some(role)) if !name.is_empty() => format!("{role} : {name}"),
            (Some(name), None) if !name.is_empty() => name,
            // A name that gives nothing is none (case `names-templated`).
            (Some(_), role) if node.name.as_ref().is_some_and(|name| name.is_dynamic()) => {
                let action = node.info.action.clone();
                role.as_ref().map(|role| format!("{role} : {action}")).unwrap_or(action)
            }
            _ => included_role(node).unwrap_or_else(|| node.info.name.clone()),
        };
        let mode = node.keywords.mode(self.shared.services.settings().mode);
        // What is wrong with the name is told before it.
        self.tell_warnings();
        self.describe(node);
        self.emit(&Event::TaskStarted { task: Arc::clone(&node.info), name, mode });
    }

    /// A name with its templates rendered; where one can't be, its error stands in the name.
    fn shown_name(
        &self,
        prepared: &Prepared,
        template: &Template<String>,
        hosts: &[HostIndex],
    ) -> Option<String> {
        let name = self.name(*hosts.first()?)?;
        let scope = TaskScope::new(&self.shared.store, &name, &self.shared.play, &prepared.layers);
        let renderer = Renderer::new(&scope as &dyn Scope, &*prepared.effects);
        let (name, warnings) = renderer.name(&template.source);
        warnings.into_iter().for_each(|warning| prepared.effects.tell(warning));
        Some(name)
    }

    /// Hands the task to the workers and takes what they say until all are done.
    pub(super) fn dispatch(
        &mut self,
        prepared: &Arc<Prepared>,
        hosts: &[HostIndex],
        throttle: usize,
    ) -> Result<Vec<Report>, Error> {
        let relations = Arc::new(Relations::default());
        let (out, messages) = crossbeam_channel::unbounded();
        let mut jobs: Vec<Job> =
            hosts.iter().filter_map(|&host| self.job(prepared, host, &out, &relations)).collect();
        drop(out);
        let mut reports = Vec::with_capacity(jobs.len());
        let here = jobs.len() == 1 && says_nothing_meanwhile(&prepared.node);
        if let Some(job) = jobs.pop_if(|_| here) {
            self.take(Some(prepared.as_ref()), Message::Started(job.host), &mut reports);
            let _ = job.out.send(Message::Done(worker::finish(&job)));
        } else {
            self.pool.start(jobs, throttle, worker::run);
        }
        while let Ok(message) = messages.recv() {
            // First: what was cancelled ends as a failure that nobody is to be told of.
            if self.shared.services.cancelled().load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            let before = reports.len();
            self.take(Some(prepared.as_ref()), message, &mut reports);
            self.debug_last(prepared, &mut reports, before)?;
        }
        self.tell_warnings();
        Ok(reports)
    }

    /// A task on a host, to be handed to a worker.
    pub(super) fn job(
        &self,
        prepared: &Arc<Prepared>,
        host: HostIndex,
        out: &Sender<Message>,
        relations: &Arc<Relations>,
    ) -> Option<Job> {
        Some(Job {
            host,
            name: self.name(host)?,
            task: Arc::clone(prepared),
            shared: Arc::clone(&self.shared),
            out: out.clone(),
            earlier: RefCell::default(),
            discovered: RefCell::default(),
            relations: Arc::clone(relations),
        })
    }

    /// Tells what a worker says of the task that it runs.
    pub(super) fn take(
        &mut self,
        prepared: Option<&Prepared>,
        message: Message,
        reports: &mut Vec<Report>,
    ) {
        for told in self.shared.services.connections().take_told() {
            self.emit(&Event::Reached { told });
        }
        match message {
            Message::Started(host) => {
                if let (Some(host), Some(prepared)) = (self.name(host), prepared) {
                    let task = Arc::clone(&prepared.node.info);
                    self.emit(&Event::HostStarted { host, task });
                }
            }
            Message::Item(item) if is_include_item(&item) => {
                self.emit(&Event::IncludeItemFinished(item));
            }
            Message::Item(item) => {
                self.tell_warnings();
                self.emit(&Event::ItemFinished(item));
            }
            Message::Background(result, job, state) => {
                let host = result.host.clone();
                self.emit(&Event::Background { host, job, state, result });
            }
            Message::Discovering(host) => self.emit(&Event::Discovering { host }),
            Message::Retrying(result, left) => self.emit(&Event::Retrying { result, left }),
            Message::Done(mut report) => {
                self.tell_warnings();
                if let Some(fault) = report.fault.take() {
                    self.broken.get_or_insert(fault);
                }
                self.check_handlers(&report);
                self.notify(&report);
                if self.broken.is_none() {
                    let result = Box::new(report.result.clone());
                    let asks = is_include(&report);
                    self.emit(&match asks {
                        true => Event::IncludeFinished(result),
                        false => Event::HostFinished(result),
                    });
                }
                reports.push(*report);
            }
        }
    }

    /// Tells what came up while templates were rendered.
    pub(super) fn tell_warnings(&mut self) {
        for warning in self.shared.services.take_warnings() {
            self.emit(&Event::Diagnosed(Box::new(warning)));
        }
    }
}

/// Whether nothing is to be shown between its beginning and its end. On a single host such a task
/// runs in the coordinator's own thread: handing it over and being woken up by its report cost twice
/// as much as a small task.
fn says_nothing_meanwhile(node: &TaskNode) -> bool {
    node.repeat.is_none()
        && node.until.is_empty()
        && node.retries.is_none()
        && node.background.is_none()
}

fn is_include_item(item: &nafal_base::event::ItemResult) -> bool {
    let action = item.result.task.resolved_action.as_str();
    item.result.outcome.status == nafal_base::Status::Ok
        && matches!(action, "ansible.builtin.include_tasks" | "ansible.builtin.include_role")
}

/// Whether it only asks for an include: its own line is the `included:` one.
pub(super) fn is_include(report: &Report) -> bool {
    report.result.outcome.is_good()
        && report.effects.iter().any(|effect| matches!(effect, nafal_actions::Effect::Include(_)))
}

/// An `include_role` without a name of its own is called after the role, as written.
fn included_role(node: &TaskNode) -> Option<String> {
    if node.action() != "ansible.builtin.include_role" {
        return None;
    }
    let role = node.args.get("name").or_else(|| node.args.get("role"))?;
    Some(format!("{} : {}", node.info.action, role.to_text()))
}
