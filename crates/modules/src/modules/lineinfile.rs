//! `lineinfile`: one line of a file is there, or isn't.

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
        mutually_exclusive: &[
            &["insertbefore", "insertafter"],
            &["regexp", "search_string"],
            &["backrefs", "search_string"],
        ],
        ..Spec::new(
            "lineinfile",
            &[
                Argument::path("path").required().aliases(&["dest", "destfile", "name"]),
                Argument::text("state").or_text("present").choices(&["absent", "present"]),
                Argument::text("regexp").aliases(&["regex"]),
                Argument::text("search_string"),
                Argument::text("line").aliases(&["value"]),
                Argument::text("encoding").or_text("utf-8"),
                Argument::flag("backrefs", false),
                Argument::flag("create", false),
                Argument::text("insertafter"),
                Argument::text("insertbefore"),
                Argument::flag("firstmatch", false),
                Argument::flag("backup", false),
                Argument::text("validate"),
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
    for (name, what) in [("regexp", "regular expression"), ("search_string", "search string")] {
        if args.text(name) == Some("") {
            ctx.warn(format!(
                "The {what} is an empty string, which will match every line in the file. This may have unintended consequences, such as replacing the last line in the file rather than appending.{}",
                if name == "regexp" { " If this is desired, use '^' to match every line in the file and avoid this warning." } else { "" }
            ));
        }
    }
    if args.required_text("state") == "present" {
        if args.is("backrefs") && args.text("regexp").is_none() {
            return Err(Failure::new("regexp is required with backrefs=true"));
        }
        let Some(line) = args.text("line") else {
            return Err(Failure::new("line is required with state=present"));
        };
        present(&edit, line)
    } else {
        if ["line", "search_string", "regexp"].iter().all(|name| args.text(name).is_none()) {
            let message = "one of line, search_string, or regexp is required with state=absent";
            return Err(Failure::new(message));
        }
        absent(&edit)
    }
}

fn compile(source: &str) -> Result<Pattern> {
    edit::compile(source, Anchors::Text)
}

/// Lines with their ends.
fn lines_of(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn bare(line: &str) -> &str {
    line.trim_end_matches(['\r', '\n'])
}

/// Where a line goes.
enum Place {
    /// Instead of this line.
    Instead(usize, String),
    /// Before this line.
    Before(usize),
    /// At the end.
    End,
    /// Nowhere: all is as it should be.
    Nowhere,
}

fn present(edit: &Edit<'_>, line: &str) -> Result<Outcome> {
    let before = match edit.read_lines()? {
        Some(text) => text,
        None if edit.args.is("create") => {
            edit.make_folder()?;
            String::new()
        }
        None => {
            let message = format!("Destination {} does not exist !", edit.shown);
            return Err(Failure::new(message).with("rc", 257));
        }
    };
    let existed = edit.real.exists();
    let lines = lines_of(&before);
    let place = find_place(edit.args, &lines, line)?;
    let (mut message, mut changed) = (String::new(), true);
    let mut after = before.clone();
    match place {
        Place::Nowhere => changed = false,
        Place::Instead(index, new) => {
            message.push_str("line replaced");
            after = joined(&lines[..index], &new, &lines[index + 1..]);
        }
        Place::Before(index) => {
            message.push_str("line added");
            after = joined(&lines[..index], &format!("{line}\n"), &lines[index..]);
        }
        Place::End => {
            message.push_str("line added");
            if !after.is_empty() && !after.ends_with(['\n', '\r']) {
                after.push('\n');
            }
            after.push_str(line);
            after.push('\n');
        }
    }
    finish(edit, (&before, &after), changed, message, |outcome| {
        // What isn't there yet has no attributes to look at.
        (outcome, !existed && edit.ctx.is_check())
    })
}

fn joined(head: &[&str], middle: &str, tail: &[&str]) -> String {
    let mut text = head.concat();
    text.push_str(middle);
    text.push_str(&tail.concat());
    text
}

fn find_place(args: &Arguments, lines: &[&str], line: &str) -> Result<Place> {
    let first_match = args.is("firstmatch");
    let regexp = args.text("regexp").map(compile).transpose()?;
    let search = args.text("search_string");
    let insert_before = args.text("insertbefore");
    let insert_after = args.text("insertafter").or(match insert_before {
        None => Some("EOF"),
        Some(_) => None,
    });
    let is_special = |text: &&str| matches!(*text, "BOF" | "EOF");
    let anchor = match insert_after.filter(|text| !is_special(text)) {
        Some(source) => Some(compile(source)?),
        None => insert_before.filter(|text| *text != "BOF").map(compile).transpose()?,
    };
    let matches = |text: &&str| match (&regexp, search) {
        (Some(pattern), _) => pattern.is_match(text),
        (None, Some(search)) => text.contains(search),
        (None, None) => false,
    };
    let found = match first_match {
        true => lines.iter().position(matches),
        false => lines.iter().rposition(matches),
    };
    if let Some(index) = found {
        let mut new = line.to_owned();
        if let (true, Some(pattern)) = (args.is("backrefs"), &regexp)
            && let Some(captures) = pattern.search(lines[index])
        {
            let template = pattern.template(line);
            new = template.map_err(|error| Failure::raised([error]))?.expand(&captures);
        }
        return Ok(instead(lines, index, new));
    }
    let (exact, near) = scan(lines, line, anchor.as_ref(), insert_after.is_some(), first_match);
    if let Some(index) = exact {
        return Ok(instead(lines, index, line.to_owned()));
    }
    if args.is("backrefs") {
        return Ok(Place::Nowhere);
    }
    if insert_before == Some("BOF") || insert_after == Some("BOF") {
        return Ok(Place::Before(0));
    }
    let Some(near) = near.filter(|_| insert_after != Some("EOF")) else { return Ok(Place::End) };
    let is_there = |index: usize| lines.get(index).is_some_and(|text| bare(text) == line);
    Ok(if insert_after.is_some() {
        match (near == lines.len(), is_there(near)) {
            (true, _) if is_there(near - 1) => Place::Nowhere,
            (true, _) => Place::End,
            (false, true) => Place::Nowhere,
            (false, false) => Place::Before(near),
        }
    } else if is_there(near.saturating_sub(1)) {
        Place::Nowhere
    } else {
        Place::Before(near)
    })
}

fn instead(lines: &[&str], index: usize, mut new: String) -> Place {
    if !new.ends_with('\n') {
        new.push('\n');
    }
    if lines[index] == new { Place::Nowhere } else { Place::Instead(index, new) }
}

/// The last line that is already as wanted, and the place that the anchor names.
fn scan(
    lines: &[&str],
    line: &str,
    anchor: Option<&Pattern>,
    is_after: bool,
    first_match: bool,
) -> (Option<usize>, Option<usize>) {
    let (mut exact, mut near) = (None, None);
    for (index, text) in lines.iter().enumerate() {
        if bare(text) == line {
            exact = Some(index);
        } else if anchor.is_some_and(|pattern| pattern.is_match(text)) {
            near = Some(if is_after { index + 1 } else { index });
            if first_match {
                break;
            }
        }
    }
    (exact, near)
}

fn absent(edit: &Edit<'_>) -> Result<Outcome> {
    let Some(before) = edit.read_lines()? else {
        return Ok(Outcome::ok().with("msg", "file not present"));
    };
    let regexp = edit.args.text("regexp").map(compile).transpose()?;
    let search = edit.args.text("search_string");
    let line = edit.args.text("line");
    let stays = |text: &&str| match (&regexp, search, line) {
        (Some(pattern), ..) => !pattern.is_match(text),
        (None, Some(search), _) => !text.contains(search),
        (None, None, line) => Some(bare(text)) != line,
    };
    let lines = lines_of(&before);
    let kept: Vec<&str> = lines.iter().copied().filter(stays).collect();
    let found = lines.len() - kept.len();
    let message = if found > 0 { format!("{found} line(s) removed") } else { String::new() };
    finish(edit, (&before, &kept.concat()), found > 0, message, |outcome| {
        (outcome.with("found", found), false)
    })
}

fn finish(
    edit: &Edit<'_>,
    (before, after): (&str, &str),
    mut changed: bool,
    mut message: String,
    extend: impl FnOnce(Outcome) -> (Outcome, bool),
) -> Result<Outcome> {
    let mut backup = None;
    if changed {
        backup = edit.backup()?;
        edit.write_lines(after)?;
    }
    let backup = backup.unwrap_or_default();
    let (outcome, is_missing) = extend(Outcome::ok().with("backup", backup));
    if is_missing {
        let difference = edit.content_difference(before, after);
        return Ok(outcome.changed_if(changed).with("msg", message).with("diff", difference));
    }
    let mut differences = Differences::default();
    edit.attributes(&mut changed, &mut message, &mut differences)?;
    let outcome = outcome.changed_if(changed).with("msg", message);
    Ok(edit.finish(outcome, (before, after), differences))
}

#[cfg(test)]
mod tests {
    use nafal_base::{Dict, Value};

    use super::*;

    /// Content, arguments, the content afterwards.
    type Case = (&'static str, &'static [(&'static str, &'static str)], &'static str);

    fn edited(content: &str, args: &[(&str, &str)]) -> (String, bool) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, content).unwrap();
        let mut args: Dict = args.iter().map(|(key, value)| (*key, Value::from(*value))).collect();
        args.insert("path", path.to_string_lossy().into_owned().into());
        let outcome = MODULE.run(&args, &Ctx::plain("lineinfile", Default::default()));
        assert!(outcome.is_good(), "{outcome:?}");
        (std::fs::read_to_string(&path).unwrap(), outcome.changed)
    }

    #[test]
    fn lines_come_and_go() {
        let cases: &[Case] = &[
            ("a\nb\n", &[("line", "b")], "a\nb\n"),
            ("a\nb", &[("line", "c")], "a\nb\nc\n"),
            ("a=1\na=2\n", &[("regexp", "^a="), ("line", "a=3")], "a=1\na=3\n"),
            (
                "a=1\na=2\n",
                &[("regexp", "^a="), ("line", "a=3"), ("firstmatch", "yes")],
                "a=3\na=2\n",
            ),
            (
                "a b\n",
                &[("regexp", r"^(\w) (\w)$"), ("line", r"\2-\1"), ("backrefs", "yes")],
                "b-a\n",
            ),
            ("a\nb\n", &[("line", "x"), ("insertafter", "^a")], "a\nx\nb\n"),
            ("a\nb\n", &[("line", "x"), ("insertbefore", "^b")], "a\nx\nb\n"),
            ("a\nb\n", &[("line", "x"), ("insertbefore", "BOF")], "x\na\nb\n"),
            ("a\nb\nc\n", &[("regexp", "^[ab]"), ("state", "absent")], "c\n"),
        ];
        for (content, args, expected) in cases {
            let (text, changed) = edited(content, args);
            assert_eq!(&text, expected, "{args:?}");
            assert_eq!(changed, content != expected, "{args:?}");
        }
    }
}
