//! Modules that are not nafal's own, on their way to the target: their arguments as they take them, the
//! bundles that the target doesn't have yet. Must not know how they are run there.

use nafal_base::shell::quoted;
use nafal_base::value::json::{Style, to_json};
use nafal_base::wire::{Afterwards, FOREIGN, IGNORE_UNKNOWN, MISSING, NO_SUPPORT, PYTHON};
use nafal_base::{Dict, Value};
use nafal_plugins::{Finder, INSIDE, Packed, UserModule, UserStyle};
use nafal_templating::ErrorKind;

use crate::action_plugin;
use crate::context::ActionContext;
use crate::effect::Performed;
pub use crate::foreign_result::performed;
pub(crate) use crate::foreign_result::plain;
use crate::profile::Profile;

/// Runs a user's module. Bundles travel only when the target says that it lacks them.
pub fn run(
    context: &ActionContext<'_>,
    finder: &Finder,
    module: &UserModule,
    args: &Dict,
) -> Performed {
    if module.action_plugin.is_some() {
        return action_plugin::run(context, module, args);
    }
    if let Some(handler) = &module.handler {
        let message = format!("the handler '{handler}' was not found");
        return Performed::raised(message, None, None);
    }
    let packed = match finder.pack(module) {
        Ok(packed) => packed,
        Err(error) => {
            return Performed::raised(error.to_string(), None, error.hint().map(str::to_owned));
        }
    };
    let runner = match runner(context, module) {
        Ok(runner) => runner,
        Err(performed) => return performed,
    };
    let profile = match profile_of(module) {
        Ok(profile) => profile,
        Err(message) => return Performed::raised(message, None, None),
    };
    let mut request = match profile.encode(args, &context.task.action) {
        Ok(args) => request(context, module, &packed, (&args, &runner)),
        Err(message) => return Performed::raised(message, None, None),
    };
    request.insert("profile", Value::from(profile.name()));
    let mut outcome = context.remote.run(FOREIGN, request.clone());
    if let Some(Value::List(missing)) = outcome.values.get(MISSING) {
        let mut uploads = Dict::new();
        for piece in packed.pieces() {
            if missing.iter().any(|hash| hash.as_str() == Some(&piece.hash))
                && !uploads.contains(&piece.hash)
            {
                match context.remote.put(&mut piece.bytes.as_slice()) {
                    Ok(path) => uploads.insert(piece.hash.as_str(), Value::from(path)),
                    Err(outcome) => return outcome.into(),
                };
            }
        }
        request.insert("uploads", Value::Dict(uploads));
        outcome = context.remote.run(FOREIGN, request);
    }
    if let Some(Value::List(names)) = outcome.values.get(NO_SUPPORT) {
        let names: Vec<_> = names.iter().map(|name| name.to_text().into_owned()).collect();
        return no_support(finder, module, &names);
    }
    outcome.values = profile.decode(outcome.values);
    performed(outcome, &module.python_name(), context.modules)
}

/// The module imports one of these, and there is none. It didn't run: for stock it never left.
fn no_support(finder: &Finder, module: &UserModule, names: &[String]) -> Performed {
    let first = names.first().map(String::as_str).unwrap_or_default();
    let collection = first.strip_prefix("ansible_collections.").map(|rest| {
        let parts: Vec<_> = rest.split('.').take(2).collect();
        parts.join(".")
    });
    if let Some(name) = collection.filter(|name| finder.collection(name).is_none()) {
        let message = format!(
            "error processing module_util {first} loading redirected collection {name}: unable to locate collection {name}"
        );
        // Shown as a step of its own, though no remedy is known.
        return Performed::raised(message, None, Some(String::new()));
    }
    let listed =
        Value::from(names.iter().map(|name| Value::from(name.as_str())).collect::<Vec<_>>());
    let message = format!(
        "Could not find imported module support code for {}. Looked for ({})",
        module.python_name(),
        listed.repr()
    );
    Performed::raised(message, None, None)
}

/// How the module is spoken to.
fn profile_of(module: &UserModule) -> Result<Profile, String> {
    match &module.metadata {
        None => Ok(Profile::Legacy),
        Some(metadata) if metadata.schema != "1" => {
            Err(format!("Module METADATA schema_version {} is unknown.", metadata.schema))
        }
        Some(metadata) => Profile::of(&metadata.profile),
    }
}

fn request(
    context: &ActionContext<'_>,
    module: &UserModule,
    packed: &Packed,
    (args, runner): (&Dict, &Runner),
) -> Dict {
    let all = arguments(context, module, args);
    let (style, text) = match module.style {
        UserStyle::Python => {
            let wrapped = std::iter::once(("ANSIBLE_MODULE_ARGS", Value::Dict(all)));
            ("python", json(wrapped.collect()))
        }
        UserStyle::Json => ("file", json(args.clone())),
        UserStyle::Words => ("file", words(&all)),
        UserStyle::Inside => ("bare", json(all)),
    };
    let hashes = |pieces: &[std::sync::Arc<nafal_plugins::Piece>]| {
        Value::from(pieces.iter().map(|piece| Value::from(piece.hash.as_str())).collect::<Vec<_>>())
    };
    let base = packed.base.as_ref().map(|piece| Value::from(piece.hash.as_str()));
    [
        ("style", Value::from(style)),
        ("name", Value::from(module.python_name())),
        (PYTHON, Value::Bool(*runner == Runner::Python)),
        ("interpreter", runner.named().map(Value::from).unwrap_or_default()),
        ("base", base.unwrap_or_else(|| Value::from(""))),
        ("paths", hashes(&packed.paths)),
        ("module_utils", hashes(&packed.module_utils)),
        ("bundle", Value::from(packed.module.hash.as_str())),
        ("file", Value::from(packed.file.as_str())),
        ("marker", Value::from(if module.style == UserStyle::Inside { INSIDE } else { "" })),
        ("arguments", Value::from(text)),
        ("remote_tmp", Value::from(context.remote_tmp())),
    ]
    .into_iter()
    .collect()
}

