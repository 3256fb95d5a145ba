//! A task's keywords, rendered for one host.

use nafal_actions::Keywords as TargetKeywords;
use nafal_base::event::{Disclosure, Mode};
use nafal_base::{Diagnostic, Scope, Source, Span, Template, Value};
use nafal_parser::playbook::ast::Keywords;
use nafal_templating::{FromValue, Renderer};
use nafal_variables::TaskScope;

use crate::prepared::Prepared;
use crate::services::RunSettings;
use crate::worker::fault::Fault;

/// Renders a keyword that may be there.
pub(crate) fn optional<T: FromValue>(
    name: &str,
    template: Option<&Template<T>>,
    renderer: &Renderer<'_>,
) -> Result<Option<T>, Fault> {
    let Some(template) = template else { return Ok(None) };
    if matches!(template.source, Value::None) {
        return Ok(None);
    }
    match renderer.render_to(template) {
        Ok(value) => Ok(Some(value)),
        Err(error) if matches!(error.kind(), nafal_templating::ErrorKind::Omit) => {
            optional(name, template.outer(), renderer)
        }
        Err(error) => {
            let prefix = format!("Error processing keyword '{name}'");
            let span = template.span.as_ref();
            // A value of the wrong kind is a cause of its own, a template's error is told at once.
            Err(if error.message().starts_with("The value ") {
                Fault::of("", &error, span).below(prefix, span.cloned())
            } else {
                Fault::of(&prefix, &error, span)
            })
        }
    }
}

/// In which mode the task runs here, and whether it shows diffs.
pub(crate) fn mode(
    keywords: &Keywords,
    settings: &RunSettings,
    renderer: &Renderer<'_>,
) -> Result<(Mode, bool), Fault> {
    let mode = match optional("check_mode", keywords.check_mode.as_ref(), renderer)? {
        Some(true) => Mode::Check,
        Some(false) => Mode::Apply,
        None => settings.mode,
    };
    let diff = optional("diff", keywords.diff.as_ref(), renderer)?.unwrap_or(settings.diff);
    Ok((mode, diff))
}

/// What `debugger` may be.
const DEBUGGER: &[&str] = &["always", "on_failed", "never", "on_unreachable", "on_skipped"];

/// Flags that the coordinator reads: what is wrong with them fails the task.
pub(crate) fn check_flags(keywords: &Keywords, renderer: &Renderer<'_>) -> Result<(), Fault> {
    // That it can't be rendered ended the run before.
    optional("any_errors_fatal", keywords.any_errors_fatal.as_ref(), renderer)?;
    optional("ignore_unreachable", keywords.ignore_unreachable.as_ref(), renderer)?;
    optional("run_once", keywords.run_once.as_ref(), renderer)?;
    let debugger = optional("debugger", keywords.debugger.as_ref(), renderer)?;
    match debugger.filter(|word| !DEBUGGER.contains(&word.as_str())) {
        None => Ok(()),
        Some(word) => {
            let message = format!(
                "'{word}' is not a valid value for debugger. Must be one of {}",
                DEBUGGER.join(", ")
            );
            let place = keywords.debugger.as_ref().and_then(|keyword| keyword.span.clone());
            Err(Fault::new(message, None).below("Error processing keyword 'debugger'", place))
        }
    }
}

/// Whether results may be shown. A keyword that can't be rendered hides: rather too little is
/// shown than a secret.
pub(crate) fn disclosure(
    keywords: &Keywords,
    settings: &RunSettings,
    renderer: &Renderer<'_>,
) -> Disclosure {
    let hidden = match optional("no_log", keywords.no_log.as_ref(), renderer) {
        Ok(flag) => flag.unwrap_or(settings.no_log),
        Err(_) => true,
    };
    if hidden { Disclosure::Censored } else { Disclosure::Shown }
}

