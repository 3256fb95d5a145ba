//! Roles: loaded with their dependencies, their variables exported, their tasks compiled.

use std::sync::Arc;

use nafal_base::{Dict, TaskKind};
use nafal_parser::playbook::ast::{Keywords, RoleUse};

use super::role_options::{Duplicates, RoleOptions, Visibility};
use super::{Compiler, RoleArguments};
use crate::context::{Context, RoleContext};
use crate::error::Error;
use crate::handlers::HandlersFile;
use crate::inherit::inherit;
use crate::library::RoleFiles;
use crate::node::Node;
use crate::task_graph::{Export, UsedRole};

/// How deep roles may depend on each other.
const DEEPEST: usize = 100;

/// A role's use with its files and the roles that it depends on.
pub(super) struct Role {
    pub files: Arc<RoleFiles>,
    pub context: Arc<RoleContext>,
    pub options: RoleOptions,
    dependencies: Vec<Role>,
    /// Keywords of this use and of the uses that led here.
    keywords: Keywords,
    /// `vars` of the use.
    vars: Dict,
    pub params: Dict,
    /// Parameters and variables of the roles that led here, outermost first.
    outer_params: Vec<Dict>,
    outer_vars: Vec<Dict>,
}

/// Later dicts over earlier ones.
pub(super) fn merged<'a>(dicts: impl IntoIterator<Item = &'a Dict>) -> Dict {
    let mut all = Dict::new();
    for dict in dicts.into_iter().filter(|dict| !dict.is_empty()) {
        if all.is_empty() {
            all = dict.clone();
            continue;
        }
        all.lay_over(dict);
    }
    all
}

impl Role {
    fn defaults(&self) -> Dict {
        let inner: Vec<Dict> = self.dependencies.iter().map(Role::defaults).collect();
        merged(inner.iter().chain([&self.files.defaults]))
    }

    /// What is told of its use.
    pub(super) fn used(&self) -> UsedRole {
        let mut dependencies = Vec::new();
        self.name_dependencies(&mut dependencies);
        UsedRole { name: self.context.name.clone(), dependencies }
    }

    fn name_dependencies(&self, names: &mut Vec<String>) {
        for dependency in &self.dependencies {
            dependency.name_dependencies(names);
            names.push(dependency.context.name.clone());
        }
    }

    fn exported_vars(&self) -> Dict {
        let inner: Vec<Dict> = self.dependencies.iter().map(Role::exported_vars).collect();
        merged(inner.iter().chain([&self.files.vars]))
    }
}

