//! A module run once on the hosts of a pattern: a play of one task.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use nafal_base::{Diagnostic, Dict, EventSink, HostName, Source, Span, Template, Value};
use nafal_connection::Connections;
use nafal_graph::compile_play;
use nafal_parser::playbook::ast::{Entry, Item, Task};

use crate::agents::connections;
use crate::cancelling::watched;
use crate::engine::{Engine, ExitStatus, folder_without_playbook};
use crate::error::Error;
use crate::oracle::{NOWHERE, Oracle};
use crate::playbooks::ReadyPlay;
use crate::request::AdHoc;
use crate::services::diagnostics;
use crate::vars_files::KnownFiles;

/// Text as a YAML string in double quotes.
fn quoted(text: &str) -> String {
    nafal_base::value::json::to_json(
        &nafal_base::Value::from(text),
        nafal_base::value::json::Style::LINE,
    )
}

/// What is wrong with arguments, without a place in a play that nobody wrote.
fn refused(error: &nafal_parser::Error) -> Diagnostic {
    let mut told = error.diagnostic();
    if let Some(own) = told.message.strip_prefix("Error loading tasks: ") {
        told = Diagnostic::error(own);
    }
    told
}

/// A keyword that was a flag.
fn fixed(number: u64) -> Template<i64> {
    Template::new(Value::from(number), None)
}

/// Errors name the command line, not the play that stands for it.
fn name_origin(task: &mut Task, module: &str, times: [u64; 3]) {
    let [timeout, seconds, poll] = times.map(Value::from);
    let mut args = task.action.args.clone();
    if let Some(raw) = &task.action.raw {
        args.insert("_raw_params", Value::Str(raw.clone()));
    }
    let shown: Dict = [
        ("action", Value::from(module)),
        ("args", Value::Dict(args)),
        ("timeout", timeout),
        ("async_val", seconds),
        ("poll", poll),
    ]
    .into_iter()
    .collect();
    let text = Value::Dict(shown).repr();
    task.span = Span::whole(&Source::new(format!("<adhoc '{module}' task>"), text));
    task.action.span = Span::whole(&Source::new("<CLI option '-m'>", module));
}

impl Engine {
    /// Runs a module once.
    pub fn adhoc(&self, wanted: &AdHoc, sink: &mut dyn EventSink) -> Result<ExitStatus, Error> {
        let connections = Arc::new(connections());
        self.tell_of(&connections);
        let flag = self.cancel_flag();
        let result = watched(&flag, &connections, || self.adhoc_play(wanted, &connections, sink));
        connections.close();
        result
    }

    /// The hosts that a pattern means here.
    pub fn matching(&self, pattern: &str) -> Result<(Vec<HostName>, Vec<Diagnostic>), Error> {
        self.hosts_of(&self.inventory, &[pattern.to_owned()])
    }

    fn adhoc_play(
        &self,
        wanted: &AdHoc,
        connections: &Arc<Connections>,
        sink: &mut dyn EventSink,
    ) -> Result<ExitStatus, Error> {
        let (folder, _) = folder_without_playbook(&self.request, &self.settings);
        let services = self.services(&folder, connections);
        let ready = self.adhoc_ready(wanted, folder.clone(), &services)?;
        let mut course = self.course(&folder, services, None, sink);
        // There are no tags without a playbook (case `special-variables`).
        let run = Arc::make_mut(&mut course.run_context);
        (run.run_tags, run.skip_tags) = (None, None);
        course.play(&ready)?;
        let counts = course.state.all_counts();
        let custom = Vec::new();
        course.sink.event(&nafal_base::Event::Finished { counts, custom });
        Ok(course.status())
    }

    fn adhoc_ready(
        &self,
        wanted: &AdHoc,
        folder: PathBuf,
        services: &crate::services::EngineServices,
    ) -> Result<ReadyPlay, Error> {
        // As text, so that arguments are split and checked as in a playbook.
        let arguments = wanted.arguments.trim();
        let call = if arguments.starts_with('{') && arguments.ends_with('}') {
            format!("{}: {arguments}", quoted(&wanted.module))
        } else {
            format!("{}: {}", quoted(&wanted.module), quoted(arguments))
        };
        let text = format!(
            "- name: Ansible Ad-Hoc\n  hosts: {}\n  gather_facts: false\n  tasks:\n    - {call}\n",
            quoted(&wanted.pattern)
        );
        let source = Source::new("<adhoc>", text);
        let parsed =
            nafal_parser::parse_playbook(&source, &Oracle::lenient(&services.files.finder))
                .map_err(|errors| Error::Load {
                    diagnostics: errors.iter().map(refused).collect(),
                    code: 4,
                })?;
        for told in parsed.1 {
            let named = Source::new("<CLI option '-m'>", wanted.module.as_str());
            let is_named = told.span.as_ref().is_some_and(|span| span.source.name == NOWHERE);
            services.warnings.add(if is_named { told } else { told.at(Span::whole(&named)) });
        }
        let entry = parsed.0.entries.into_iter().next();
        let Some(Entry::Play(mut play)) = entry else {
            return Err(Error::load(Diagnostic::error("there is nothing to run"), 1));
        };
        if let Some(Item::Task(task)) = play.tasks.first_mut() {
            let seconds = wanted.background.unwrap_or(0);
            let poll = wanted
                .poll
                .unwrap_or(u64::try_from(self.run_settings().poll_interval).unwrap_or_default());
            let timeout = wanted.timeout.unwrap_or(self.run_settings().task_timeout);
            name_origin(task, &wanted.module, [timeout, seconds, poll]);
            task.r#async = Some(fixed(seconds));
            task.poll = Some(fixed(poll));
            task.keywords.timeout = Some(fixed(timeout));
        }
        let graph = services
            .compile(|settings, numbers| compile_play(&play, &folder, &[], settings, numbers))
            .map_err(|errors| Error::Load { diagnostics: diagnostics(&errors), code: 1 })?;
        let answers = OnceLock::new();
        Ok(ReadyPlay { play: *play, folder, files: KnownFiles::default(), graph, answers })
    }
}
