//! Includes resolved while running: their files compile to a graph of their own.

use std::sync::Arc;

use nafal_base::{Dict, Span, Template, Value};
use nafal_parser::playbook::ast::{Keywords, RoleUse};

use super::role_options::{RoleOptions, Visibility, role_from};
use super::{Compiler, Numbers, Settings};
use crate::context::Context;
use crate::error::Error;
use crate::inherit::{inherit, strongest};
use crate::library::TasksFile;
use crate::node::TaskNode;
use crate::task_graph::TaskGraph;

/// How deep includes may nest. Stock ends at some 250 of them, with a Python error.
const DEEPEST: u32 = 1000;

/// What an include's `apply` gives its tasks.
#[derive(Clone, Debug, Default)]
pub struct Apply {
    /// Its keywords.
    pub keywords: Keywords,
    /// `notify`.
    pub notify: Vec<Value>,
}

fn finish(compiler: Compiler<'_>, nodes: Vec<crate::node::Node>) -> Result<TaskGraph, Vec<Error>> {
    if compiler.errors.is_empty() {
        Ok(TaskGraph::from_nodes(nodes, compiler.handlers)
            .with_roles(compiler.roles, compiler.exports))
    } else {
        Err(compiler.errors)
    }
}

impl Compiler<'_> {
    /// The context inside an include, unless it is one of an endless row.
    fn included_context(
        &self,
        task: &TaskNode,
        params: &Dict,
        apply: &Apply,
    ) -> Result<Context, Vec<Error>> {
        if task.context.includes >= DEEPEST {
            let message = format!("includes nest deeper than {DEEPEST} levels");
            return Err(vec![Error::Recursion { message, span: task.info.span.clone() }]);
        }
        Ok(included_context(task, params, apply))
    }
}

/// What tasks of a dynamic include inherit: what stands around it and what `apply` says, not the
/// include's own keywords; its `vars` and its loop's item are a layer above.
fn included_context(task: &TaskNode, params: &Dict, apply: &Apply) -> Context {
    let mut inner = (*task.context).clone();
    inner.includes += 1;
    inner.keywords = inherit(&task.context.keywords, &apply.keywords);
    inner.notify = strongest(&inner.notify, &apply.notify);
    inner.layers.push_block_vars(&apply.keywords.vars);
    if !params.is_empty() {
        inner.layers.include_params.push(params.clone());
    }
    inner
}

/// Compiles a file that `include_tasks` names.
pub fn compile_include(
    task: &TaskNode,
    file: &Arc<TasksFile>,
    params: &Dict,
    apply: &Apply,
    settings: &Settings<'_>,
    numbers: &mut Numbers,
) -> Result<TaskGraph, Vec<Error>> {
    let mut compiler = Compiler::new(settings, numbers);
    let mut inner = compiler.included_context(task, params, apply)?;
    // Imports inside count from here.
    inner.trail = Arc::new(Vec::new());
    let mut nodes = Vec::new();
    let span = task.info.span.clone().unwrap_or_else(|| Span::whole(&nowhere()));
    if let Some(inner) = compiler.entered(inner, file, &span) {
        compiler.items(&file.items, &inner, &mut nodes);
    }
    finish(compiler, nodes)
}

/// Compiles a role that `include_role` names, with these rendered arguments.
pub fn compile_role_include(
    task: &TaskNode,
    name: &str,
    args: &Dict,
    params: &Dict,
    apply: &Apply,
    settings: &Settings<'_>,
    numbers: &mut Numbers,
) -> Result<TaskGraph, Vec<Error>> {
    let mut compiler = Compiler::new(settings, numbers);
    let inner = compiler.included_context(task, params, apply)?;
    let place =
        |args: &Dict| args.get("name").or_else(|| args.get("role")).and_then(Value::span).cloned();
    let named = place(args).or_else(|| place(&task.args));
    let wanted = RoleUse {
        span: named.or_else(|| task.info.span.clone()).unwrap_or_else(|| Span::whole(&nowhere())),
        name: Template::new(Value::from(name), None),
        keywords: Keywords::default(),
        params: Dict::new(),
        from: role_from(args),
    };
    let visibility = settings.visibility.unwrap_or(Visibility::Private);
    let options = RoleOptions::of(args, visibility).map_err(|error| vec![error])?;
    let mut nodes = Vec::new();
    compiler.given = params.clone();
    if let Some(role) = compiler.load_role(&wanted, options, &inner, None) {
        compiler.roles.push(role.used());
        compiler.export(&role);
        compiler.role(&role, &inner, &mut nodes);
        compiler.role_handlers(&role, &inner);
    }
    finish(compiler, nodes)
}

fn nowhere() -> Arc<nafal_base::Source> {
    nafal_base::Source::new("<unknown>", "")
}
