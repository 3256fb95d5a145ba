//! What a task calls: an action of nafal's or a module of the user's, known since load or named by a template.
//! Must not know what either does.

use std::sync::Arc;

use nafal_actions::{Action, ActionKind, FreeForm, Raw, UserModule, check_become};
use nafal_base::{TaskInfo, Text, Value};
use nafal_templating::Renderer;
use nafal_variables::TaskScope;

use crate::prepared::Prepared;
use crate::services::Services;
use crate::worker::fault::Fault;
use crate::worker::job::Job;
use crate::worker::keywords;

/// What the task calls: known since load, or named by a template.
pub(crate) struct Callee {
    pub what: Called,
    pub info: Arc<TaskInfo>,
}

/// Who does it.
pub(crate) enum Called {
    /// An action or module of nafal's.
    Own(&'static Action),
    /// A module of the user's.
    Users(Arc<UserModule>),
}

impl Callee {
    /// Whether it takes free text: of the users' own only those do whose plugin says so, and those that have the
    /// name of one that does (case `action-plugin-text`).
    pub fn free_text(&self) -> Raw {
        match &self.what {
            Called::Own(action) => action.raw,
            Called::Users(module) if module.free_form == FreeForm::Refused => {
                let name = &*self.info.action;
                // Those of Windows are only known by their names.
                if matches!(
                    name.strip_prefix("ansible.windows.").unwrap_or(name),
                    "win_command" | "win_shell"
                ) {
                    return Raw::Taken;
                }
                nafal_actions::find(name).map_or(Raw::Refused, |action| action.raw)
            }
            Called::Users(_) => Raw::Taken,
        }
    }

    /// Whom a task of the controller would become is looked at, though it becomes nobody.
    pub fn identity(
        &self,
        job: &Job,
        scope: &TaskScope,
        renderer: &Renderer<'_>,
    ) -> Result<(), Fault> {
        let Called::Own(Action { kind: ActionKind::Here(_), .. }) = &self.what else {
            return Ok(());
        };
        let keywords = keywords::target(&job.task.node.keywords, renderer)?;
        let defaults = &job.shared.services.settings().defaults;
        check_become(&job.name, scope, renderer, &keywords, defaults)
            .map_err(|error| Fault::of_target(&error))
    }
}

pub(crate) fn callee(
    task: &Prepared,
    services: &dyn Services,
    renderer: &Renderer<'_>,
) -> Result<Callee, Fault> {
    let node = &task.node;
    let users = task.foreign.as_ref().map(|module| Called::Users(Arc::clone(module)));
    if let Some(what) = users.or_else(|| task.action.map(Called::Own)) {
        return Ok(Callee { what, info: Arc::clone(&node.info) });
    }
    let span = Some(&node.action_span);
    let written = Value::Str(Text::trusted(node.info.action.as_str(), span.cloned()));
    let named = renderer.render(&written).map_err(|error| Fault::of("", &error, span))?;
    let name = named.to_text().into_owned();
    let found = || {
        let users = services.user_module(&name).map(Called::Users);
        users.or_else(|| nafal_actions::find(&name).map(Called::Own))
    };
    let Some(what) = (!services.finder().rejects(&name)).then(found).flatten() else {
        let message = format!("Cannot resolve '{name}' to an action or module.");
        return Err(Fault::new(message, named.span().or(span).cloned()));
    };
    let resolved_action = nafal_actions::resolved_name(services.finder(), &name);
    let info = TaskInfo { action: name, resolved_action, ..(*node.info).clone() };
    Ok(Callee { what, info: Arc::new(info) })
}
