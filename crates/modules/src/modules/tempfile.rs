//! `tempfile`: a new file or folder with a name that nothing else has.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use nafal_base::Outcome;
use nafal_base::value::string_repr;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::staged::random_text;
use crate::files::{Failure, Result, paths};
use crate::registry::Module;
use crate::spec::{Argument, CheckMode, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        check_mode: CheckMode::Skipped,
        ..Spec::new(
            "tempfile",
            &[
                Argument::text("state").or_text("file").choices(&["file", "directory"]),
                Argument::path("path"),
                Argument::text("prefix").or_text("ansible."),
                Argument::text("suffix").or_text(""),
            ],
        )
    },
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let folder = match args.text("path") {
        Some(path) => path.to_owned(),
        None => ["TMPDIR", "TEMP", "TMP"]
            .iter()
            .filter_map(|name| ctx.env(name))
            .map(|path| path.to_string_lossy().into_owned())
            .find(|path| Path::new(path).is_dir())
            .unwrap_or_else(|| "/tmp".to_owned()),
    };
    let (prefix, suffix) = (args.required_text("prefix"), args.required_text("suffix"));
    for (name, text) in [("prefix", prefix), ("suffix", suffix)] {
        if text.contains('/') {
            let shown = string_repr(text);
            let message = format!("{name} must be a valid file name component, got {shown}");
            return Err(Failure::new(message));
        }
    }
    loop {
        let random = random_text().map_err(|error| Failure::new(error.to_string()))?;
        let path = paths::join(&folder, &format!("{prefix}{random}{suffix}"));
        let real = ctx.resolve(&path);
        let made = match args.text("state") {
            Some("directory") => fs::DirBuilder::new().mode(0o700).create(real),
            _ => OpenOptions::new().write(true).create_new(true).mode(0o600).open(real).map(drop),
        };
        match made {
            Ok(()) => return Ok(Outcome::changed().with("path", path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Failure::new(errno_text(&error, Some(&path)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use nafal_base::Dict;

    use super::*;

    #[test]
    fn names_have_prefix_and_suffix() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_string_lossy().into_owned();
        let args: Dict = [
            ("path", path.as_str().into()),
            ("suffix", ".x".into()),
            ("state", "directory".into()),
        ]
        .into_iter()
        .collect();
        let outcome = MODULE.run(&args, &Ctx::plain("tempfile", Default::default()));
        let made = outcome.text("path").unwrap();
        assert!(made.starts_with(&format!("{path}/ansible.")) && made.ends_with(".x"));
        assert_eq!(
            (outcome.text("state"), outcome.text("mode")),
            (Some("directory"), Some("0700"))
        );
    }
}
