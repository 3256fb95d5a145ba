//! `dpkg_selections`: what dpkg is to do with a package.

use nafal_base::Outcome;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::tools::refused;
use crate::files::{Failure, Result};
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "dpkg_selections",
        &[
            Argument::text("name").required(),
            Argument::text("selection").required().choices(&[
                "install",
                "hold",
                "deinstall",
                "purge",
            ]),
        ],
    ),
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let (name, wanted) = (args.required_text("name"), args.required_text("selection"));
    let tool = ctx.tool("dpkg")?;
    let gave = ctx.need_tool(&tool, &["--get-selections", name])?;
    let Some(present) = selection(&gave.stdout) else {
        return Err(Failure::new(format!(
            "Failed to find package '{name}' to perform selection '{wanted}'."
        )));
    };
    let changed = present != wanted;
    if changed && !ctx.is_check() {
        let line = format!("{name} {wanted}");
        let gave = ctx.feed_tool(&tool, &["--set-selections"], Some(line.as_bytes()))?;
        if gave.code != 0 {
            return Err(refused(&format!("{} --set-selections", tool.display()), gave));
        }
    }
    Ok(Outcome::ok().changed_if(changed).with("before", present).with("after", wanted))
}

/// What dpkg says of the first package.
fn selection(said: &str) -> Option<&str> {
    said.split_whitespace().nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_dpkg_says() {
        assert_eq!(selection("coreutils\t\t\t\tinstall\n"), Some("install"));
        assert_eq!(selection(""), None);
    }
}