/// The same of what never ran (a loop without items, a `when` that is false or can't be told) and of includes: stock
/// hasn't rendered the keyword by then, and every text that is written there hides, `no` and templates too (cases
/// `no-log-no-items`, `no-log-skipped`).
pub(crate) fn disclosure_as_written(keywords: &Keywords, settings: &RunSettings) -> Disclosure {
    let written = keywords.no_log.as_ref().map(|keyword| &keyword.source);
    let hidden = match written {
        None | Some(Value::None) => settings.no_log,
        Some(value) => value.is_true(),
    };
    if hidden { Disclosure::Censored } else { Disclosure::Shown }
}

/// Whether results tell the arguments that modules had: a variable's word counts above the setting's.
pub(crate) fn tells_invocation(
    scope: &TaskScope,
    renderer: &Renderer<'_>,
    settings: &RunSettings,
) -> bool {
    let own = scope.get("ansible_inject_invocation").and_then(|value| renderer.render(&value).ok());
    own.and_then(|value| value.to_bool()).unwrap_or(settings.inject_invocation)
}

/// Where and as whom.
pub(crate) fn target(
    keywords: &Keywords,
    renderer: &Renderer<'_>,
) -> Result<TargetKeywords, Fault> {
    let port = optional("port", keywords.port.as_ref(), renderer)?;
    Ok(TargetKeywords {
        connection: optional("connection", keywords.connection.as_ref(), renderer)?,
        remote_user: optional("remote_user", keywords.remote_user.as_ref(), renderer)?,
        port: port.and_then(|port| u16::try_from(port).ok()),
        becomes: optional("become", keywords.r#become.as_ref(), renderer)?,
        become_user: optional("become_user", keywords.become_user.as_ref(), renderer)?,
        become_method: optional("become_method", keywords.become_method.as_ref(), renderer)?,
        become_flags: optional("become_flags", keywords.become_flags.as_ref(), renderer)?,
        become_exe: optional("become_exe", keywords.become_exe.as_ref(), renderer)?,
    })
}

/// Whether something is missing that facts will say.
fn needs_facts(error: &nafal_templating::Error) -> bool {
    let told = error.chain();
    told.contains("'ansible_env' is undefined") || told.contains("has no attribute 'env'")
}

/// The variables of an environment that can be told before there are facts, while they are gathered
/// (case `environment-of-facts`).
fn without_facts(written: &Value, renderer: &Renderer<'_>) -> Value {
    let Value::Dict(dict) = written else { return Value::None };
    let mut known = nafal_base::Dict::new();
    for (name, value) in dict {
        if let Ok(value) = renderer.render(value) {
            known.insert(name.clone(), value);
        }
    }
    Value::Dict(known)
}

/// `environment`: later ones over earlier ones.
pub(crate) fn environment(
    task: &Prepared,
    renderer: &Renderer<'_>,
) -> Result<Vec<(String, String)>, Fault> {
    let node = &task.node;
    let written = &node.keywords.environment;
    let gathers = matches!(node.action(), "ansible.builtin.gather_facts" | "ansible.builtin.setup");
    let mut all: Vec<(String, String)> = Vec::new();
    for value in written {
        let rendered = match renderer.render(value) {
            Err(error) if matches!(error.kind(), nafal_templating::ErrorKind::Omit) => continue,
            Err(error) if gathers && needs_facts(&error) => Ok(without_facts(value, renderer)),
            rendered => rendered,
        };
        let rendered = rendered.map_err(|error| {
            let whole = Value::List(written.iter().cloned().collect());
            let origin = Source::new("<unknown>", whole.repr());
            Fault::of("", &error, value.span())
                .below("Error processing keyword 'environment'", Some(Span::whole(&origin)))
        })?;
        let Value::Dict(dict) = rendered else {
            // What is none is left out (case `environment-levels`).
            let whole = Value::List(written.iter().cloned().collect()).repr();
            let message = format!("could not parse environment value, skipping: {whole}");
            task.effects.tell(Diagnostic::warning(message));
            continue;
        };
        for (key, value) in &dict {
            let key = key.value().to_text().into_owned();
            all.retain(|(known, _)| *known != key);
            all.push((key, value.to_text().into_owned()));
        }
    }
    Ok(all)
}
