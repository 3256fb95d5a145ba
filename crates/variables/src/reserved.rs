//! Names that a variable had better not have: keywords and the functions of templates. Stock warns
//! of them ("Found variable using reserved name 'x'.").

use nafal_base::{Diagnostic, Dict, Text};

/// The names, sorted.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "action", "always", "any_errors_fatal", "args", "async", "async_val", "become", "become_exe",
    "become_flags", "become_method", "become_user", "block", "changed_when", "check_mode",
    "collections", "connection", "cycler", "debugger", "delay", "delegate_facts", "delegate_to",
    "dict", "diff", "environment", "fact_path", "failed_when", "force_handlers", "gather_facts",
    "gather_timeout", "handlers", "hosts", "ignore_errors", "ignore_unreachable", "joiner",
    "lipsum", "local_action", "lookup", "loop", "loop_control", "loop_with",
    "max_fail_percentage", "module_defaults", "name", "namespace", "no_log", "notify", "now",
    "omit", "order", "poll", "port", "post_tasks", "pre_tasks", "q", "query", "range", "register",
    "remote_user", "rescue", "retries", "roles", "run_once", "serial", "strategy", "tags",
    "tasks", "throttle", "timeout", "undef", "until", "validate_argspec", "vars_files",
    "vars_prompt", "when", "with_",
];

/// The variables of a dict that are named so.
pub fn reserved_names(vars: &Dict) -> impl Iterator<Item = &Text> {
    vars.keys().filter_map(|key| key.as_text()).filter(|name| is_reserved(name))
}

/// What is said of one.
pub fn reserved_warning(name: &Text) -> Diagnostic {
    let message = format!("Found variable using reserved name '{}'.", &**name);
    Diagnostic::warning(message).at(name.span().cloned())
}

/// Whether stock warns when a variable is named so.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_and_functions() {
        assert!(RESERVED.is_sorted());
        assert!(is_reserved("name") && is_reserved("environment") && is_reserved("lookup"));
        assert!(!is_reserved("vars") && !is_reserved("item") && !is_reserved("role_name"));
    }
}
