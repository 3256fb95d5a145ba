//! What `--diff` shows: unified diffs between a result's `before` and `after`.

use std::borrow::Cow;
use std::ops::Range;

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, Value};
use nafal_templating::python_text::whole_lines;

use crate::sequence::{Kind, Part, hunks};
use crate::style::{Color, Palette};

/// How diffs are written.
#[derive(Clone, Copy, Debug)]
pub struct DiffStyle {
    /// Lines around a change.
    pub context: usize,
    /// Colours.
    pub palette: Palette,
}

/// All diffs of a result's `diff` value.
pub fn render_diff(diff: &Value, style: DiffStyle) -> String {
    let single = [diff.clone()];
    let all = diff.as_list().map_or(&single[..], |items| &items[..]);
    let mut out = String::new();
    for one in all.iter().filter_map(Value::as_dict) {
        render_one(&mut out, one, style);
    }
    out
}

fn side(diff: &Dict, key: &str) -> Option<String> {
    diff.get(key).map(|value| match value {
        Value::Dict(_) => to_json(value, Style::indented(4).sorted()) + "\n",
        Value::None => String::new(),
        other => other.to_text().into_owned(),
    })
}

fn header(diff: &Dict, side: &str) -> String {
    match diff.get(&format!("{side}_header")) {
        Some(header) => format!("{side}: {}", header.to_text()),
        None => side.to_owned(),
    }
}

fn render_one(out: &mut String, diff: &Dict, style: DiffStyle) {
    let flag = |key: &str| diff.get(key).is_some_and(Value::is_true);
    if flag("dst_binary") {
        out.push_str("diff skipped: destination file appears to be binary\n");
    }
    if flag("src_binary") {
        out.push_str("diff skipped: source file appears to be binary\n");
    }
    for (key, which) in [("dst_larger", "destination"), ("src_larger", "source")] {
        if let Some(limit) = diff.get(key) {
            out.push_str(&format!(
                "diff skipped: {which} file size is greater than {}\n",
                limit.to_text()
            ));
        }
    }
    if let (Some(before), Some(after)) = (side(diff, "before"), side(diff, "after")) {
        unified(out, &before, &after, (&header(diff, "before"), &header(diff, "after")), style);
    }
    if let Some(prepared) = diff.get("prepared") {
        out.push_str(&prepared.to_text());
    }
}

/// What stands behind a text that doesn't end its last line; it belongs to that line.
const NO_NEWLINE: &str = "\n\\ No newline at end of file\n";

/// The lines of one side, with their ends.
fn lines(text: &str) -> Vec<Cow<'_, str>> {
    let mut lines: Vec<Cow<'_, str>> = whole_lines(text).into_iter().map(Cow::from).collect();
    if let Some(last) = lines.last_mut().filter(|last| !last.ends_with('\n')) {
        last.to_mut().push_str(NO_NEWLINE);
    }
    lines
}

fn unified(out: &mut String, before: &str, after: &str, headers: (&str, &str), style: DiffStyle) {
    if before == after {
        return;
    }
    let (before, after) = (lines(before), lines(after));
    // Stock paints the line's end too, which leaves an empty painted line behind it.
    let mut line = |color: Option<Color>, text: &str| match color {
        Some(color) => out.push_str(&style.palette.paint(color, text)),
        None => out.push_str(text),
    };
    line(Some(Color::DiffRemove), &format!("--- {}\n", headers.0));
    line(Some(Color::DiffAdd), &format!("+++ {}\n", headers.1));
    for hunk in hunks(&before, &after, style.context) {
        line(Some(Color::DiffLines), &place(&hunk));
        for part in hunk {
            let (before, after) = (&before[part.before], &after[part.after]);
            match part.kind {
                Kind::Equal => before.iter().for_each(|text| line(None, &format!(" {text}"))),
                Kind::Changed => {
                    before
                        .iter()
                        .for_each(|text| line(Some(Color::DiffRemove), &format!("-{text}")));
                    after.iter().for_each(|text| line(Some(Color::DiffAdd), &format!("+{text}")));
                }
            }
        }
    }
    out.push('\n');
}

/// Which lines a hunk is about.
fn place(hunk: &[Part]) -> String {
    let range = |side: fn(&Part) -> &Range<usize>| {
        let start = hunk.first().map_or(0, |part| side(part).start);
        let end = hunk.last().map_or(0, |part| side(part).end);
        match end - start {
            0 => format!("{start},0"),
            1 => (start + 1).to_string(),
            many => format!("{},{many}", start + 1),
        }
    };
    format!("@@ -{} +{} @@\n", range(|part| &part.before), range(|part| &part.after))
}
