//! `blockinfile`: lines between two markers are there, or aren't.

use nafal_base::Outcome;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::edit::{self, Edit};
use crate::files::{Differences, FILE_ARGUMENTS, Failure, Result};
use crate::python_regex::{Anchors, Pattern};
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        shared: FILE_ARGUMENTS,
        mutually_exclusive: &[&["insertbefore", "insertafter"]],
        ..Spec::new(
            "blockinfile",
            &[
                Argument::path("path").required().aliases(&["dest", "destfile", "name"]),
                Argument::text("state").or_text("present").choices(&["absent", "present"]),
                Argument::text("marker").or_text("# {mark} ANSIBLE MANAGED BLOCK"),
                Argument::text("block").or_text("").aliases(&["content"]),
                Argument::text("insertafter"),
                Argument::text("insertbefore"),
                Argument::flag("create", false),
                Argument::flag("backup", false),
                Argument::text("validate"),
                Argument::text("marker_begin").or_text("BEGIN"),
                Argument::text("marker_end").or_text("END"),
                Argument::flag("append_newline", false),
                Argument::flag("prepend_newline", false),
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
    let original = edit.read()?;
    if original.is_none() {
        if !args.is("create") {
            let message = format!("Path {} does not exist !", edit.shown);
            return Err(Failure::new(message).with("rc", 257));
        }
        edit.make_folder()?;
    }
    let anchor = Anchor::new(args)?;
    let existed = original.is_some();
    let before = original.unwrap_or_default();
    let mut lines: Vec<String> = before.split_inclusive('\n').map(str::to_owned).collect();
    put_block(args, &anchor, &mut lines);
    let after = lines.concat();
    let mut changed = before != after || !existed;
    let mut message = match (changed, existed, is_block_wanted(args)) {
        (false, ..) => String::new(),
        (_, false, _) => "File created".to_owned(),
        (_, _, false) => "Block removed".to_owned(),
        _ => "Block inserted".to_owned(),
    };
    let mut outcome = Outcome::ok();
    if changed {
        if let Some(name) = edit.backup()? {
            outcome = outcome.with("backup_file", name);
        }
        edit.write(&after)?;
    }
    if ctx.is_check() && !existed {
        let difference = edit.content_difference(&before, &after);
        return Ok(outcome.changed_if(changed).with("msg", message).with("diff", difference));
    }
    let mut differences = Differences::default();
    edit.attributes(&mut changed, &mut message, &mut differences)?;
    let outcome = outcome.changed_if(changed).with("msg", message);
    Ok(edit.finish(outcome, (&before, &after), differences))
}

fn is_block_wanted(args: &Arguments) -> bool {
    args.required_text("state") == "present" && !args.required_text("block").is_empty()
}

fn marker(args: &Arguments, which: &str) -> String {
    args.required_text("marker").replace("{mark}", args.required_text(which))
}

/// Takes the block out of the lines and puts the wanted one in.
fn put_block(args: &Arguments, anchor: &Anchor, lines: &mut Vec<String>) {
    let (begin, end) = (marker(args, "marker_begin"), marker(args, "marker_end"));
    let is_wanted = is_block_wanted(args);
    let last =
        |marker: &str| lines.iter().rposition(|line| line.trim_end_matches(['\r', '\n']) == marker);
    let found = last(&begin).zip(last(&end));
    let place = match found {
        Some((first, second)) => {
            let (from, to) = (first.min(second), first.max(second));
            lines.drain(from..=to);
            from
        }
        None => anchor.index(lines),
    };
    // A last line without its end gets one, whether anything follows it or not.
    let goes_after = place == lines.len() || !is_wanted;
    if let Some(line) = lines.last_mut().filter(|line| goes_after && !line.ends_with('\n')) {
        line.push('\n');
    }
    if !is_wanted {
        return;
    }
    let block = args.required_text("block");
    let mut new: Vec<String> = vec![format!("{begin}\n")];
    new.extend(block.split_terminator('\n').map(|line| format!("{line}\n")));
    new.push(format!("{end}\n"));
    let is_blank = |line: Option<&String>| line.is_some_and(|line| line.trim().is_empty());
    let above = place.checked_sub(1).and_then(|index| lines.get(index));
    if args.is("prepend_newline") && above.is_some() && !is_blank(above) {
        new.insert(0, "\n".to_owned());
    }
    let below = lines.get(place);
    if args.is("append_newline") && below.is_some() && !is_blank(below) {
        new.push("\n".to_owned());
    }
    lines.splice(place..place, new);
}

/// Where a new block goes.
enum Anchor {
    Beginning,
    End,
    /// By an expression, after or before what it matches.
    Matched {
        pattern: Pattern,
        side: Side,
        is_multiline: bool,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    After,
    Before,
}

impl Anchor {
    /// What the arguments say. Stock compiles the expression even where the block is there already.
    fn new(args: &Arguments) -> Result<Anchor> {
        let (source, side) = match (args.text("insertafter"), args.text("insertbefore")) {
            (Some("EOF"), _) | (None, None | Some("EOF")) => return Ok(Anchor::End),
            (None, Some("BOF")) => return Ok(Anchor::Beginning),
            (Some(source), _) => (source, Side::After),
            (None, Some(source)) => (source, Side::Before),
        };
        let is_multiline = is_multiline(source);
        let anchors = if is_multiline { Anchors::Lines } else { Anchors::Text };
        Ok(Anchor::Matched { pattern: edit::compile(source, anchors)?, side, is_multiline })
    }

    /// The index of the line that the block goes before.
    fn index(&self, lines: &[String]) -> usize {
        let (pattern, side, is_multiline) = match self {
            Anchor::Beginning => return 0,
            Anchor::End => return lines.len(),
            Anchor::Matched { pattern, side, is_multiline } => (pattern, *side, *is_multiline),
        };
        let found = match is_multiline {
            false => lines.iter().rposition(|line| pattern.is_match(line)),
            // Over lines the first match counts, and newlines up to its border. So a match that ends
            // with a newline has the block one line further down (case module-blockinfile-places).
            true => {
                let text = lines.concat();
                pattern.search(&text).and_then(|captures| captures.get(0)).map(|found| {
                    let border = if side == Side::After { found.end() } else { found.start() };
                    text[..border].matches('\n').count()
                })
            }
        };
        match (found, side) {
            (Some(index), Side::After) => (index + 1).min(lines.len()),
            (Some(index), Side::Before) => index,
            (None, _) => lines.len(),
        }
    }
}

/// Whether an expression asks by itself to be matched over lines: `(?m)`, `(?im)`.
fn is_multiline(source: &str) -> bool {
    let flags = source.strip_prefix("(?").and_then(|rest| rest.split_once(')'));
    flags.is_some_and(|(flags, _)| {
        flags.contains('m') && flags.chars().all(|c| c.is_ascii_alphabetic())
    })
}

#[cfg(test)]
mod tests {
    use nafal_base::{Dict, Value};

    use super::*;

    #[test]
    fn a_block_comes_changes_and_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, "a\nb").unwrap();
        let run = |block: &str| {
            let shown = path.to_string_lossy().into_owned();
            let args: Dict =
                [("path", Value::from(shown)), ("block", block.into())].into_iter().collect();
            let outcome = MODULE.run(&args, &Ctx::plain("blockinfile", Default::default()));
            (outcome.text("msg").unwrap().to_owned(), std::fs::read_to_string(&path).unwrap())
        };
        let marked = |inner: &str| {
            format!("a\nb\n# BEGIN ANSIBLE MANAGED BLOCK\n{inner}# END ANSIBLE MANAGED BLOCK\n")
        };
        assert_eq!(run("x\ny"), ("Block inserted".to_owned(), marked("x\ny\n")));
        assert_eq!(run("x\ny\n"), (String::new(), marked("x\ny\n")));
        assert_eq!(run("z").1, marked("z\n"));
        assert_eq!(run(""), ("Block removed".to_owned(), "a\nb\n".to_owned()));
    }
}
