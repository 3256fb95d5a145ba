//! `package`: the module of whichever package manager the target has.

use nafal_base::Dict;

use crate::context::ActionContext;
use crate::effect::Performed;
use crate::fact;
use crate::table::{self, ActionKind};

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, mut args: Dict) -> Result<Performed, Performed> {
    let named = args.remove("use").filter(|value| !value.is_none());
    let named = named.map(|value| value.to_text().into_owned()).filter(|name| name != "auto");
    let manager = match named {
        Some(name) => name,
        None => match variable(context, "ansible_package_use")?.filter(|name| name != "auto") {
            Some(name) => name,
            None => {
                fact::find(context, context.scope, "pkg_mgr")?.unwrap_or_else(|| "auto".to_owned())
            }
        },
    };
    // `dnf` is an action, too, but here it is known which generation is wanted.
    let is_module = manager == "dnf"
        || table::find(&manager).is_some_and(|action| matches!(action.kind, ActionKind::Module));
    if !is_module {
        let message =
            format!("Could not find a matching action for the \"{manager}\" package manager.");
        return Err(Performed::refused(&message));
    }
    let args = context.with_defaults(&table::full_name(&manager), args)?;
    Ok(Performed::module(context.remote.run(&format!("ansible.legacy.{manager}"), args)))
}

fn variable(context: &ActionContext<'_>, name: &str) -> Result<Option<String>, Performed> {
    let Some(value) = context.scope.get(name) else { return Ok(None) };
    Ok(Some(context.renderer.render_string(&value)?).filter(|text| !text.is_empty()))
}
