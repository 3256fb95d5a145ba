//! Scalars: their text, and how each style writes it.

use std::borrow::Cow;
use std::fmt::Write;

use base64::Engine;
use nafal_base::Value;
use nafal_base::value::float_repr;

use super::analysis::{is_break, is_printable};
use super::emitter::Emitter;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

/// A scalar's text.
pub(super) struct Scalar<'v> {
    pub text: Cow<'v, str>,
    /// Whether it is text rather than a number, a date, ….
    pub is_text: bool,
    /// The style that it asks for itself.
    pub style: Option<Style>,
    /// The tag that must be said.
    pub tag: Option<&'static str>,
}

impl<'v> Scalar<'v> {
    /// None for what isn't a scalar.
    pub fn new(value: &'v Value) -> Option<Scalar<'v>> {
        let other = |text: Cow<'v, str>| Scalar { text, is_text: false, style: None, tag: None };
        Some(match value {
            Value::Str(text) => {
                Scalar { text: Cow::Borrowed(text), is_text: true, style: None, tag: None }
            }
            Value::None => other("null".into()),
            Value::Bool(flag) => other(if *flag { "true" } else { "false" }.into()),
            Value::Int(_) | Value::Big(_) => other(value.repr().into()),
            Value::Float(number) => other(float_text(*number).into()),
            Value::Bytes(bytes) => {
                let encoded = base64::engine::general_purpose::STANDARD.encode(bytes.as_slice());
                let mut text = String::new();
                for line in encoded.as_bytes().chunks(76) {
                    text.push_str(&String::from_utf8_lossy(line));
                    text.push('\n');
                }
                Scalar {
                    text: text.into(),
                    is_text: true,
                    style: Some(Style::Literal),
                    tag: Some("!!binary"),
                }
            }
            Value::Obj(_) => {
                let text = nafal_base::dates::iso_text(value)?;
                other(text.replacen('T', " ", 1).into())
            }
            _ => return None,
        })
    }
}

fn float_text(number: f64) -> String {
    if number.is_nan() {
        return ".nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let text = float_repr(number);
    // YAML 1.1 knows no float without a point.
    if text.contains('.') { text } else { text.replacen('e', ".0e", 1) }
}

impl Emitter<'_> {
    pub(super) fn write_scalar(&mut self, text: &[char], style: Style, may_break: bool) {
        match style {
            Style::Plain => self.plain(text, may_break),
            Style::Single => self.single(text, may_break),
            Style::Double => self.double(text, may_break),
            Style::Literal => self.literal(text),
            Style::Folded => self.folded(text),
        }
    }

    fn plain(&mut self, text: &[char], may_break: bool) {
        if !self.whitespace && (!text.is_empty() || self.flow_level > 0) {
            self.put(' ');
        }
        let mut spaces = false;
        for (index, c) in text.iter().copied().enumerate() {
            if c == ' ' {
                let next = text.get(index + 1);
                if may_break && !spaces && self.is_wide() && next != Some(&' ') {
                    self.write_indent();
                } else {
                    self.put(' ');
                }
                spaces = true;
            } else {
                self.put(c);
                self.indention = false;
                spaces = false;
            }
        }
        (self.whitespace, self.indention) = (false, false);
    }

    fn single(&mut self, text: &[char], may_break: bool) {
        self.indicator("'", true, false, false);
        let (mut spaces, mut breaks) = (false, false);
        for (index, c) in text.iter().copied().enumerate() {
            if c == ' ' {
                let inside = index > 0 && index + 1 < text.len();
                let next = text.get(index + 1);
                if may_break && !spaces && self.is_wide() && inside && next != Some(&' ') {
                    self.write_indent();
                } else {
                    self.put(' ');
                }
                spaces = true;
            } else if is_break(c) {
                if !breaks && c == '\n' {
                    self.put_break();
                }
                self.write_break(c);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                }
                if c == '\'' {
                    self.put('\'');
                }
                self.put(c);
                self.indention = false;
                (spaces, breaks) = (false, false);
            }
        }
        if breaks {
            self.write_indent();
        }
        self.indicator("'", false, false, false);
        (self.whitespace, self.indention) = (false, false);
    }

    fn write_break(&mut self, c: char) {
        if c == '\n' {
            self.put_break();
        } else {
            self.out.push(c);
            self.column = 0;
        }
    }

    fn double(&mut self, text: &[char], may_break: bool) {
        self.indicator("\"", true, false, false);
        let mut spaces = false;
        for (index, c) in text.iter().copied().enumerate() {
            let hidden = !is_printable(c) || (!self.options.allow_unicode && !c.is_ascii());
            if hidden || is_break(c) || c == '"' || c == '\\' || c == '\u{feff}' {
                self.escape(c);
                spaces = false;
            } else if c == ' ' {
                let inside = index > 0 && index + 1 < text.len();
                if may_break && !spaces && self.is_wide() && inside {
                    self.write_indent();
                    if text.get(index + 1) == Some(&' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(' ');
                }
                spaces = true;
            } else {
                self.put(c);
                spaces = false;
            }
        }
        self.indicator("\"", false, false, false);
        (self.whitespace, self.indention) = (false, false);
    }

    fn escape(&mut self, c: char) {
        let short = match c {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let mut text = String::new();
                let code = u32::from(c);
                // Writing to a String can't fail.
                let _ = match code {
                    0..=0xff => write!(text, "\\x{code:02X}"),
                    0x100..=0xffff => write!(text, "\\u{code:04X}"),
                    _ => write!(text, "\\U{code:08X}"),
                };
                self.out.push_str(&text);
                self.column += text.len();
                return;
            }
        };
        self.put('\\');
        self.put(short);
    }

    /// The header of a block: how far it is indented when that can't be seen, and what happens to
    /// its last breaks.
    fn hints(&mut self, text: &[char]) {
        if text.first().is_some_and(|c| *c == ' ' || is_break(*c)) {
            let hint = self.hint().to_string();
            self.indicator(&hint, false, false, false);
        }
        self.open_ended = false;
        let chomp = match text {
            [.., before, last] if is_break(*last) && is_break(*before) => "+",
            [last] if is_break(*last) => "+",
            [.., last] if is_break(*last) => "",
            _ => "-",
        };
        if !chomp.is_empty() {
            self.indicator(chomp, false, false, false);
        }
        self.open_ended = chomp == "+";
    }

    fn literal(&mut self, text: &[char]) {
        self.indicator("|", true, false, false);
        self.hints(text);
        self.put_break();
        (self.indention, self.whitespace) = (true, true);
        let mut breaks = true;
        for c in text.iter().copied() {
            if is_break(c) {
                self.write_break(c);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                }
                self.put(c);
                self.indention = false;
                breaks = false;
            }
        }
    }

    fn folded(&mut self, text: &[char]) {
        self.indicator(">", true, false, false);
        self.hints(text);
        self.put_break();
        (self.indention, self.whitespace) = (true, true);
        let (mut breaks, mut leading) = (true, true);
        for (index, c) in text.iter().copied().enumerate() {
            if is_break(c) {
                if !breaks && !leading && c == '\n' {
                    let next = text[index..].iter().find(|c| !is_break(**c));
                    if next.is_some_and(|c| !matches!(c, ' ' | '\t')) {
                        self.put_break();
                    }
                }
                self.write_break(c);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                    leading = c == ' ';
                }
                let next = text.get(index + 1);
                if !breaks && c == ' ' && next != Some(&' ') && self.is_wide() {
                    self.write_indent();
                } else {
                    self.put(c);
                }
                self.indention = false;
                breaks = false;
            }
        }
    }
}
