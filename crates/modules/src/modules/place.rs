//! `nafal.builtin.place`: what was uploaded becomes a file, as an action plugin in Python puts one. Must not know what
//! it is for.

use std::path::Path;

use nafal_base::Outcome;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_bytes;
use crate::files::{Content, Failure, Options, Result, write};
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "nafal.builtin.place",
        &[Argument::text("src").required(), Argument::text("dest").required()],
    ),
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let dest = args.required_text("dest");
    let uploaded = Path::new(args.required_text("src"));
    let options = Options { umask: ctx.umask(), ..Options::default() };
    write(&ctx.resolve(dest), Content::MovedFrom(uploaded), &options).map_err(|error| {
        let reason = std::error::Error::source(&error);
        let reason = match reason.and_then(|reason| reason.downcast_ref::<std::io::Error>()) {
            Some(reason) => errno_bytes(reason, dest),
            None => error.to_string(),
        };
        Failure::new(format!("Failed to transfer file to '{dest}': {reason}"))
    })?;
    Ok(Outcome::changed())
}

#[cfg(test)]
mod tests {
    use nafal_base::{Dict, Value};

    use super::*;

    #[test]
    fn a_file_is_laid() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let place = |dest: String| {
            std::fs::write(at("uploaded"), "text").unwrap();
            let args = [("src", Value::from(at("uploaded"))), ("dest", Value::from(dest))];
            let args: Dict = args.into_iter().collect();
            MODULE.run(&args, &Ctx::plain("place", Default::default()))
        };
        assert!(place(at("there")).is_good());
        assert_eq!(std::fs::read_to_string(at("there")).unwrap(), "text");
        let refused = place(at("nowhere/there"));
        assert!(refused.text("msg").unwrap().starts_with("Failed to transfer file to '/"));
    }
}
