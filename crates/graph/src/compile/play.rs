//! A play: facts, pre_tasks, roles, tasks, post_tasks, with handlers flushed after each part.

use std::path::Path;
use std::sync::Arc;

use nafal_base::{Diagnostic, Dict, TaskKind, Template, Value};
use nafal_parser::playbook::ast::{Item, Play, TaskOrigin};
use nafal_templating::FromValue;

use super::own_task::{own_task, task_of_play};
use super::{Compiler, ForcedHandlers, Gathering, Numbers, Settings};
use crate::context::Context;
use crate::error::Error;
use crate::handlers::{Flush, Handlers};
use crate::node::{BlockNode, Node};
use crate::task_graph::TaskGraph;

/// Compiles a play of a playbook in this folder, whose `vars_files` give `files`. All that is wrong with it comes back, not only the first.
pub fn compile_play(
    play: &Play,
    folder: &Path,
    files: &[Dict],
    settings: &Settings<'_>,
    numbers: &mut Numbers,
) -> Result<TaskGraph, Vec<Error>> {
    let mut compiler = Compiler::new(settings, numbers);
    let (keywords, vars) = (play.keywords.clone(), play.keywords.vars.clone());
    let mut context = Context::play(keywords, vars, folder.to_owned());
    context.layers.play_files = files.to_vec();
    let roles = compiler.load_roles(&play.roles, &context);
    compiler.export_roles(&roles, &mut context);

    let forced = compiler.forced_handlers(play, &context);
    let mut nodes = Vec::new();
    compiler.facts(play, &context, &mut nodes);
    compiler.play_spec(play, &context, &mut nodes);
    // Roles' handlers come first, then the play's, then those of imported roles: those that roles import before
    // those of the play's own lists, and tasks last (case `handlers-imported`).
    let [mut pre, mut in_roles, mut tasks, mut post] = <[Handlers; 4]>::default();
    compiler.section(forced, &mut nodes, |compiler, nodes| {
        compiler.items(&play.pre_tasks, &context, nodes);
        pre = std::mem::take(&mut compiler.handlers);
    });
    compiler.section(forced, &mut nodes, |compiler, nodes| {
        for role in &roles {
            compiler.role(role, &context, nodes);
        }
        in_roles = std::mem::take(&mut compiler.handlers);
        compiler.items(&play.tasks, &context, nodes);
        tasks = std::mem::take(&mut compiler.handlers);
    });
    compiler.section(forced, &mut nodes, |compiler, nodes| {
        compiler.items(&play.post_tasks, &context, nodes);
        post = std::mem::take(&mut compiler.handlers);
    });
    for role in &roles {
        compiler.role_handlers(role, &context);
    }
    compiler.play_handlers(&play.handlers, &context);
    for imported in [in_roles, pre, post, tasks] {
        compiler.handlers.extend(&imported, Flush::No);
    }

    if compiler.errors.is_empty() {
        let mut graph = TaskGraph::from_nodes(nodes, compiler.handlers)
            .with_roles(compiler.roles, compiler.exports);
        graph.import_vars = compiler.import_vars;
        Ok(graph)
    } else {
        Err(compiler.errors)
    }
}

impl Compiler<'_> {
    /// A part of the play, after which handlers are flushed: where they are forced, whatever
    /// happens in it.
    fn section(
        &mut self,
        forced: ForcedHandlers,
        nodes: &mut Vec<Node>,
        tasks: impl FnOnce(&mut Self, &mut Vec<Node>),
    ) {
        // The flush has the tag `always` (case `tags-skip-always`).
        let flush = self.settings.tags.allows(&["always".to_owned()]).then_some(Node::Flush);
        if forced == ForcedHandlers::Off {
            tasks(self, nodes);
            nodes.extend(flush);
            return;
        }
        let id = self.numbers.block();
        nodes.push(Node::BlockStart(BlockNode { id, has_rescue: false }));
        tasks(self, nodes);
        nodes.extend([Node::RescueStart(id), Node::AlwaysStart(id)]);
        nodes.extend(flush);
        nodes.push(Node::BlockEnd(id));
    }

    /// `force_handlers`, which no host has a say in.
    fn forced_handlers(&mut self, play: &Play, context: &Context) -> ForcedHandlers {
        match self.flag("force_handlers", play.force_handlers.as_ref(), context) {
            Some(Some(true)) => ForcedHandlers::On,
            Some(None) => self.settings.forced_handlers,
            Some(Some(false)) | None => ForcedHandlers::Off,
        }
    }

    /// A flag of the play: `Some(None)` where it says nothing, None where what it says is wrong.
    fn flag(
        &mut self,
        name: &str,
        keyword: Option<&Template<bool>>,
        context: &Context,
    ) -> Option<Option<bool>> {
        let Some(keyword) = keyword else { return Some(None) };
        let rendered = self.settings.library.render(&keyword.source, context);
        if matches!(rendered, Err(Error::Omitted(_))) {
            return Some(None);
        }
        match bool::from_value(self.keep(rendered)?) {
            Ok(flag) => Some(Some(flag)),
            Err(error) => {
                let told = Diagnostic::error(format!("Error processing keyword '{name}'"))
                    .at(keyword.span.clone())
                    .caused_by(error.message(), keyword.span.clone());
                self.errors.push(Error::Template(Box::new(told)));
                None
            }
        }
    }

    /// The play's own gathering of facts, as a task of its own.
    fn facts(&mut self, play: &Play, context: &Context, nodes: &mut Vec<Node>) {
        let forced = play.gather_facts.as_ref();
        let Some(gathers) = self.flag("gather_facts", forced, context) else { return };
        if !gathers.unwrap_or(self.settings.gathering != Gathering::Explicit) {
            return;
        }
        let mut args = Dict::new();
        let mut set = |key: &str, value: Option<&Value>| {
            if let Some(value) = value {
                args.insert(key, value.clone());
            }
        };
        set("gather_subset", play.gather_subset.as_ref());
        set("gather_timeout", play.gather_timeout.as_ref().map(|timeout| &timeout.source));
        set("fact_path", play.fact_path.as_ref().map(|path| &path.source));
        let task = own_task(
            TaskOrigin::Gathering,
            play.span.clone(),
            "Gathering Facts",
            "gather_facts",
            args,
        );
        self.items(&[Item::Task(Box::new(task_of_play(play, task)))], context, nodes);
    }

    fn play_handlers(&mut self, items: &[Item], context: &Context) {
        let context = Context { kind: TaskKind::Handler, ..context.clone() };
        self.handler_list(None, items, &Arc::new(context));
    }
}
