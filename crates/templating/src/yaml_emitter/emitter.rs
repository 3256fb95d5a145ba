//! The emitter: where things stand, and when a line is broken.

use nafal_base::{Key, Value};

use super::analysis::{Analysis, analyse};
use super::anchors::{Anchors, Mark};
use super::resolve::is_text;
use super::scalars::{Scalar, Style};

/// Which containers are written in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// None but empty ones.
    Never,
    /// Those that hold nothing but plain scalars.
    Leaves,
    /// All.
    Always,
}

/// How to write.
#[derive(Clone, Debug)]
pub struct Options {
    /// Spaces a level.
    pub indent: usize,
    /// Where lines are broken; never when None.
    pub width: Option<usize>,
    /// Which containers are in brackets.
    pub flow: Flow,
    /// Whether keys are sorted.
    pub sort_keys: bool,
    /// Whether `---` comes first.
    pub explicit_start: bool,
    /// Whether `...` comes last.
    pub explicit_end: bool,
    /// The style that scalars ask for: `'`, `"`, `|` or `>`.
    pub style: Option<char>,
    /// Whether characters beyond ASCII stand as they are.
    pub allow_unicode: bool,
    /// What texts with line ends ask for.
    pub lines: Lines,
}

/// How texts with line ends are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lines {
    /// As any text.
    #[default]
    Quoted,
    /// Below `|`.
    Literal,
    /// Below `|`, without the last line end, even if it was the only one.
    Bare,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            indent: 2,
            width: Some(80),
            flow: Flow::Leaves,
            sort_keys: true,
            explicit_start: false,
            explicit_end: false,
            style: None,
            allow_unicode: true,
            lines: Lines::default(),
        }
    }
}

/// What is around a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Root,
    InSequence,
    MapValue,
    SimpleKey,
    LongKey,
}

pub(super) struct Emitter<'o> {
    pub out: String,
    pub options: &'o Options,
    pub column: usize,
    pub whitespace: bool,
    pub indention: bool,
    /// -1 outside everything.
    indent: i64,
    pub flow_level: usize,
    pub open_ended: bool,
    anchors: Anchors,
}

/// The value as a YAML document.
pub fn write(value: &Value, options: &Options) -> Result<String, String> {
    let mut emitter = Emitter {
        out: String::new(),
        options,
        column: 0,
        whitespace: true,
        indention: true,
        indent: -1,
        flow_level: 0,
        open_ended: false,
        anchors: Anchors::of(value, options.sort_keys),
    };
    if options.explicit_start {
        emitter.indicator("---", true, false, false);
    }
    emitter.node(value, Place::Root)?;
    emitter.write_indent();
    if options.explicit_end || emitter.open_ended {
        emitter.indicator("...", true, false, false);
        emitter.write_indent();
    }
    Ok(emitter.out)
}

