//! Lines as Python sees them: those of `str.splitlines`, and those of a file that is read as text. Must not know what they are of.

use nafal_base::{Outcome, Value};

/// The lines of a text, without their ends.
pub fn split(text: &str) -> Lines<'_> {
    Lines { rest: text }
}

/// Adds the lines of what a module's commands wrote, which every result has beside it (case `module-python-features`).
pub fn add(outcome: &mut Outcome) {
    for (key, lines_key) in [("stdout", "stdout_lines"), ("stderr", "stderr_lines")] {
        let text = match outcome.values.get(key) {
            Some(Value::Str(text)) => text.as_str(),
            Some(Value::None) => "",
            _ => continue,
        };
        if !outcome.values.contains(lines_key) {
            let lines: Vec<&str> = split(text).collect();
            outcome.values.insert(lines_key, Value::from(lines));
        }
    }
}

/// The text as Python reads one: every kind of end of line is a newline.
pub fn universal(text: String) -> String {
    match text.contains('\r') {
        true => text.replace("\r\n", "\n").replace('\r', "\n"),
        false => text,
    }
}

/// See [`split`].
pub struct Lines<'a> {
    rest: &'a str,
}

fn ends_line(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let Some(end) = self.rest.find(ends_line) else {
            return Some(std::mem::take(&mut self.rest));
        };
        let (line, rest) = self.rest.split_at(end);
        let length = match rest.strip_prefix("\r\n") {
            Some(_) => 2,
            None => rest.chars().next().map_or(0, char::len_utf8),
        };
        self.rest = rest.get(length..).unwrap_or_default();
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn as_python_splits() {
        let lines: Vec<&str> = split("a\r\nb\n\nc\rd\u{c}e\u{85}").collect();
        assert_eq!(lines, ["a", "b", "", "c", "d", "e"]);
        assert_eq!(split("").count(), 0);
        assert_eq!(split("\n").collect::<Vec<_>>(), [""]);
    }
}
