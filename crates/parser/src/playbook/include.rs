//! The actions that stand for other files' tasks: what they accept. Must not know where the
//! files are.

use nafal_base::Value;

use super::ast::ActionCall;
use super::class::class;
use super::items::TasksKind;
use super::reader::{Fields, Reader};
use crate::error::Error;

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Structure {
    IncludeTasks,
    ImportTasks,
    IncludeRole,
    ImportRole,
}

/// What actions of roles take; the last one is `include_role`'s alone.
const ROLE: &[&str] = &[
    "name",
    "role",
    "apply",
    "public",
    "allow_duplicates",
    "rolespec_validate",
    "tasks_from",
    "vars_from",
    "defaults_from",
    "handlers_from",
    "rescuable",
];

impl Structure {
    /// By an action's name, short or qualified.
    pub(super) fn of(name: &str) -> Option<Structure> {
        Some(match short(name) {
            "include_tasks" => Structure::IncludeTasks,
            "import_tasks" => Structure::ImportTasks,
            "include_role" => Structure::IncludeRole,
            "import_role" => Structure::ImportRole,
            _ => return None,
        })
    }

    pub(super) fn is_include(self) -> bool {
        matches!(self, Structure::IncludeTasks | Structure::IncludeRole)
    }

    pub(super) fn is_role(self) -> bool {
        matches!(self, Structure::IncludeRole | Structure::ImportRole)
    }

    /// Stock's name for the task that it makes.
    pub(super) fn owner(self, kind: TasksKind) -> &'static str {
        match (self.is_role(), kind) {
            (true, _) => "IncludeRole",
            (false, TasksKind::Tasks) => "TaskInclude",
            (false, TasksKind::Handlers) => "HandlerTaskInclude",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Structure::ImportTasks => &["file", "_raw_params"],
            Structure::IncludeTasks => &["file", "_raw_params", "apply"],
            // Only an include can still be rescued.
            Structure::IncludeRole => ROLE,
            Structure::ImportRole => ROLE.split_last().map_or(ROLE, |(_rescuable, others)| others),
        }
    }
}

/// An action's name without `ansible.builtin.` or `ansible.legacy.`.
pub(super) fn short(name: &str) -> &str {
    name.strip_prefix("ansible.builtin.")
        .or_else(|| name.strip_prefix("ansible.legacy."))
        .unwrap_or(name)
}

impl Reader<'_> {
    pub(super) fn check_structure(
        &mut self,
        structure: Structure,
        action: &ActionCall,
        fields: Fields<'_>,
        repeated: bool,
        kind: TasksKind,
    ) {
        let name = &action.name;
        let span = fields.span;
        if structure.is_role() && kind == TasksKind::Handlers {
            self.invalid(format!("Using '{name}' as a handler is not supported."), span.clone());
        }
        if repeated && !structure.is_include() {
            let other = name.replace("import_", "include_");
            let message = format!(
                "You cannot use loops on '{name}' statements. You should use '{other}' instead."
            );
            self.invalid(message, span.clone());
        }
        let wrong: Vec<String> = action
            .args
            .keys()
            .map(|key| key.value().to_text().into_owned())
            .filter(|key| !structure.arguments().contains(&key.as_str()))
            .collect();
        if !wrong.is_empty() {
            let message = format!("Invalid options for {name}: {}", wrong.join(","));
            let mut error = Error::invalid(message, span.clone());
            let meant = crate::closest(&wrong[0], structure.arguments().iter().copied());
            error = error.with_hint(meant.map_or_else(
                || "Variables go below `vars:`.".to_owned(),
                |meant| format!("Did you mean '{meant}'?"),
            ));
            self.errors.push(error);
        }
        // `args: "{{ … }}"` is only known while running.
        if action.args_template.is_none() {
            self.check_target(structure, action, fields);
        }
        self.check_argument_types(structure, action, fields);
    }

    fn check_target(&mut self, structure: Structure, action: &ActionCall, fields: Fields<'_>) {
        let has = |key: &str| action.args.get(key).is_some_and(|value| !value.is_none());
        let message = if structure.is_role() {
            if has("name") || has("role") {
                return;
            }
            format!("'name' is a required field for {}.", action.name)
        } else {
            if has("file") || has("_raw_params") || action.raw.is_some() {
                return;
            }
            format!("No file specified for {}", action.name)
        };
        self.invalid(message, fields.span.clone());
    }

    fn check_argument_types(
        &mut self,
        structure: Structure,
        action: &ActionCall,
        fields: Fields<'_>,
    ) {
        for (key, value) in &action.args {
            let Some(key) = key.as_str() else { continue };
            let expected = match (key, value) {
                (_, Value::None) => continue,
                ("apply", Value::Dict(_)) => continue,
                ("apply", _) if structure != Structure::ImportTasks => "dict",
                (key, Value::Str(_)) if key.ends_with("_from") => continue,
                (key, _) if key.ends_with("_from") && structure.is_role() => "string",
                _ => continue,
            };
            let message =
                format!("Expected a {expected} for {key} but got {} instead", class(value));
            self.invalid(message, fields.span.clone());
        }
    }
}