fn json(dict: Dict) -> String {
    to_json(&Value::Dict(dict), Style::LINE)
}

/// `k=v` words as old-style modules read them.
fn words(all: &Dict) -> String {
    let each = all
        .iter()
        .map(|(key, value)| format!("{}={}", key.value().to_text(), quoted(&value.to_text())));
    each.collect::<Vec<_>>().join(" ")
}

/// The arguments with what stock tells every module.
fn arguments(context: &ActionContext<'_>, module: &UserModule, args: &Dict) -> Dict {
    let mut all = args.clone();
    if let Some(raw) = &context.raw {
        all.insert("_raw_params", Value::Str(raw.clone()));
    }
    let special = ["fuse", "nfs", "vboxsf", "ramfs", "9p", "vfat"];
    let check = context.mode == nafal_base::event::Mode::Check;
    let keeps = context.modules.afterwards == Afterwards::Kept;
    let tracebacks: Vec<_> =
        context.modules.tracebacks.iter().map(|kind| Value::from(*kind)).collect();
    // Action plugins ask for it (case `action-plugin-files`).
    let lenient = args.get(IGNORE_UNKNOWN).is_some_and(Value::is_true);
    for (key, value) in [
        ("_ansible_check_mode", Value::Bool(check)),
        ("_ansible_no_log", Value::Bool(context.task.no_log)),
        ("_ansible_debug", Value::Bool(false)),
        ("_ansible_diff", Value::Bool(context.diff)),
        ("_ansible_verbosity", Value::Int(context.verbosity.into())),
        ("_ansible_version", Value::from(nafal_base::reference::VERSION)),
        ("_ansible_module_name", Value::from(module_name(context, module))),
        ("_ansible_syslog_facility", Value::from("LOG_USER")),
        ("_ansible_selinux_special_fs", Value::from(special.map(Value::from).to_vec())),
        ("_ansible_socket", Value::None),
        ("_ansible_shell_executable", Value::from("/bin/sh")),
        ("_ansible_keep_remote_files", Value::Bool(keeps)),
        ("_ansible_tmpdir", Value::None),
        ("_ansible_remote_tmp", Value::from(context.remote_tmp())),
        (IGNORE_UNKNOWN, Value::Bool(lenient)),
        ("_ansible_target_log_info", Value::None),
        ("_ansible_tracebacks_for", Value::from(tracebacks)),
        ("_ansible_inject_invocation", Value::Bool(context.invocation)),
    ] {
        all.insert(key, value);
    }
    all
}

fn module_name(context: &ActionContext<'_>, module: &UserModule) -> String {
    // `gather_facts` calls others than the task names.
    let is_own = context.task.action.rsplit('.').next() == module.name.rsplit('.').next();
    if is_own && context.task.action.contains('.') {
        context.task.action.clone()
    } else {
        module.name.clone()
    }
}

/// What runs a module.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Runner {
    /// The target's Python.
    Python,
    /// Another interpreter, which a variable names.
    Other(String),
    /// Its file is started.
    Itself,
}

impl Runner {
    fn named(&self) -> Option<&str> {
        match self {
            Runner::Other(named) => Some(named),
            Runner::Python | Runner::Itself => None,
        }
    }
}

/// What runs the module, by its kind and its first line.
fn runner(context: &ActionContext<'_>, module: &UserModule) -> Result<Runner, Performed> {
    if module.style == UserStyle::Python {
        return Ok(Runner::Python);
    }
    let mut words = module.interpreter.as_deref().unwrap_or_default().split_whitespace();
    let Some(first) = words.next() else { return Ok(Runner::Itself) };
    let program = if first.ends_with("/env") { words.next().unwrap_or(first) } else { first };
    let kind = program.rsplit('/').next().unwrap_or_default();
    // `python3.11` and `python` are the same variable.
    if kind.starts_with("python") {
        return Ok(Runner::Python);
    }
    let named = context.target_scope.get(&format!("ansible_{kind}_interpreter"));
    let named = match named.map(|value| context.renderer.render(&value)) {
        None | Some(Ok(Value::None | Value::Omit)) => None,
        Some(Ok(value)) => Some(value.to_text().into_owned()).filter(|text| !text.is_empty()),
        Some(Err(error)) if matches!(error.kind(), ErrorKind::Omit) => None,
        Some(Err(error)) => return Err(error.into()),
    };
    Ok(named.map_or(Runner::Itself, Runner::Other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_old_modules() {
        let args: Dict = [
            ("a", Value::from("b c")),
            ("d", Value::from(1)),
            ("e", Value::from("it's")),
            ("f", Value::from("x")),
        ]
        .into_iter()
        .collect();
        assert_eq!(words(&args), "a='b c' d=1 e='it'\"'\"'s' f=x");
    }
}
