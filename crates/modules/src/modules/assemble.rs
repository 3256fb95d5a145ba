//! `assemble`: the pieces in a folder become one file.

use std::fs;
use std::path::Path;

use nafal_base::fragments::Assembly;
use nafal_base::{Dict, Outcome};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{
    Content, Differences, FILE_ARGUMENTS, Failure, Result, Staged, Wanted, attributes, backup,
    digest, paths, validation,
};
use crate::python_regex::{Alphabet, Anchors, Pattern};
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        shared: FILE_ARGUMENTS,
        ..Spec::new(
            "assemble",
            &[
                Argument::path("src").required(),
                Argument::text("delimiter"),
                Argument::path("dest").required(),
                Argument::flag("backup", false),
                Argument::flag("remote_src", false),
                Argument::text("regexp"),
                Argument::flag("ignore_hidden", false),
                Argument::text("validate"),
                Argument::flag("decrypt", false),
            ],
        )
    },
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let (source, dest) = (args.required_text("src"), args.required_text("dest"));
    let (from, to) = (ctx.resolve(source), ctx.resolve(dest));
    if !from.exists() {
        return Err(Failure::new(format!("Source ({source}) does not exist")));
    }
    if !from.is_dir() {
        return Err(Failure::new(format!("Source ({source}) is not a directory")));
    }
    let bytes = assembled(args, &from, source)?;
    let checksum = digest::sha1_of(&bytes);
    let mut outcome = Outcome::ok()
        .with("src", source)
        .with("dest", dest)
        .with("checksum", checksum.as_str())
        .with("md5sum", digest::md5_of(&bytes))
        .with("msg", "OK");
    let mut changed = false;
    if checksum_of(&to, dest)?.as_deref() != Some(&*checksum) {
        if let Some(command) = args.text("validate") {
            let verdict = checked(command, &bytes, ctx)?;
            outcome = outcome.with("validation", verdict);
        }
        if !ctx.is_check() {
            if args.is("backup")
                && let Some(name) = backup::backup(&to)?
            {
                outcome = outcome.with("backup_file", name);
            }
            Staged::new(&to, Content::Bytes(&bytes), &ctx.write_options(args))?.commit()?;
        }
        changed = true;
    }
    // In check mode a new file isn't there to be looked at.
    if to.symlink_metadata().is_ok() {
        let subject = attributes::end_of_links(&to);
        let wanted = Wanted::from_arguments(args);
        changed |= wanted.apply(ctx.subject(&subject), &mut Differences::default())?;
    }
    Ok(outcome.changed_if(changed))
}

fn checksum_of(path: &Path, shown: &str) -> Result<Option<String>> {
    if !path.exists() {
        return Ok(None);
    }
    if path.is_dir() {
        let message = format!("attempted to take checksum of directory: {shown}");
        return Err(Failure::new(message));
    }
    digest::of_file("sha1", path)
        .map(Some)
        .map_err(|error| Failure::raised([errno_text(&error, Some(shown))]))
}

/// The user's command looks at what was assembled.
fn checked(command: &str, bytes: &[u8], ctx: &Ctx) -> Result<Dict> {
    let waiting = ctx.temporary().join("assembled");
    let staged = Staged::new(&waiting, Content::Bytes(bytes), &Default::default())?;
    if let Err(refused) = validation::validate(command, staged.path(), ctx)? {
        let message = format!("failed to validate: rc:{} error:{}", refused.code, refused.stderr);
        return Err(Failure::new(message));
    }
    Ok([("rc", 0.into()), ("stdout", "".into()), ("stderr", "".into())].into_iter().collect())
}

/// The pieces in the order of their names, each on a line of its own.
fn assembled(args: &Arguments, folder: &Path, shown: &str) -> Result<Vec<u8>> {
    let pattern = args
        .text("regexp")
        .map(|source| {
            Pattern::new(source, Alphabet::Unicode, Anchors::Text)
                .map_err(|error| Failure::new(format!("Invalid Regexp ({error}) in \"{source}\"")))
        })
        .transpose()?;
    let mut names: Vec<String> = fs::read_dir(folder)
        .map_err(|error| Failure::raised([errno_text(&error, Some(shown))]))?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|name| pattern.as_ref().is_none_or(|pattern| pattern.is_match(name)))
        .filter(|name| !(args.is("ignore_hidden") && name.starts_with('.')))
        .filter(|name| folder.join(name).is_file())
        .collect();
    names.sort_unstable();
    let mut whole = Assembly::new(args.text("delimiter"));
    for name in names {
        let piece = fs::read(folder.join(&name)).map_err(|error| {
            Failure::raised([errno_text(&error, Some(&paths::join(shown, &name)))])
        })?;
        whole.add(&piece);
    }
    Ok(whole.into_bytes())
}

#[cfg(test)]
mod tests {
    use nafal_base::Value;

    use super::*;

    #[test]
    fn twice_and_refused() {
        let folder = tempfile::tempdir().unwrap();
        let parts = folder.path().join("parts");
        fs::create_dir(&parts).unwrap();
        for (name, text) in [("2", "two\n"), ("1", "one"), (".3", "hidden\n")] {
            fs::write(parts.join(name), text).unwrap();
        }
        let path = |path: std::path::PathBuf| Value::from(path.to_string_lossy().into_owned());
        let mut args: Dict = [
            ("src", path(parts)),
            ("dest", path(folder.path().join("all"))),
            ("ignore_hidden", true.into()),
        ]
        .into_iter()
        .collect();
        let ctx = Ctx::plain("assemble", Default::default());
        let first = MODULE.run(&args, &ctx);
        assert!(first.changed, "{first:?}");
        assert_eq!(fs::read(folder.path().join("all")).unwrap(), b"one\ntwo\n");
        assert!(!MODULE.run(&args, &ctx).changed);
        args.insert("regexp", Value::from("("));
        let refused = MODULE.run(&args, &ctx);
        assert!(refused.text("msg").unwrap().starts_with("Invalid Regexp (missing )"));
    }
}
