//! Results as text: JSON or YAML, on one line or on several. Must not know whose they are.

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, Text, Value};
use nafal_templating::yaml_emitter::{Flow, Lines, Options, write};

use crate::clean::Cleaned;

/// `result_format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    #[default]
    Json,
    /// YAML, below its line.
    Yaml,
}

/// `pretty_results`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// JSON on several lines where much was asked for, YAML always for eyes.
    #[default]
    Automatic,
    /// For eyes: JSON on several lines; YAML says nothing twice and shows lines as lines.
    Pretty,
    /// For whoever reads values: JSON on one line, YAML as the values are.
    Exact,
}

/// `result_yaml_line_width`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineWidth {
    /// What PyYAML takes when nobody says.
    #[default]
    Yaml,
    /// Lines are as long as they are.
    Endless,
    /// As wide as banners.
    Terminal,
}

/// How results are written.
#[derive(Clone, Copy, Debug)]
pub struct ResultStyle {
    /// JSON or YAML.
    pub format: Format,
    /// On how many lines.
    pub layout: Layout,
    /// Spaces a level.
    pub indentation: usize,
    /// Where lines of YAML are broken.
    pub width: LineWidth,
}

impl Default for ResultStyle {
    fn default() -> ResultStyle {
        ResultStyle {
            format: Format::default(),
            layout: Layout::default(),
            indentation: 4,
            width: LineWidth::default(),
        }
    }
}

/// What a result's text depends on besides the result.
#[derive(Clone, Copy, Debug)]
pub struct Telling {
    /// How it is written.
    pub style: ResultStyle,
    /// How much is told.
    pub verbosity: u8,
    /// How wide banners are.
    pub columns: usize,
}

impl Telling {
    /// A cleaned result as text, to stand behind `=> `.
    pub fn dump(&self, cleaned: &Cleaned) -> String {
        match self.style.format {
            Format::Json => self.json(cleaned),
            Format::Yaml => self.yaml(&cleaned.values),
        }
    }

    fn json(&self, cleaned: &Cleaned) -> String {
        let lines = match self.style.layout {
            Layout::Automatic => cleaned.always || self.verbosity > 2,
            Layout::Pretty => true,
            Layout::Exact => false,
        };
        let style = if lines { Style::indented(self.style.indentation) } else { Style::LINE };
        to_json(&Value::Dict(cleaned.values.clone()), style.sorted().unicode())
    }

    fn yaml(&self, values: &Dict) -> String {
        let indentation = self.style.indentation;
        let (values, indent, lines) = match self.style.layout {
            Layout::Exact => (
                values
                    .iter()
                    .map(|(key, value)| (key.clone(), fresh(value, str::to_owned)))
                    .collect(),
                2,
                Lines::Literal,
            ),
            Layout::Automatic | Layout::Pretty => (readable(values), indentation, Lines::Bare),
        };
        let options = Options {
            indent,
            width: match self.style.width {
                LineWidth::Yaml => Some(80),
                LineWidth::Endless => None,
                LineWidth::Terminal => Some(self.columns),
            },
            flow: Flow::Never,
            lines,
            ..Options::default()
        };
        let value = Value::Dict(values);
        let text = write(&value, &options).unwrap_or_else(|_| to_json(&value, Style::LINE));
        let space = " ".repeat(indentation);
        let mut out = String::with_capacity(text.len() + 64);
        for line in text.lines() {
            out.push('\n');
            if !line.trim().is_empty() {
                out.push_str(&space);
            }
            out.push_str(line);
        }
        out
    }
}

/// Values for eyes: lines aren't told twice, and texts of several lines have no ends that nobody sees.
fn readable(values: &Dict) -> Dict {
    let doubled =
        |lines: &str| lines.strip_suffix("_lines").is_some_and(|key| values.contains(key));
    values
        .iter()
        .map(|(key, value)| match key.as_str() {
            Some(name @ ("stdout_lines" | "stderr_lines")) if doubled(name) => {
                (key.clone(), Value::from("<omitted>"))
            }
            _ => (key.clone(), fresh(value, without_ends)),
        })
        .collect()
}

/// The value with other texts. Its containers are new ones, so that nothing is told as an alias of
/// what it happens to share.
fn fresh(value: &Value, text: fn(&str) -> String) -> Value {
    match value {
        Value::Str(own) => Value::Str(Text::new(text(own))),
        Value::List(items) => Value::List(items.iter().map(|item| fresh(item, text)).collect()),
        Value::Tuple(items) => Value::Tuple(items.iter().map(|item| fresh(item, text)).collect()),
        Value::Dict(dict) => {
            Value::Dict(dict.iter().map(|(key, value)| (key.clone(), fresh(value, text))).collect())
        }
        other => other.clone(),
    }
}

/// A text of several lines without blanks at their ends, and with the line end that `Lines::Bare` takes
/// away again: a lone line that had one is shown as lines are (case `yaml-dates`).
fn without_ends(text: &str) -> String {
    if !text.contains('\n') {
        return text.to_owned();
    }
    let lines: Vec<String> = text.trim_end().split('\n').map(plain_line).collect();
    lines.join("\n") + "\n"
}

/// Spaces instead of tabs, and none at the end.
fn plain_line(line: &str) -> String {
    const TAB: usize = 8;
    let mut out = String::with_capacity(line.len());
    let mut column = 0;
    for c in line.trim_end().chars().filter(|c| !c.is_ascii_control() || *c == '\t') {
        let spaces = if c == '\t' { TAB - column % TAB } else { 0 };
        if c == '\t' {
            out.extend(std::iter::repeat_n(' ', spaces));
            column += spaces;
        } else {
            out.push(c);
            column += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: Dict, style: ResultStyle, expected: &str) {
        let cleaned = Cleaned { values, always: true, never: false };
        assert_eq!(Telling { style, verbosity: 0, columns: 79 }.dump(&cleaned), expected);
    }

    #[test]
    fn formats() {
        let values = || -> Dict {
            [("b", Value::from("x\ty \nz\n")), ("a", Value::from(1))].into_iter().collect()
        };
        let style = ResultStyle::default();
        check(values(), style, "{\n    \"a\": 1,\n    \"b\": \"x\\ty \\nz\\n\"\n}");
        check(
            values(),
            ResultStyle { layout: Layout::Exact, ..style },
            "{\"a\": 1, \"b\": \"x\\ty \\nz\\n\"}",
        );
        let yaml = ResultStyle { format: Format::Yaml, indentation: 2, ..style };
        check(values(), yaml, "\n  a: 1\n  b: |-\n    x       y\n    z");
        check(
            values(),
            ResultStyle { layout: Layout::Exact, ..yaml },
            "\n  a: 1\n  b: \"x\\ty \\nz\\n\"",
        );
    }

    #[test]
    fn lines_are_told_once() {
        let values = |key: &str| -> Dict {
            [(key, Value::from("a")), ("stdout_lines", Value::from(vec![Value::from("a")]))]
                .into_iter()
                .collect()
        };
        let style = ResultStyle { format: Format::Yaml, ..ResultStyle::default() };
        check(values("stdout"), style, "\n    stdout: a\n    stdout_lines: <omitted>");
        check(values("other"), style, "\n    other: a\n    stdout_lines:\n    - a");
    }
}
