//! Lists of tasks and blocks become nodes; imports are resolved on the way.

use std::path::PathBuf;
use std::sync::Arc;

use nafal_base::{Diagnostic, Dict, Span, TaskInfo, TaskKind, Template, Value};
use nafal_parser::playbook::ast::{Block, Item, RoleUse, Task};

use super::Compiler;
use super::play_spec::of_keyword;
use super::role_options::{ROLE_FLAGS, RoleOptions, Visibility, role_from};
use crate::context::{Context, seen_vars};
use crate::error::Error;
use crate::handlers::HandlersFile;
use crate::inherit::{inherit, strongest};
use crate::library::TasksFile;
use crate::node::{BlockNode, Node, TaskNode};

/// How deep imports may nest before we say that they go round.
const DEEPEST: usize = 200;

/// An action's full name, or why there is none any more.
type Resolved = Result<String, String>;

impl Compiler<'_> {
    /// Appends the nodes of a list of tasks and blocks.
    pub(super) fn items(&mut self, items: &[Item], context: &Context, nodes: &mut Vec<Node>) {
        let shared = Arc::new(context.clone());
        for item in items {
            match item {
                Item::Task(task) => self.item_task(task, &shared, nodes),
                Item::Block(block) => self.block(block, context, nodes),
            }
        }
    }

    fn item_task(&mut self, task: &Task, context: &Arc<Context>, nodes: &mut Vec<Node>) {
        let resolved = self.resolved(task, context);
        match resolved.as_deref() {
            Ok("ansible.builtin.import_tasks") => self.import_tasks(task, context, nodes),
            Ok("ansible.builtin.import_role") => self.import_role(task, context, nodes),
            _ => {
                let node = self.task(task, resolved, context);
                self.check_end_role(&node);
                // Implicit meta tasks apart, what the tags don't allow isn't in the graph. What
                // handlers include is there whatever its tags say (case `tags-includes`).
                let is_handler = context.kind == TaskKind::Handler;
                if is_handler || self.settings.tags.allows(&node.info.tags) {
                    nodes.push(Node::Task(Arc::new(node)));
                }
            }
        }
    }

    fn check_end_role(&mut self, node: &TaskNode) {
        let ends = node.action() == "ansible.builtin.meta"
            && node.raw.as_ref().is_some_and(|raw| raw.trim() == "end_role");
        let wrong = match node.info.kind {
            TaskKind::Handler => "a handler",
            TaskKind::Task if node.context.role.is_none() => "outside of a role",
            TaskKind::Task => return,
        };
        if ends {
            let told = Diagnostic::error(format!("Cannot execute 'end_role' from {wrong}"));
            self.errors.push(Error::Template(Box::new(told.at(node.info.span.clone()))));
        }
    }

    fn block(&mut self, block: &Block, context: &Context, nodes: &mut Vec<Node>) {
        let id = self.numbers.block();
        let inner = block_context(block, context);
        nodes.push(Node::BlockStart(BlockNode { id, has_rescue: false }));
        let start = nodes.len();
        self.items(&block.block, &inner, nodes);
        nodes.push(Node::RescueStart(id));
        let rescue = nodes.len();
        self.items(&block.rescue, &inner, nodes);
        // A rescue that tags have emptied rescues nothing.
        let has_rescue = nodes.len() > rescue;
        if let Some(begin) = nodes.get_mut(start - 1) {
            *begin = Node::BlockStart(BlockNode { id, has_rescue });
        }
        nodes.push(Node::AlwaysStart(id));
        self.items(&block.always, &inner, nodes);
        // A block that tags have emptied leaves nothing behind.
        if nodes.len() == start + 2 {
            nodes.truncate(start - 1);
        } else {
            nodes.push(Node::BlockEnd(id));
        }
    }

    /// A task with all that it inherits.
    fn task(&mut self, task: &Task, resolved: Resolved, context: &Arc<Context>) -> TaskNode {
        let mut own = task.keywords.clone();
        if let Some(host) = delegated(task) {
            own.delegate_to = Some(host);
        }
        if task.delegate_facts.is_some() {
            own.delegate_facts.clone_from(&task.delegate_facts);
        }
        let keywords = inherit(&context.keywords, &own);
        let notify = strongest(&context.notify, &task.notify);
        TaskNode {
            info: Arc::new(self.info(task, resolved, &keywords.tags, context)),
            origin: task.origin,
            name: task.keywords.name.clone(),
            action_span: task.action.span.clone(),
            // Stock takes them in the order of their names (case `arguments-order`).
            args: task.action.args.clone().in_order_of_names(),
            raw: task.action.raw.clone(),
            args_template: task.action.args_template.clone(),
            keywords,
            register: task.register.clone(),
            repeat: task.repeat.clone(),
            loop_control: task.loop_control.clone(),
            until: task.until.clone(),
            retries: task.retries.clone(),
            delay: task.delay.clone(),
            changed_when: task.changed_when.clone(),
            failed_when: task.failed_when.clone(),
            notify,
            listen: task.listen.clone(),
            background: task.r#async.clone().map(|seconds| (seconds, task.poll.clone())),
            context: Arc::clone(context),
        }
    }

    /// The full name of a task's action, in the collections that are searched there.
    fn resolved(&self, task: &Task, context: &Context) -> Resolved {
        let own = &task.keywords.collections;
        let collections = if own.is_empty() { &context.keywords.collections } else { own };
        (self.settings.resolve)(&task.action.name, collections)
    }

    fn info(
        &mut self,
        task: &Task,
        resolved: Resolved,
        tags: &[Value],
        context: &Context,
    ) -> TaskInfo {
        let own = task
            .keywords
            .name
            .as_ref()
            .map(|name| name.source.to_text().into_owned())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| task.action.name.clone());
        let name = match context.role_name() {
            Some(role) => format!("{role} : {own}"),
            None => own,
        };
        let resolved = resolved.map_err(|message| {
            let span = Some(task.span.clone());
            Error::File { message, span }
        });
        let resolved_action = self.keep(resolved).unwrap_or_default();
        let no_log = task.keywords.no_log.as_ref().or(context.keywords.no_log.as_ref());
        TaskInfo {
            id: self.numbers.task(),
            kind: context.kind,
            action: task.action.name.clone(),
            resolved_action,
            name,
            role: context.role_name().map(str::to_owned),
            span: Some(task.span.clone()),
            tags: self.tags(tags, context),
            no_log: self.hides_arguments(no_log),
            has_loop: task.repeat.is_some(),
            args: told_arguments(task),
        }
    }

    /// `import_tasks`: its tasks stand here and inherit everything from it.
    fn import_tasks(&mut self, task: &Task, context: &Context, nodes: &mut Vec<Node>) {
        if let Some((file, inner)) = self.imported(task, context, context.kind) {
            self.items(&file.items, &inner, nodes);
        }
    }

    /// The file of an `import_tasks`, and the context in it.
    fn imported(
        &mut self,
        task: &Task,
        context: &Context,
        kind: TaskKind,
    ) -> Option<(Arc<TasksFile>, Context)> {
        let name = self.import_name(task, context, &["file", "_raw_params"])?;
        let inner = self.import_context(task, context)?;
        let found = match kind {
            TaskKind::Task => self.settings.library.tasks(&name, context, &task.span),
            TaskKind::Handler => self.settings.library.handlers(&name, context, &task.span),
        };
        let file = self.keep(found)?;
        if file.items.is_empty() {
            // Only imports tell: roles have empty files, and files that are included may be there for later
            // (case `empty-files`).
            let message =
                format!("file {} is empty and had no tasks to include", file.path.display());
            self.settings.library.warn(Diagnostic::warning(message));
        }
        let inner = self.entered(inner, &file, &task.span)?;
        Some((file, inner))
    }

    /// The context inside a file of tasks, unless the file is on the way to itself too often.
    pub(super) fn entered(
        &mut self,
        mut context: Context,
        file: &Arc<TasksFile>,
        span: &Span,
    ) -> Option<Context> {
        if context.trail.len() >= DEEPEST {
            self.errors.push(Error::Recursion {
                message: format!("{} imports itself without an end", file.path.display()),
                span: Some(span.clone()),
            });
            return None;
        }
        let mut trail: Vec<PathBuf> = (*context.trail).clone();
        trail.push(file.path.clone());
        context.trail = Arc::new(trail);
        context.folder = file.path.parent().map(PathBuf::from).unwrap_or_default();
        Some(context)
    }

    /// What the tasks of an import inherit: the import's keywords; its `vars` are a layer.
    pub(super) fn import_context(&mut self, task: &Task, context: &Context) -> Option<Context> {
        if let Some(repeat) = &task.repeat {
            self.errors.push(Error::File {
                message: "You cannot use loops on 'import_tasks' statements. You should use 'include_tasks' instead.".to_owned(),
                span: Some(repeat.span.clone()),
            });
            return None;
        }
        let mut inner = context.clone();
        let mut own = task.keywords.clone();
        if let Some(host) = delegated(task) {
            own.delegate_to = Some(host);
        }
        inner.keywords = inherit(&context.keywords, &own);
        inner.notify = strongest(&inner.notify, &task.notify);
        inner.layers.push_block_vars(&task.keywords.vars);
        self.import_vars.push(seen_vars(&task.keywords.vars));
        Some(inner)
    }

    /// The file or role that an import names, rendered with what is known before the run.
    fn import_name(&mut self, task: &Task, context: &Context, keys: &[&str]) -> Option<String> {
        let written = keys
            .iter()
            .find_map(|key| task.action.args.get(key).cloned())
            .or_else(|| task.action.raw.clone().map(Value::Str));
        let Some(written) = written else {
            self.errors.push(Error::File {
                message: format!("No file specified for {}", task.action.name),
                span: Some(task.span.clone()),
            });
            return None;
        };
        let mut context = context.clone();
        context.layers.task_vars = seen_vars(&task.keywords.vars);
        let rendered = self.settings.library.render(&written, &context);
        self.keep(rendered).map(|value| value.to_text().trim().to_owned())
    }

    fn import_role(&mut self, task: &Task, context: &Context, nodes: &mut Vec<Node>) {
        let Some(name) = self.import_name(task, context, &["name", "role"]) else { return };
        let args = self.rendered_arguments(task, context);
        let Some(inner) = self.import_context(task, context) else { return };
        let wanted = RoleUse {
            span: task.span.clone(),
            name: Template::new(Value::from(name), None),
            keywords: Default::default(),
            params: Default::default(),
            from: role_from(&args),
        };
        let visibility = self.settings.visibility.unwrap_or(Visibility::Public);
        let options = RoleOptions::of(&args, visibility);
        let Some(options) = self.keep(options) else { return };
        if let Some(role) = self.load_role(&wanted, options, &inner, None) {
            self.roles.push(role.used());
            self.export(&role);
            // What it imports itself comes first (case `handlers-imported`).
            self.role(&role, &inner, nodes);
            self.role_handlers(&role, &inner);
        }
    }

    /// The arguments of an import, rendered with what is known before the run.
    fn rendered_arguments(&mut self, task: &Task, context: &Context) -> Dict {
        let mut context = context.clone();
        context.layers.task_vars = seen_vars(&task.keywords.vars);
        let mut args = Dict::new();
        for (key, value) in &task.action.args {
            let rendered = self.settings.library.render(value, &context);
            let rendered = match key.as_str().filter(|key| ROLE_FLAGS.contains(key)) {
                Some(flag) => {
                    let place = value.span().cloned();
                    rendered.map_err(|error| of_keyword(flag, &place, error))
                }
                None => rendered,
            };
            if let Some(value) = self.keep(rendered) {
                args.insert(key.clone(), value);
            }
        }
        args
    }

    /// Appends a list of handlers; they aren't filtered by tags. Imports and blocks stand flat:
    /// a block's handlers inherit from it, but nothing rescues them.
    pub(super) fn handler_list(
        &mut self,
        file: Option<HandlersFile>,
        items: &[Item],
        context: &Arc<Context>,
    ) {
        let mut handlers = Vec::with_capacity(items.len());
        self.handler_items(items, context, &mut handlers);
        self.handlers.add(file, handlers);
    }

    fn handler_items(
        &mut self,
        items: &[Item],
        context: &Arc<Context>,
        handlers: &mut Vec<Arc<TaskNode>>,
    ) {
        for item in items {
            match item {
                Item::Task(task) => self.handler_task(task, context, handlers),
                Item::Block(block) => {
                    let inner = Arc::new(block_context(block, context));
                    self.handler_items(&block.block, &inner, handlers);
                }
            }
        }
    }

    fn handler_task(
        &mut self,
        task: &Task,
        context: &Arc<Context>,
        handlers: &mut Vec<Arc<TaskNode>>,
    ) {
        let resolved = self.resolved(task, context);
        if resolved.as_deref() == Ok("ansible.builtin.import_tasks") {
            if let Some((file, inner)) = self.imported(task, context, TaskKind::Handler) {
                self.handler_items(&file.items, &Arc::new(inner), handlers);
            }
            return;
        }
        let node = self.task(task, resolved, context);
        self.check_end_role(&node);
        handlers.push(Arc::new(node));
    }
}

/// The host that a task asks for: `local_action` counts more than `delegate_to` (case `action-forms`).
fn delegated(task: &Task) -> Option<Template<String>> {
    if task.action.local {
        return Some(Template::new(Value::from("localhost"), None));
    }
    task.delegate_to.clone()
}

/// What the tasks of a block inherit.
fn block_context(block: &Block, context: &Context) -> Context {
    let mut inner = context.clone();
    inner.keywords = inherit(&context.keywords, &block.keywords);
    inner.notify = strongest(&inner.notify, &block.notify);
    inner.layers.push_block_vars(&block.keywords.vars);
    inner
}

/// A task's arguments as banners and reports tell them: the free text comes last.
fn told_arguments(task: &Task) -> Dict {
    let mut args = task.action.args.clone();
    if let Some(raw) = &task.action.raw {
        args.insert("_raw_params", Value::Str(raw.clone()));
    }
    args
}
