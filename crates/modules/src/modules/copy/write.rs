//! `nafal.builtin.write`: all that a copy of a small file takes, in one round trip: comparing,
//! replacing, attributes. Returns what stock's `copy` returns. Must not know templates.

use nafal_base::{Outcome, Value, system_words};

use super::place;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{
    Content, Differences, FILE_ARGUMENTS, Failure, Result, Wanted, attributes, difference, digest,
    paths,
};
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

/// The table's line. `content` are bytes or text; `src` is what the result shows; a destination
/// that is a folder needs `_original_basename`; `_diff_header` names the new content in a diff. What is too
/// large to be sent for nothing is announced by `_sha1` and `_size`; `_nafal_wanted` answers when it isn't there.
pub const MODULE: Module = Module {
    spec: Spec {
        shared: FILE_ARGUMENTS,
        ..Spec::new(
            "nafal.builtin.write",
            &[
                Argument::new("content", Kind::Raw),
                // In place of the content, what tells it from others: it comes when it is wanted.
                Argument::text("_sha1"),
                Argument::new("_size", Kind::Int),
                Argument::text("src"),
                Argument::text("_original_basename"),
                Argument::text("_diff_header"),
                Argument::text("dest").required(),
                Argument::flag("backup", false),
                Argument::flag("force", true),
                Argument::text("validate"),
                Argument::new("directory_mode", Kind::Raw),
                Argument::flag("follow", false),
                Argument::text("checksum"),
            ],
        )
    },
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let text;
    let content: &[u8] = match args.value("content") {
        Some(Value::Bytes(bytes)) => bytes,
        Some(other) => {
            text = other.to_text();
            text.as_bytes()
        }
        None => b"",
    };
    let dest = destination(args, ctx)?;
    let real = ctx.resolve(&dest);
    let looked_at = if args.is("follow") { paths::real_path(&real) } else { real };
    let metadata = looked_at.symlink_metadata();
    if let Err(error) = &metadata
        && error.kind() != std::io::ErrorKind::NotFound
    {
        let why = system_words(error);
        let message = format!("Failed to get information on remote file ({dest}): {why}");
        return Err(Failure::new(message));
    }
    if metadata.is_ok() && !args.is("force") {
        let outcome = Outcome::ok().with("dest", dest);
        return Ok(with_source(outcome, args));
    }
    let announced = args.text("_sha1");
    let checksum = announced.map_or_else(|| digest::sha1_of(content), str::to_owned);
    let size = match announced {
        Some(_) => args.int("_size").and_then(|size| u64::try_from(size).ok()),
        None => Some(content.len() as u64),
    };
    let is_same = metadata.is_ok_and(|metadata| {
        metadata.is_file()
            && Some(metadata.len()) == size
            && digest::of_file("sha1", &looked_at).is_ok_and(|present| present == checksum)
    });
    if is_same {
        return unchanged(args, ctx, &dest, checksum);
    }
    if announced.is_some() && (!ctx.is_check() || ctx.wants_diff()) {
        return Ok(Outcome::ok().with("_nafal_wanted", true));
    }
    let mut differences = Vec::new();
    let shows_diff = ctx.wants_diff() && !is_behind_link(args, ctx);
    if shows_diff {
        let header = args.text("_diff_header").unwrap_or(&dest);
        differences.push(difference::of_content(
            ctx,
            &ctx.resolve(&dest),
            content,
            (&dest, header),
        ));
    }
    let with_diff = |outcome: Outcome| match shows_diff {
        true => outcome.with("diff", differences.clone()),
        false => outcome,
    };
    if ctx.is_check() {
        return Ok(with_diff(Outcome::changed()));
    }
    match replaced(args, ctx, &dest, content, &checksum) {
        Ok(outcome) => Ok(with_diff(with_source(outcome, args))),
        Err(failure) => {
            let mut failure = failure.with("checksum", checksum);
            if shows_diff {
                failure = failure.with("diff", differences);
            }
            Err(failure)
        }
    }
}

fn with_source(outcome: Outcome, args: &Arguments) -> Outcome {
    match args.text("src") {
        Some(source) => outcome.with("src", source),
        None => outcome,
    }
}

/// Whether the file goes into a folder that a link names: stock draws no difference then, unless
/// there is a slash at the end (case module-copy-options).
fn is_behind_link(args: &Arguments, ctx: &Ctx) -> bool {
    let dest = ctx.expand_variables(&ctx.expand_login(args.required_text("dest")));
    let real = ctx.resolve(&dest);
    !dest.ends_with('/') && real.is_symlink() && real.is_dir()
}

