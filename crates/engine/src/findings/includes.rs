//! What includes bring, as far as it can be said before a run: those that name a constant file or role.

use nafal_actions::{IncludeRequest, Included as Wanted};
use nafal_base::{Dict, Template, Value};
use nafal_executor::Services;
use nafal_graph::TaskNode;
use nafal_graph::findings::{Included, Includes};

use crate::services::EngineServices;

/// Finds and compiles includes with nothing but what is written.
pub(super) struct StaticIncludes<'a> {
    pub services: &'a EngineServices,
}

impl Includes for StaticIncludes<'_> {
    fn included(&self, task: &TaskNode) -> Included {
        let Some(wanted) = wanted(task) else { return Included::Unknown };
        let apply = match task.args.get("apply") {
            None | Some(Value::None) => Dict::new(),
            Some(Value::Dict(apply)) => apply.clone(),
            Some(_) => return Included::Unknown,
        };
        let request = IncludeRequest {
            included: wanted,
            apply,
            absence: nafal_actions::Absence::FailsTask,
            variables: Dict::new(),
            label: None,
        };
        // A file that isn't there fails a run at its task, if that ever runs.
        match self.services.include(task, &request, &parameters(task)) {
            Ok(compiled) => Included::Certain(vec![compiled.graph]),
            Err(_) => Included::Unknown,
        }
    }
}

fn wanted(task: &TaskNode) -> Option<Wanted> {
    if task.args_template.is_some() {
        return None;
    }
    if task.action() == "ansible.builtin.include_role" {
        let mut args = task.args.clone();
        args.remove("apply");
        let is_known = !args.values().any(Value::has_template);
        return is_known.then_some(Wanted::Role(args));
    }
    let named = task.args.get("file").or_else(|| task.args.get("_raw_params")).cloned();
    let name = named.or_else(|| task.raw.clone().map(Value::Str))?;
    let is_known = !name.has_template();
    is_known.then(|| Wanted::Tasks(name.to_text().trim().to_owned()))
}

/// What the included tasks see of the include: its variables and those of its loop.
fn parameters(task: &TaskNode) -> Dict {
    let mut all = task.keywords.vars.clone();
    for name in loop_names(task) {
        all.insert(name.as_str(), Value::None);
    }
    all
}

/// The names of a task's loop; those that are templates aren't known.
fn loop_names(task: &TaskNode) -> Vec<String> {
    if task.repeat.is_none() {
        return Vec::new();
    }
    let control = &task.loop_control;
    let text = |name: &Option<Template<String>>| {
        name.as_ref().map(|name| name.source.to_text().into_owned())
    };
    let item = text(&control.loop_var).unwrap_or_else(|| "item".to_owned());
    let own = ["ansible_loop", "ansible_loop_var", "ansible_index_var"].map(str::to_owned);
    [item].into_iter().chain(text(&control.index_var)).chain(own).collect()
}
