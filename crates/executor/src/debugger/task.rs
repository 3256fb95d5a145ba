//! A task as the debugger has changed it.

use std::sync::Arc;

use nafal_base::{Dict, Key, TaskInfo, Text, Value};
use nafal_graph::TaskNode;
use nafal_templating::Renderer;
use nafal_variables::Layer;

use crate::prepared::Prepared;
use crate::services::Services;
use crate::worker::{callee, finalize};

/// Where free-form text stands among the arguments.
const RAW: &str = "_raw_params";

/// What a task runs with the next time.
pub(crate) struct DebuggedTask {
    /// As it was compiled.
    pub(super) original: Arc<TaskNode>,
    /// Its arguments: rendered ones once it ran.
    pub(super) args: Value,
    /// Its action, if another was set.
    pub(super) action: Option<String>,
    /// Variables that were set.
    pub(super) variables: Dict,
}

impl DebuggedTask {
    /// A task that nobody changed.
    pub(crate) fn new(original: &Arc<TaskNode>) -> DebuggedTask {
        DebuggedTask {
            args: Value::Dict(written(original)),
            original: Arc::clone(original),
            action: None,
            variables: Dict::new(),
        }
    }

    pub(super) fn action(&self) -> &str {
        self.action.as_deref().unwrap_or(&self.original.info.action)
    }

    /// Takes over the arguments that `prepared` ran with. Those that can't be rendered stay.
    pub(crate) fn take_arguments(
        &mut self,
        prepared: &Prepared,
        services: &dyn Services,
        renderer: &Renderer<'_>,
    ) {
        if let Ok(args) = rendered(prepared, services, renderer) {
            self.args = Value::Dict(args);
        }
    }

    /// `update_task`: the arguments as they were written, rendered anew.
    pub(super) fn update(
        &mut self,
        services: &dyn Services,
        renderer: &Renderer<'_>,
    ) -> Result<(), String> {
        let prepared = Prepared::new(&self.original, &[], services);
        self.args = Value::Dict(rendered(&prepared, services, renderer)?);
        self.action = None;
        Ok(())
    }

    /// The task as it runs now.
    pub(crate) fn prepared(&self, layers: &[Layer], services: &dyn Services) -> Prepared {
        let mut node = TaskNode::clone(&self.original);
        node.args = self.args.as_dict().cloned().unwrap_or_default();
        node.args_template = None;
        node.raw = None;
        if let Some(Value::Str(text)) = node.args.get(RAW).cloned() {
            node.args.remove(RAW);
            node.raw = Some(text);
        }
        if let Some(action) = &self.action {
            let resolved_action = nafal_actions::resolved_name(services.finder(), action);
            let info = TaskInfo { action: action.clone(), resolved_action, ..(*node.info).clone() };
            node.info = Arc::new(info);
        }
        let mut prepared = Prepared::new(&Arc::new(node), layers, services);
        prepared.overrides = self.variables.clone();
        prepared
    }
}

fn written(node: &TaskNode) -> Dict {
    let mut args = node.args.clone();
    if let Some(raw) = &node.raw {
        args.insert(RAW, Value::Str(raw.clone()));
    }
    args
}

fn rendered(
    prepared: &Prepared,
    services: &dyn Services,
    renderer: &Renderer<'_>,
) -> Result<Dict, String> {
    let finalized = callee(prepared, services, renderer)
        .and_then(|callee| finalize(prepared, &callee, services.finder(), renderer));
    let finalized = finalized.map_err(|fault| fault.alone().1.chain())?;
    let mut args = finalized.args;
    if let Some(raw) = finalized.raw {
        args.insert(RAW, Value::Str(raw));
    }
    Ok(match plain(&Value::Dict(args)) {
        Value::Dict(args) => args,
        _ => Dict::new(),
    })
}

/// The value with nothing in it that would be rendered.
pub(super) fn plain(value: &Value) -> Value {
    match value {
        Value::Str(text) => Value::Str(text.untrusted()),
        Value::List(items) => Value::List(items.iter().map(plain).collect()),
        Value::Tuple(items) => Value::Tuple(items.iter().map(plain).collect()),
        Value::Dict(dict) => {
            let key = |key: &Key| match key.as_text() {
                Some(text) => Key::from(Text::new(text.as_str())),
                None => key.clone(),
            };
            Value::Dict(dict.iter().map(|(name, value)| (key(name), plain(value))).collect())
        }
        other => other.clone(),
    }
}