/// Where the file goes: into a folder under its own name.
fn destination(args: &Arguments, ctx: &Ctx) -> Result<String> {
    let dest = ctx.expand_variables(&ctx.expand_login(args.required_text("dest")));
    if !dest.ends_with('/') && !ctx.resolve(&dest).is_dir() {
        return Ok(dest);
    }
    match args.text("_original_basename") {
        Some(name) => Ok(paths::join(&dest, name)),
        None => Err(Failure::new("can not use content with a dir as dest")),
    }
}

/// The content is there already: only attributes may differ.
fn unchanged(args: &Arguments, ctx: &Ctx, dest: &str, checksum: String) -> Result<Outcome> {
    // Stock asks its file module here, which follows links unless it is told not to.
    let path = attributes::end_of_links(&ctx.resolve(dest));
    let shown = match ctx.resolve(dest).is_symlink() {
        true => path.to_string_lossy().into_owned(),
        false => dest.to_owned(),
    };
    // A link that is followed is told by its end in both places.
    let followed = args.is("follow") && ctx.resolve(dest).is_symlink();
    let absolute = std::path::absolute(&path).unwrap_or_else(|_| path.clone());
    let shown = if followed { absolute.to_string_lossy().into_owned() } else { shown };
    let dest = if followed { shown.as_str() } else { dest };
    let mut differences = Differences::default();
    differences.note("path", shown.as_str(), shown.as_str());
    let changed =
        Wanted::from_arguments(args).apply(ctx.subject(&path), &mut differences).map_err(
            |failure| failure.with("path", shown.as_str()).with("checksum", checksum.as_str()),
        )?;
    let outcome = match ctx.wants_diff() {
        true => Outcome::ok().with("diff", differences.into_value()),
        false => Outcome::ok(),
    };
    Ok(outcome
        .changed_if(changed)
        .with("path", shown.as_str())
        .with("checksum", checksum)
        .with("dest", dest))
}

fn replaced(
    args: &Arguments,
    ctx: &Ctx,
    dest: &str,
    content: &[u8],
    checksum: &str,
) -> Result<Outcome> {
    if let Some(expected) = args.text("checksum").filter(|expected| *expected != checksum) {
        return Err(place::mismatch(Some(checksum), expected));
    }
    let mut dest = place::named(dest);
    if args.required_text("dest").ends_with('/') {
        let folder = ctx.resolve(paths::folder_of(&dest));
        let wanted =
            Wanted { mode: args.value("directory_mode").cloned(), ..Wanted::from_arguments(args) };
        super::folders::make_all(&folder, &wanted, ctx)?;
    }
    let mut real = ctx.resolve(&dest);
    // A link that leads nowhere is replaced even when links are followed.
    if args.is("follow") && real.is_symlink() && real.exists() {
        real = paths::real_path(&real);
        dest = real.to_string_lossy().into_owned();
    }
    place::check_folder(&dest, args, ctx)?;
    let wanted = Wanted::from_arguments(args);
    let backup_file = place::place(&real, Content::Bytes(content), args, &wanted, ctx)?;
    wanted
        .apply(ctx.subject(&real), &mut Differences::default())
        .map_err(|failure| failure.with("path", dest.as_str()))?;
    let outcome = Outcome::changed()
        .with("dest", dest)
        .with("md5sum", digest::md5_of(content))
        .with("checksum", checksum);
    Ok(match backup_file {
        Some(name) => outcome.with("backup_file", name),
        None => outcome,
    })
}

#[cfg(test)]
mod tests {
    use nafal_base::Dict;
    use nafal_base::wire::{Surroundings, WireMode};

    use super::*;

    fn write(args: &[(&str, Value)], mode: WireMode) -> Outcome {
        let surroundings = Surroundings { mode, diff: true, ..Surroundings::default() };
        let args: Dict = args.iter().map(|(key, value)| (*key, value.clone())).collect();
        MODULE.run(&args, &Ctx::plain("nafal.builtin.write", surroundings))
    }

    #[test]
    fn check_write_and_write_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f").to_string_lossy().into_owned();
        let args = [("content", Value::bytes(b"hi\n".to_vec())), ("dest", path.as_str().into())];
        let would = write(&args, WireMode::Check);
        assert!(would.changed && would.values.len() == 1 && !std::path::Path::new(&path).exists());
        let first = write(&args, WireMode::Apply);
        assert!(first.changed, "{first:?}");
        assert_eq!(first.text("md5sum"), Some("764efa883dda1e11db47671c4a3bbd9e"));
        assert_eq!(std::fs::read(&path).unwrap(), b"hi\n");
        let again = write(&args, WireMode::Apply);
        assert!(!again.changed && again.text("path") == Some(&path), "{again:?}");
        let other = [("content", "x".into()), args[1].clone(), ("validate", "false %s".into())];
        let refused = write(&other, WireMode::Apply);
        assert_eq!(refused.text("msg"), Some("failed to validate"));
        assert_eq!(std::fs::read(&path).unwrap(), b"hi\n");
    }
}
