//! Settings by the names that stock gives them, for the lookup `config`. Must not know who asks.

use std::path::Path;

use nafal_base::Value;

use super::Settings;

fn absolute(path: &Path) -> String {
    let absolute = std::path::absolute(path);
    absolute.as_deref().unwrap_or(path).display().to_string()
}

/// The setting of this name; None for those that nafal doesn't have.
pub(crate) fn by_name(settings: &Settings, name: &str) -> Option<Value> {
    let paths = |paths: &[std::path::PathBuf]| {
        Value::from(paths.iter().map(|path| absolute(path)).collect::<Vec<_>>())
    };
    let text = |text: &Option<String>| text.as_deref().map_or(Value::None, Value::from);
    Some(match name {
        "CONFIG_FILE" => {
            settings.config_file.as_deref().map_or(Value::None, |path| absolute(path).into())
        }
        "DEFAULT_FORKS" => settings.forks.into(),
        "DEFAULT_ROLES_PATH" => paths(&settings.roles_path),
        "DEFAULT_MODULE_PATH" => paths(&settings.library),
        "DEFAULT_MODULE_UTILS_PATH" => paths(&settings.module_utils),
        "COLLECTIONS_PATHS" => paths(&settings.collections_path),
        "HOST_KEY_CHECKING" => settings.host_key_checking.into(),
        "DEFAULT_REMOTE_USER" => text(&settings.remote_user),
        "DEFAULT_REMOTE_PORT" => settings.remote_port.map_or(Value::None, Value::from),
        "DEFAULT_PRIVATE_KEY_FILE" => text(&settings.private_key),
        "DEFAULT_TIMEOUT" => settings.timeout.into(),
        "DEFAULT_BECOME" => settings.becomes.into(),
        "DEFAULT_BECOME_USER" => Value::from(settings.become_user.as_deref().unwrap_or("root")),
        "DEFAULT_BECOME_METHOD" => Value::from(settings.become_method.as_deref().unwrap_or("sudo")),
        "DEFAULT_MANAGED_STR" => Value::from(settings.managed.as_str()),
        "DEFAULT_NO_LOG" => settings.no_log.into(),
        "ALLOW_EMBEDDED_TEMPLATES" => settings.embedded_templates.into(),
        "ALLOW_BROKEN_CONDITIONALS" => settings.broken_conditionals.into(),
        "ENABLE_TASK_DEBUGGER" => settings.debugger.into(),
        "TASK_DEBUGGER_IGNORE_ERRORS" => settings.debugger_honours_ignored.into(),
        "ANY_ERRORS_FATAL" => settings.any_errors_fatal.into(),
        "DEFAULT_FORCE_HANDLERS" => settings.force_handlers.into(),
        "ERROR_ON_MISSING_HANDLER" => settings.missing_handler_is_error.into(),
        "INJECT_FACTS_AS_VARS" => settings.inject_facts.unwrap_or(true).into(),
        "INJECT_INVOCATION" => settings.inject_invocation.into(),
        "DEFAULT_STRATEGY" => Value::from(settings.strategy.as_str()),
        "ANSIBLE_FORCE_COLOR" => settings.force_color.into(),
        "ANSIBLE_NOCOLOR" => settings.no_color.into(),
        "DEFAULT_VERBOSITY" => settings.verbosity.into(),
        "TASK_TIMEOUT" => settings.task_timeout.into(),
        "DEFAULT_POLL_INTERVAL" => settings.poll_interval.into(),
        "DIFF_CONTEXT" => settings.diff_context.into(),
        "DEPRECATION_WARNINGS" => settings.deprecation_warnings.into(),
        "DEFAULT_LOG_PATH" => {
            settings.log.path.as_deref().map_or(Value::None, |path| absolute(path).into())
        }
        "MODULE_STRICT_UTF8_RESPONSE" => settings.strict_utf8.into(),
        "DIFF_ALWAYS" => settings.diff.into(),
        "DEFAULT_VAULT_IDENTITY" => Value::from(settings.vault.identity.as_str()),
        "DEFAULT_VAULT_ID_MATCH" => settings.vault.id_match.into(),
        _ => return None,
    })
}
