//! What `--diff` shows: unified diffs between a result's `before` and `after`.

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, Value};
use similar::TextDiff;

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
        Value::Dict(_) => to_json(value, Style::indented(4).sorted().unicode()) + "\n",
        Value::None => String::new(),
        other => other.to_text().into_owned(),
    })
}

fn header(diff: &Dict, side: &str) -> String {
    match diff.get(&format!("{side}_header")) {
        Some(header) if header.is_true() => format!("{side}: {}", header.to_text()),
        _ => side.to_owned(),
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

fn unified(out: &mut String, before: &str, after: &str, headers: (&str, &str), style: DiffStyle) {
    if before == after {
        return;
    }
    let diff = TextDiff::configure().diff_lines(before, after);
    let text = diff
        .unified_diff()
        .context_radius(style.context)
        .header(headers.0, headers.1)
        .missing_newline_hint(true)
        .to_string();
    for line in text.lines() {
        let line = if line == "\\ No newline at end of file" {
            "\\ No newline at end of file"
        } else {
            line
        };
        let color = match line.as_bytes().first() {
            Some(b'+') => Some(Color::DiffAdd),
            Some(b'-') => Some(Color::DiffRemove),
            Some(b'@') => Some(Color::DiffLines),
            _ => None,
        };
        // Stock paints the line's end too, which leaves an empty painted line behind it.
        let line = format!("{line}\n");
        match color {
            Some(color) => out.push_str(&style.palette.paint(color, &line)),
            None => out.push_str(&line),
        }
    }
    out.push('\n');
}
