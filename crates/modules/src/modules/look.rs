//! `nafal.builtin.look`: whether there is a file that can be fetched, and its checksum. Must not
//! change anything.

use std::io::ErrorKind;

use nafal_base::{Dict, Outcome, system_words};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{Result, digest};
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line. The result's `found` has the `path` with everything in it replaced, and for a
/// folder `isdir`, for a file its `checksum`, for what can't be read the `fault`, for what can't be
/// looked at the system's words as `barred` besides; nothing else when nothing is there.
pub const MODULE: Module =
    Module { spec: Spec::new("nafal.builtin.look", &[Argument::text("path").required()]), run };

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let shown = ctx.expand_login(args.required_text("path"));
    let shown = shown.as_str();
    let path = ctx.resolve(shown);
    let mut found = Dict::new();
    found.insert("path", shown.into());
    if shown.is_empty() {
        return Ok(Outcome::ok().with("found", found));
    }
    if path.is_dir() {
        found.insert("isdir", true.into());
        return Ok(Outcome::ok().with("found", found));
    }
    match digest::of_file("sha1", &path) {
        Ok(checksum) => found.insert("checksum", checksum.into()),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => {
            if path.metadata().is_err() {
                found.insert("barred", system_words(&error).into());
            }
            found.insert("fault", errno_text(&error, Some(shown)).into())
        }
    };
    Ok(Outcome::ok().with("found", found))
}

#[cfg(test)]
mod tests {
    use nafal_base::Value;

    use super::*;

    #[test]
    fn files_folders_and_nothing() {
        let look = |path: &str| {
            let args: Dict = [("path", path.into())].into_iter().collect();
            let ctx = Ctx::plain("nafal.builtin.look", Default::default());
            let outcome = MODULE.run(&args, &ctx);
            outcome.values.get("found").and_then(Value::as_dict).cloned().unwrap()
        };
        assert!(look("/etc/passwd").contains("checksum"));
        assert!(look("/etc").contains("isdir"));
        assert_eq!((look("/nosuch").len(), look("").len()), (1, 1));
    }
}
