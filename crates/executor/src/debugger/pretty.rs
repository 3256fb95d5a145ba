//! Values as Python's `pprint` writes them: dicts sorted, and one entry a line where a line of 80
//! isn't enough.

use nafal_base::{Dict, Key, Value};

const WIDTH: usize = 80;

/// The value on as many lines as it takes.
pub(super) fn pretty(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, 0, 0, 1);
    out
}

/// `indent` is where the value begins, `allowance` what has to follow on its last line.
fn write(out: &mut String, value: &Value, indent: usize, allowance: usize, level: usize) {
    let line = one_line(value);
    if line.chars().count() + indent + allowance <= WIDTH {
        out.push_str(&line);
        return;
    }
    match value {
        Value::Dict(dict) if !dict.is_empty() => {
            out.push('{');
            write_entries(out, dict, indent + 1, allowance + 1, level);
            out.push('}');
        }
        Value::List(items) if !items.is_empty() => {
            out.push('[');
            write_items(out, items, indent + 1, allowance + 1, level);
            out.push(']');
        }
        Value::Tuple(items) if !items.is_empty() => {
            let end = if items.len() == 1 { ",)" } else { ")" };
            out.push('(');
            write_items(out, items, indent + 1, allowance + end.len(), level);
            out.push_str(end);
        }
        Value::Str(text) => write_text(out, text, &line, indent, allowance, level),
        _ => out.push_str(&line),
    }
}

fn write_entries(out: &mut String, dict: &Dict, indent: usize, allowance: usize, level: usize) {
    let entries = sorted(dict);
    for (index, (key, value)) in entries.iter().enumerate() {
        let is_last = index + 1 == entries.len();
        let key = one_line(key.value());
        out.push_str(&key);
        out.push_str(": ");
        let begin = indent + key.chars().count() + 2;
        write(out, value, begin, if is_last { allowance } else { 1 }, level + 1);
        if !is_last {
            out.push_str(",\n");
            out.extend(std::iter::repeat_n(' ', indent));
        }
    }
}

fn write_items(out: &mut String, items: &[Value], indent: usize, allowance: usize, level: usize) {
    for (index, value) in items.iter().enumerate() {
        let is_last = index + 1 == items.len();
        write(out, value, indent, if is_last { allowance } else { 1 }, level + 1);
        if !is_last {
            out.push_str(",\n");
            out.extend(std::iter::repeat_n(' ', indent));
        }
    }
}

/// A long text is several literals that stand below each other, cut behind blanks.
fn write_text(
    out: &mut String,
    text: &str,
    whole: &str,
    indent: usize,
    allowance: usize,
    level: usize,
) {
    let (indent, allowance) =
        if level == 1 { (indent + 1, allowance + 1) } else { (indent, allowance) };
    let chunks = chunks(text, WIDTH.saturating_sub(indent), allowance);
    if chunks.len() <= 1 {
        out.push_str(chunks.first().map_or(whole, String::as_str));
        return;
    }
    let between = format!("\n{}", " ".repeat(indent));
    if level == 1 {
        out.push('(');
    }
    out.push_str(&chunks.join(&between));
    if level == 1 {
        out.push(')');
    }
}

fn chunks(text: &str, width: usize, allowance: usize) -> Vec<String> {
    let length = |text: &str| Value::from(text).repr();
    let mut chunks = Vec::new();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (number, line) in lines.iter().enumerate() {
        let is_last = number + 1 == lines.len();
        let all = length(line);
        let room = if is_last { width.saturating_sub(allowance) } else { width };
        if all.chars().count() <= room {
            chunks.push(all);
            continue;
        }
        let parts = words(line);
        let mut current = String::new();
        for (index, part) in parts.iter().enumerate() {
            let ends = is_last && index + 1 == parts.len();
            let room = if ends { width.saturating_sub(allowance) } else { width };
            let candidate = format!("{current}{part}");
            if length(&candidate).chars().count() <= room {
                current = candidate;
                continue;
            }
            if !current.is_empty() {
                chunks.push(length(&current));
            }
            current = (*part).to_owned();
        }
        if !current.is_empty() {
            chunks.push(length(&current));
        }
    }
    chunks
}

/// Words, each with the blanks behind it.
fn words(line: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let blank = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let tail = rest.get(blank..).unwrap_or_default();
        let end = tail.find(|c: char| !c.is_whitespace()).map_or(rest.len(), |at| blank + at);
        let (word, behind) = rest.split_at(end);
        all.push(word);
        rest = behind;
    }
    all
}

fn sorted(dict: &Dict) -> Vec<(&Key, &Value)> {
    let mut entries: Vec<(&Key, &Value)> = dict.iter().collect();
    if entries.iter().all(|(key, _)| key.as_str().is_some()) {
        entries.sort_by(|a, b| a.0.as_str().cmp(&b.0.as_str()));
    }
    entries
}

fn one_line(value: &Value) -> String {
    let joined = |items: &[Value]| items.iter().map(one_line).collect::<Vec<_>>().join(", ");
    match value {
        Value::Dict(dict) => {
            let entries = sorted(dict);
            let shown: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", one_line(key.value()), one_line(value)))
                .collect();
            format!("{{{}}}", shown.join(", "))
        }
        Value::List(items) => format!("[{}]", joined(items)),
        Value::Tuple(items) if items.len() == 1 => format!("({},)", joined(items)),
        Value::Tuple(items) => format!("({})", joined(items)),
        other => other.repr(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_one_line() {
        let value: Dict = [("b", Value::from(1)), ("a", Value::from("x"))].into_iter().collect();
        assert_eq!(pretty(&Value::Dict(value)), "{'a': 'x', 'b': 1}");
    }

    #[test]
    fn what_doesn_t_is_one_entry_a_line() {
        let long = "word ".repeat(9);
        let inner = Value::from(vec![long.trim(), "x"]);
        let value: Dict =
            [("first", Value::from(long.trim())), ("second", inner)].into_iter().collect();
        let expected = "{'first': 'word word word word word word word word word',
 'second': ['word word word word word word word word word', 'x']}";
        assert_eq!(pretty(&Value::Dict(value)), expected);
        let text = Value::from("word ".repeat(17).trim());
        assert_eq!(
            pretty(&text),
            "('word word word word word word word word word word word word word word word '\n 'word word')"
        );
    }
}