impl Compiler<'_> {
    /// Loads the roles of a play's `roles:`.
    pub(super) fn load_roles(&mut self, uses: &[RoleUse], context: &Context) -> Vec<Role> {
        let options = RoleOptions::default();
        let load = |wanted| self.load_role(wanted, options, context, None);
        let roles: Vec<Role> = uses.iter().filter_map(load).collect();
        self.roles.extend(roles.iter().map(Role::used));
        roles
    }

    /// Loads one role and what it depends on.
    pub(super) fn load_role(
        &mut self,
        wanted: &RoleUse,
        options: RoleOptions,
        context: &Context,
        parent: Option<&Role>,
    ) -> Option<Role> {
        let library = self.settings.library;
        let mut inner = context.clone();
        inner.layers.task_vars = merged([&wanted.params, &wanted.keywords.vars]);
        let rendered = library.render(&wanted.name.source, &inner).map_err(|error| match error {
            Error::Template(told) => Error::RoleName(told),
            other => other,
        });
        let name = self.keep(rendered)?.to_text().into_owned();
        let found = library.role(&name, &wanted.from, context, &wanted.span);
        let files = self.keep(found)?;
        let depth =
            std::iter::successors(parent.map(|role| &role.context), |role| role.parent.as_ref())
                .chain(context.role.iter())
                .filter(|role| role.name == name || role.name == files.name)
                .count();
        if depth > 0 && parent.is_some() || depth > DEEPEST {
            self.errors.push(Error::Recursion {
                message: format!("A recursion loop was detected with the roles specified. Make sure child roles do not have dependencies on parent roles: {name}"),
                span: Some(wanted.span.clone()),
            });
            return None;
        }
        let mut role = self.new_role(wanted, options, files, context, parent);
        let mut dependencies = Vec::new();
        let mut context = context.clone();
        context.keywords.collections.clone_from(&role.keywords.collections);
        for dependency in &role.files.meta.dependencies {
            dependencies.extend(self.load_role(
                dependency,
                RoleOptions::default(),
                &context,
                Some(&role),
            ));
        }
        role.dependencies = dependencies;
        Some(role)
    }

    fn new_role(
        &mut self,
        wanted: &RoleUse,
        options: RoleOptions,
        files: Arc<RoleFiles>,
        context: &Context,
        parent: Option<&Role>,
    ) -> Role {
        let given = std::mem::take(&mut self.given);
        let arguments = RoleArguments {
            params: wanted.params.clone(),
            vars: merged([&wanted.keywords.vars, &given]),
            when: wanted.keywords.when.clone(),
            tags: wanted.keywords.tags.clone(),
        };
        // What tasks import and include has its own count (case `role-vars-private`).
        let from = match options.duplicates {
            Duplicates::AsMeta => None,
            Duplicates::Allowed | Duplicates::Refused => Some(wanted.from.clone()),
        };
        let files_of_use = (files.name.clone(), files.folder.clone(), from);
        let id = self.numbers.role(files_of_use, arguments);
        let names = |uses: &[RoleUse]| {
            uses.iter().map(|one| one.name.source.to_text().into_owned()).collect()
        };
        let role_context = RoleContext {
            id,
            name: files.name.clone(),
            collection: files.collection.clone(),
            folder: files.folder.clone(),
            from: wanted.from.clone(),
            parent: parent.map(|role| Arc::clone(&role.context)).or_else(|| context.role.clone()),
            includer: match parent {
                Some(role) => role.context.includer.clone(),
                None => context.role.clone(),
            },
            dependencies: names(&files.meta.dependencies),
            allow_duplicates: match options.duplicates {
                Duplicates::AsMeta => files.meta.allow_duplicates,
                Duplicates::Allowed => true,
                Duplicates::Refused => false,
            },
        };
        let outer = |select: fn(&Role) -> (&Vec<Dict>, &Dict)| {
            parent.map_or_else(Vec::new, |role| {
                let (outer, own) = select(role);
                outer.iter().chain([own]).cloned().collect()
            })
        };
        let mut keywords = match parent {
            Some(role) => inherit(&role.keywords, &wanted.keywords),
            None => inherit(&context.keywords, &wanted.keywords),
        };
        keywords.collections = files.collections();
        Role {
            keywords,
            context: Arc::new(role_context),
            options,
            dependencies: Vec::new(),
            vars: wanted.keywords.vars.clone(),
            params: wanted.params.clone(),
            outer_params: outer(|role| (&role.outer_params, &role.params)),
            outer_vars: outer(|role| (&role.outer_vars, &role.vars)),
            files,
        }
    }

    /// Every task of the play sees the defaults and vars of all its roles, unless the setting
    /// says that roles are private.
    pub(super) fn export_roles(&mut self, roles: &[Role], context: &mut Context) {
        if self.settings.visibility == Some(Visibility::Private) {
            return;
        }
        let defaults: Vec<Dict> = roles.iter().map(Role::defaults).collect();
        let vars: Vec<Dict> = roles.iter().map(Role::exported_vars).collect();
        context.layers.shared_defaults = merged(&defaults);
        context.layers.shared_vars = merged(&vars);
    }

    /// What an imported or included role gives to the play, if it is public.
    pub(super) fn export(&mut self, role: &Role) {
        if role.options.visibility == Visibility::Private {
            return;
        }
        let export = Export { defaults: role.defaults(), vars: role.exported_vars() };
        if !export.defaults.is_empty() || !export.vars.is_empty() {
            self.exports.push(export);
        }
    }

    /// The context of a role's own tasks.
    fn role_context(role: &Role, context: &Context, kind: TaskKind) -> Context {
        let mut inner = context.clone();
        inner.kind = kind;
        inner.keywords = role.keywords.clone();
        inner.keywords.name = None;
        inner.folder = role.files.folder.join(match kind {
            TaskKind::Task => "tasks",
            TaskKind::Handler => "handlers",
        });
        inner.role = Some(Arc::clone(&role.context));
        let layers = &mut inner.layers;
        layers.role_defaults.push(role.defaults());
        layers
            .role_vars
            .push(merged(role.outer_vars.iter().chain([&role.exported_vars(), &role.vars])));
        layers.role_params.extend(role.outer_params.iter().cloned());
        layers.role_params.push(role.params.clone());
        layers.role_params.retain(|params| !params.is_empty());
        inner
    }

    /// Appends a role's tasks, those of its dependencies first.
    pub(super) fn role(&mut self, role: &Role, context: &Context, nodes: &mut Vec<Node>) {
        for dependency in &role.dependencies {
            self.role(dependency, context, nodes);
        }
        let before = nodes.len();
        let inner = Self::role_context(role, context, TaskKind::Task);
        self.validation(role, &inner, nodes);
        if let Some(file) = role.files.tasks.clone()
            && let Some(inner) = self.entered(inner, &file, &role_span(&file.items))
        {
            self.items(&file.items, &inner, nodes);
        }
        if nodes.len() > before {
            nodes.push(Node::RoleEnd(role.context.id));
        }
    }

    /// Appends the handlers of a role and of what it depends on.
    pub(super) fn role_handlers(&mut self, role: &Role, context: &Context) {
        for dependency in &role.dependencies {
            self.role_handlers(dependency, context);
        }
        let Some(file) = role.files.handlers.clone() else { return };
        let inner = Self::role_context(role, context, TaskKind::Handler);
        let from = role.context.from.handlers.clone();
        let list = HandlersFile { folder: role.files.folder.clone(), from };
        self.handler_list(Some(list), &file.items, &Arc::new(inner));
    }
}

/// A place to name when a role's file is entered.
fn role_span(items: &[nafal_parser::playbook::ast::Item]) -> nafal_base::Span {
    use nafal_parser::playbook::ast::Item;
    match items.first() {
        Some(Item::Task(task)) => task.span.clone(),
        Some(Item::Block(block)) => block.span.clone(),
        None => nafal_base::Span::whole(&nafal_base::Source::new("<empty role>", "")),
    }
}
