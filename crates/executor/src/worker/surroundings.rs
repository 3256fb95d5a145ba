//! In what surroundings a task's modules run on the target: mode, environment, limits. Must not know
//! how they travel.

use nafal_base::event::{Disclosure, Mode};
use nafal_base::wire::{Python, Surroundings};
use nafal_base::{Scope, Value};
use nafal_templating::{ErrorKind, Renderer};
use nafal_variables::TaskScope;

use crate::worker::fault::Fault;
use crate::worker::job::Job;
use crate::worker::keywords;

/// The variable that limits how many files may be open.
const OPEN_FILES: &str = "ansible_python_module_rlimit_nofile";
/// Actions that run no module in Python under stock, so that no such limit is theirs.
const BARE: [&str; 2] = ["ansible.builtin.raw", "ansible.builtin.script"];

/// What was settled before: whether anything may change, what is told, and the `environment`.
#[derive(Clone, Copy)]
pub(crate) struct Fixed<'a> {
    pub mode: Mode,
    pub diff: bool,
    pub disclosure: Disclosure,
    pub environment: &'a [(String, String)],
    /// The variables of the host that the task runs on.
    pub host: &'a TaskScope,
}

/// The surroundings of a task's modules.
pub(crate) fn surroundings(
    job: &Job,
    (scope, renderer): (&TaskScope, &Renderer<'_>),
    fixed: Fixed<'_>,
) -> Result<Surroundings, Fault> {
    let node = &job.task.node;
    let settings = job.shared.services.settings();
    let open_files = match BARE.contains(&node.action()) {
        true => None,
        false => open_files(scope, renderer, settings.open_files.as_deref())?,
    };
    Ok(Surroundings {
        mode: fixed.mode.into(),
        diff: fixed.diff,
        diff_limit: settings.modules.diff_limit,
        verbosity: settings.verbosity,
        invocation: keywords::tells_invocation(scope, renderer, settings),
        no_log: fixed.disclosure == Disclosure::Censored,
        environment: fixed.environment.to_vec(),
        folder: None,
        umask: None,
        open_files,
        temporary: None,
        python: Python::Unneeded,
        file: settings.modules.file(fixed.host, renderer, settings.defaults.pipelining),
    })
}

/// How many files may be open: the variable, else the setting; nothing below one is a limit.
fn open_files(
    scope: &TaskScope,
    renderer: &Renderer<'_>,
    setting: Option<&str>,
) -> Result<Option<u64>, Fault> {
    let own = match scope.get(OPEN_FILES) {
        None => None,
        Some(value) => match renderer.render(&value) {
            Ok(Value::None) => None,
            Ok(value) => Some(value),
            Err(error) if matches!(error.kind(), ErrorKind::Omit) => None,
            Err(error) => return Err(Fault::of("", &error, value.span())),
        },
    };
    let Some(value) = own.or_else(|| setting.map(Value::from)) else { return Ok(None) };
    let number = whole(&value).map_err(|message| Fault::new(message, None))?;
    Ok(u64::try_from(number).ok().filter(|number| *number > 0))
}

/// Python's `int`.
fn whole(value: &Value) -> Result<i64, String> {
    match value {
        Value::Bool(flag) => Ok(i64::from(*flag)),
        Value::Int(number) => Ok(*number),
        #[expect(clippy::cast_possible_truncation, reason = "`int` drops what is behind the point")]
        Value::Float(number) => Ok(number.trunc() as i64),
        Value::Str(text) => whole_text(text.as_str())
            .ok_or_else(|| format!("invalid literal for int() with base 10: {}", value.repr())),
        other => {
            // What is written has Ansible's own types.
            let class = match other {
                Value::List(_) => "_AnsibleTaggedList",
                Value::Dict(_) => "_AnsibleTaggedDict",
                _ => other.type_name(),
            };
            Err(format!(
                "int() argument must be a string, a bytes-like object or a real number, not \
                 '{class}'"
            ))
        }
    }
}

/// Digits, with a sign before and single underscores between them.
fn whole_text(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_sound = digits
        .split('_')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    is_sound.then(|| text.replace('_', "").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers() {
        for (text, number) in [("123", 123), (" 5_5 ", 55), ("-1", -1), ("+7", 7)] {
            assert_eq!(whole(&Value::from(text)), Ok(number));
        }
        assert_eq!(whole(&Value::Float(55.7)), Ok(55));
        for text in ["", "99.5", "abc", "_1", "1__2", "--1"] {
            let message = format!("invalid literal for int() with base 10: '{text}'");
            assert_eq!(whole(&Value::from(text)), Err(message));
        }
    }
}
