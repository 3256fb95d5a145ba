//! `assemble`: pieces become one file: on the target, or here (`remote_src: false`) and are sent.

use std::path::Path;

use nafal_base::fragments::Assembly;
use nafal_base::{Dict, Outcome};
use nafal_templating::python_regex::{Flags, Regex};

use crate::arguments::{Arguments, Flag};
use crate::context::ActionContext;
use crate::effect::Performed;
use crate::payload::{self, Payload};

/// What only assembling needs.
const OURS: &[&str] = &["decrypt", "delimiter", "ignore_hidden", "regexp", "remote_src", "src"];

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Result<Performed, Performed> {
    let args = Arguments::unchecked(args);
    let (Some(source), Some(_)) = (args.text("src"), args.text("dest")) else {
        return Err(Performed::refused("src and dest are required"));
    };
    if args.flag("remote_src", Flag::On)? {
        let outcome = context.remote.run("ansible.legacy.assemble", args.into_dict());
        return Ok(Performed::module(outcome));
    }
    let Some(folder) = context.effects.find(&["files"], &source) else {
        let message = super::copy::not_found(context, "files", &source);
        let hint = "If you are using a module and expect the file to exist on the remote, see the remote_src option.";
        return Err(Performed::raised(message, None, Some(hint.to_owned())));
    };
    if !folder.is_dir() {
        return Err(Performed::refused(&format!("Source ({source}) is not a directory")));
    }
    let bytes = assembled(context, &folder, &args)?;
    let mut module = args.into_dict();
    for ours in OURS {
        module.remove(ours);
    }
    let header = payload::local_path(context, "");
    let payload = Payload { bytes: &bytes, basename: "src", shown_source: Some(header) };
    Ok(Performed::module(payload::write_assembled(context, &payload, module)))
}

/// The pieces in the order of their names.
fn assembled(
    context: &ActionContext<'_>,
    folder: &Path,
    args: &Arguments,
) -> Result<Vec<u8>, Performed> {
    let pattern = args.text("regexp");
    let ignores_hidden = args.flag("ignore_hidden", Flag::Off)?;
    let mut whole = Assembly::new(args.text("delimiter").as_deref());
    let failed = |path: &Path, error: std::io::Error| {
        Performed::from(Outcome::failed(format!("could not read {}: {error}", path.display())))
    };
    for path in context.effects.list(folder).map_err(|error| failed(folder, error))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some(pattern) = &pattern {
            let found = Regex::new(pattern, Flags::default(), &name)
                .and_then(|regex| regex.search(&name))
                .map_err(|fault| Performed::raised(fault, None, None))?;
            if found.is_none() {
                continue;
            }
        }
        if !path.is_file() || (ignores_hidden && name.starts_with('.')) {
            continue;
        }
        whole.add(&context.effects.read(&path).map_err(|error| failed(&path, error))?);
    }
    Ok(whole.into_bytes())
}