impl Emitter<'_> {
    fn step(&self) -> i64 {
        let indent = if (2..=9).contains(&self.options.indent) { self.options.indent } else { 2 };
        indent as i64
    }

    /// Whether the line is longer than it should be.
    pub fn is_wide(&self) -> bool {
        let least = self.step() as usize * 2;
        self.options
            .width
            .is_some_and(|width| self.column > if width <= least { 80 } else { width })
    }

    pub fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    pub fn put_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    pub fn indicator(&mut self, text: &str, needs_blank: bool, is_blank: bool, is_indention: bool) {
        if needs_blank && !self.whitespace {
            self.put(' ');
        }
        self.out.push_str(text);
        self.column += text.len();
        self.whitespace = is_blank;
        self.indention = self.indention && is_indention;
        self.open_ended = false;
    }

    pub fn write_indent(&mut self) {
        let indent = usize::try_from(self.indent).unwrap_or(0);
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.put_break();
        }
        while self.column < indent {
            self.put(' ');
        }
        (self.whitespace, self.indention) = (true, true);
    }

    fn deeper(&mut self, flow: bool, indentless: bool) -> i64 {
        let before = self.indent;
        if self.indent < 0 {
            self.indent = if flow { self.step() } else { 0 };
        } else if !indentless {
            self.indent += self.step();
        }
        before
    }

    fn node(&mut self, value: &Value, place: Place) -> Result<(), String> {
        match self.anchors.mark(value) {
            Mark::None => {}
            Mark::Anchor(number) => self.indicator(&format!("&id{number:03}"), true, false, false),
            Mark::Alias(number) => {
                self.indicator(&format!("*id{number:03}"), true, false, false);
                return Ok(());
            }
        }
        match value {
            Value::List(items) | Value::Tuple(items) => self.sequence(items, place),
            Value::Range(range) => {
                let items: Vec<Value> = range.iter().map(Value::Int).collect();
                self.sequence(&items, place)
            }
            Value::Dict(dict) => {
                let mut entries: Vec<(&Key, &Value)> = dict.iter().collect();
                if self.options.sort_keys {
                    sort(&mut entries);
                }
                self.mapping(&entries, place)
            }
            Value::Obj(object) if nafal_base::dates::iso_text(value).is_none() => {
                match object.to_data() {
                    Some(data) if !matches!(data, Value::Obj(_)) => self.node(&data, place),
                    _ => Err(unrepresentable(value)),
                }
            }
            value => self.scalar(value, place),
        }
    }

    fn in_brackets<'v>(&self, mut items: impl Iterator<Item = &'v Value>) -> bool {
        self.flow_level > 0
            || match self.options.flow {
                Flow::Never => false,
                Flow::Always => true,
                // A scalar that asks for a style isn't plain any more.
                Flow::Leaves => self.options.style.is_none() && items.all(is_scalar),
            }
    }

    fn sequence(&mut self, items: &[Value], place: Place) -> Result<(), String> {
        if items.is_empty() || self.in_brackets(items.iter()) {
            self.indicator("[", true, true, false);
            let before = self.deeper(true, false);
            self.flow_level += 1;
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    self.indicator(",", false, false, false);
                }
                if self.is_wide() {
                    self.write_indent();
                }
                self.node(item, Place::InSequence)?;
            }
            self.flow_level -= 1;
            self.indent = before;
            self.indicator("]", false, false, false);
            return Ok(());
        }
        let in_mapping = matches!(place, Place::MapValue | Place::SimpleKey | Place::LongKey);
        let before = self.deeper(false, in_mapping && !self.indention);
        for item in items {
            self.write_indent();
            self.indicator("-", true, false, true);
            self.node(item, Place::InSequence)?;
        }
        self.indent = before;
        Ok(())
    }

    fn mapping(&mut self, entries: &[(&Key, &Value)], _: Place) -> Result<(), String> {
        let nodes = entries.iter().flat_map(|(key, value)| [key.value(), value]);
        if entries.is_empty() || self.in_brackets(nodes) {
            self.indicator("{", true, true, false);
            let before = self.deeper(true, false);
            self.flow_level += 1;
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    self.indicator(",", false, false, false);
                }
                if self.is_wide() {
                    self.write_indent();
                }
                if self.is_simple_key(key.value()) {
                    self.node(key.value(), Place::SimpleKey)?;
                    self.indicator(":", false, false, false);
                } else {
                    self.indicator("?", true, false, false);
                    self.node(key.value(), Place::LongKey)?;
                    if self.is_wide() {
                        self.write_indent();
                    }
                    self.indicator(":", true, false, false);
                }
                self.node(value, Place::MapValue)?;
            }
            self.flow_level -= 1;
            self.indent = before;
            self.indicator("}", false, false, false);
            return Ok(());
        }
        let before = self.deeper(false, false);
        for (key, value) in entries {
            self.write_indent();
            if self.is_simple_key(key.value()) {
                self.node(key.value(), Place::SimpleKey)?;
                self.indicator(":", false, false, false);
            } else {
                self.indicator("?", true, false, true);
                self.node(key.value(), Place::LongKey)?;
                self.write_indent();
                self.indicator(":", true, false, true);
            }
            self.node(value, Place::MapValue)?;
        }
        self.indent = before;
        Ok(())
    }

    fn is_simple_key(&self, key: &Value) -> bool {
        match key {
            Value::List(items) | Value::Tuple(items) => items.is_empty(),
            Value::Dict(dict) => dict.is_empty(),
            Value::Str(text) => text.len() <= 128 && !text.chars().any(super::analysis::is_break),
            _ => true,
        }
    }

    fn scalar(&mut self, value: &Value, place: Place) -> Result<(), String> {
        let scalar = Scalar::new(value).ok_or_else(|| unrepresentable(value))?;
        let mut chars: Vec<char> = scalar.text.chars().collect();
        let analysis = self.analysis(&chars);
        let plain_implicit = !scalar.is_text || is_text(&scalar.text);
        let mut style = self.style(&scalar, &analysis, plain_implicit, place);
        if let Some(tag) = scalar.tag {
            self.indicator(tag, true, false, false);
        } else if !scalar.is_text && style != Style::Plain {
            self.indicator("!", true, false, false);
        }
        if self.options.lines == Lines::Bare && scalar.is_text {
            chars.pop_if(|last| *last == '\n');
            // Nothing is left to be shown as lines (case `callback-yaml-blank`).
            if chars.is_empty() && !scalar.text.is_empty() {
                style = Style::Double;
            }
        }
        let before = self.deeper(true, false);
        self.write_scalar(&chars, style, place != Place::SimpleKey);
        self.indent = before;
        Ok(())
    }

    fn analysis(&self, chars: &[char]) -> Analysis {
        let analysis = analyse(chars);
        if self.options.allow_unicode || chars.iter().all(char::is_ascii) {
            return analysis;
        }
        Analysis { multiline: analysis.multiline, ..Analysis::default() }
    }

    fn style(
        &self,
        scalar: &Scalar<'_>,
        analysis: &Analysis,
        plain_implicit: bool,
        place: Place,
    ) -> Style {
        let simple_key = place == Place::SimpleKey;
        let mut style = scalar.style.unwrap_or(match self.options.style {
            Some('\'') => Style::Single,
            Some('"') => Style::Double,
            Some('|') => Style::Literal,
            Some('>') => Style::Folded,
            None if self.options.lines != Lines::Quoted && scalar.is_text && analysis.multiline => {
                Style::Literal
            }
            _ => Style::Plain,
        });
        if simple_key && analysis.multiline {
            style = Style::Double;
        }
        if style == Style::Plain {
            let allowed =
                if self.flow_level > 0 { analysis.flow_plain } else { analysis.block_plain };
            let empty = scalar.text.is_empty() && (self.flow_level > 0 || simple_key);
            if !allowed || empty || !plain_implicit {
                style = Style::Single;
            }
        }
        if style == Style::Single && !analysis.single_quoted {
            style = Style::Double;
        }
        let block = matches!(style, Style::Literal | Style::Folded);
        if block && (!analysis.block || self.flow_level > 0 || simple_key) {
            style = Style::Double;
        }
        style
    }

    /// Spaces a level, as a block's header says it.
    pub fn hint(&self) -> char {
        char::from_digit(u32::try_from(self.step()).unwrap_or(2), 10).unwrap_or('2')
    }
}

fn is_scalar(value: &Value) -> bool {
    match value {
        Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Range(_) => false,
        // Bytes ask for a style of their own.
        Value::Bytes(_) => false,
        Value::Obj(_) => nafal_base::dates::iso_text(value).is_some(),
        _ => true,
    }
}

fn unrepresentable(value: &Value) -> String {
    match value {
        Value::Undef(undefined) => undefined.message(),
        value => format!("('cannot represent an object', {})", value.repr()),
    }
}

/// Sorts when Python could; keys of different types keep their order.
pub(super) fn sort(entries: &mut [(&Key, &Value)]) {
    let pairs = entries.windows(2);
    if pairs.into_iter().all(|pair| pair[0].0.value().compare(pair[1].0.value()).is_ok()) {
        entries
            .sort_by(|a, b| a.0.value().compare(b.0.value()).unwrap_or(std::cmp::Ordering::Equal));
    }
}
