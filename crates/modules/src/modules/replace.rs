//! `replace`: every match of a regular expression in a file becomes something else.

use nafal_base::{Dict, Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::edit::{self, Edit};
use crate::files::{Differences, FILE_ARGUMENTS, Failure, Result};
use crate::python_regex::Anchors;
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        shared: FILE_ARGUMENTS,
        ..Spec::new(
            "replace",
            &[
                Argument::path("path").required().aliases(&["dest", "destfile", "name"]),
                Argument::text("regexp").required(),
                Argument::text("replace").or_text(""),
                Argument::text("after"),
                Argument::text("before"),
                Argument::flag("backup", false),
                Argument::text("validate"),
                Argument::text("encoding").or_text("utf-8"),
            ],
        )
    },
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let edit = Edit::new(args, ctx, "path");
    if edit.real.is_dir() {
        let message = format!("Path {} is a directory !", edit.shown);
        return Err(Failure::new(message).with("rc", 256));
    }
    let Some(before) = edit.read_lines()? else {
        let message = format!("Path {} does not exist !", edit.shown);
        return Err(Failure::new(message).with("rc", 257));
    };
    let Some((start, end)) = section(args, &before)? else {
        let message = format!(
            "Pattern for before/after params did not match the given file: {}",
            section_source(args).unwrap_or_default()
        );
        return Ok(Outcome::ok().with("msg", message).with("rc", 0));
    };
    let pattern = edit::compile(args.required_text("regexp"), Anchors::Lines)?;
    let template = pattern.template(args.required_text("replace")).map_err(unusable)?;
    let (inside, count) = pattern.replace_all(&before[start..end], &template);
    let after = [&before[..start], &inside, &before[end..]].concat();
    let mut changed = count > 0 && before != after;
    let mut message = String::new();
    let mut outcome = Outcome::ok();
    if changed {
        message = format!("{count} replacements made");
        if ctx.wants_diff() {
            let difference: Dict = [
                ("before_header", Value::from(edit.shown)),
                ("before", before.into()),
                ("after_header", edit.shown.into()),
                ("after", after.as_str().into()),
            ]
            .into_iter()
            .collect();
            outcome = outcome.with("diff", difference);
        }
        if let Some(name) = edit.backup()? {
            outcome = outcome.with("backup_file", name);
        }
        edit.write(&after)?;
    }
    edit.attributes(&mut changed, &mut message, &mut Differences::default())?;
    Ok(outcome.changed_if(changed).with("msg", message).with("rc", 0))
}

/// Of what can be wrong with a replacement, stock expects all but a group of a name that isn't there.
fn unusable(error: String) -> Failure {
    match error.starts_with("unknown group name") {
        true => Failure::raised([error]),
        false => Failure::new(format!("Unable to process replace due to error: {error}")),
    }
}

/// The expression that finds what lies between `after` and `before`.
fn section_source(args: &Arguments) -> Option<String> {
    match (args.text("after"), args.text("before")) {
        (Some(after), Some(before)) => Some(format!("{after}(?P<subsection>.*?){before}")),
        (Some(after), None) => Some(format!("{after}(?P<subsection>.*)")),
        (None, Some(before)) => Some(format!("(?P<subsection>.*){before}")),
        (None, None) => None,
    }
}

/// Where the part lies that is looked at; None when the file has no such part.
fn section(args: &Arguments, text: &str) -> Result<Option<(usize, usize)>> {
    let Some(source) = section_source(args) else { return Ok(Some((0, text.len()))) };
    // Faults are told of the expression without the flag that stock gives beside it.
    edit::compile(&source, Anchors::Text)?;
    let pattern = edit::compile(&format!("(?s){source}"), Anchors::Text)?;
    let captures = pattern.search(text);
    let group = captures.as_ref().and_then(|captures| captures.name("subsection"));
    Ok(group.map(|group| (group.start(), group.end())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_or_a_part() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, "a=1\n[x]\na=2\n[y]\na=3\n").unwrap();
        let shown = path.to_string_lossy().into_owned();
        let mut args: Dict = [
            ("path", shown.into()),
            ("regexp", r"^a=(\d)$".into()),
            ("replace", r"b=\1".into()),
            ("after", r"\[x\]".into()),
            ("before", r"\[y\]".into()),
        ]
        .into_iter()
        .collect();
        let ctx = Ctx::plain("replace", Default::default());
        assert_eq!(MODULE.run(&args, &ctx).text("msg"), Some("1 replacements made"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a=1\n[x]\nb=2\n[y]\na=3\n");
        args.remove("after");
        args.remove("before");
        assert_eq!(MODULE.run(&args, &ctx).text("msg"), Some("2 replacements made"));
        assert!(!MODULE.run(&args, &ctx).changed);
    }
}
