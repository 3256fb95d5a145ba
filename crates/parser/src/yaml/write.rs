//! Values as YAML, as PyYAML's dumper writes them over libyaml: sorted keys, shared containers as
//! aliases. Beside `events` the only file that names libyaml. Must not know what it is written for.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use libyaml_safer::{Emitter, Encoding, Event, MappingStyle, ScalarStyle, SequenceStyle};
use nafal_base::value::float_repr;
use nafal_base::{Value, dates};

use super::resolve::{Plain, plain};

/// The value as a YAML document in block style. An error is libyaml's.
pub fn to_yaml(value: &Value) -> Result<String, String> {
    let mut anchors = Anchors::default();
    anchors.count(value);
    let mut bytes = Vec::new();
    // libyaml's port panics where the original would have read past its buffers.
    let written = catch_unwind(AssertUnwindSafe(|| emit_all(value, &mut anchors, &mut bytes)));
    match written {
        Ok(Ok(())) => Ok(escape_beyond_bmp(&String::from_utf8_lossy(&bytes))),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the value can't be written as YAML".to_owned()),
    }
}

/// Containers that are met more than once, by where they are in memory: 0 until they got a number.
#[derive(Default)]
struct Anchors {
    met: HashMap<usize, Option<usize>>,
    written: HashMap<usize, bool>,
    last: usize,
}

/// Where a container's items are. Empty ones have none, and are never aliases.
fn address(value: &Value) -> Option<usize> {
    match value {
        Value::List(items) | Value::Tuple(items) => {
            items.first().map(|item| std::ptr::from_ref(item).addr())
        }
        Value::Dict(dict) => dict.iter().next().map(|(_, item)| std::ptr::from_ref(item).addr()),
        _ => None,
    }
}

impl Anchors {
    /// Numbers go to containers in the order in which they are met for the second time.
    fn count(&mut self, value: &Value) {
        if let Some(address) = address(value) {
            match self.met.get_mut(&address) {
                Some(Some(_)) => return,
                Some(number) => {
                    self.last += 1;
                    *number = Some(self.last);
                    return;
                }
                None => drop(self.met.insert(address, None)),
            }
        }
        match value {
            Value::List(items) | Value::Tuple(items) => {
                items.iter().for_each(|item| self.count(item));
            }
            Value::Dict(_) => sorted(value).into_iter().for_each(|(_, item)| self.count(item)),
            _ => {}
        }
    }

    /// The anchor of a container, and whether it was written before.
    fn of(&mut self, value: &Value) -> Option<(String, bool)> {
        let address = address(value)?;
        let number = (*self.met.get(&address)?)?;
        let before = self.written.insert(address, true).unwrap_or(false);
        Some((format!("id{number:03}"), before))
    }
}

/// A dict's entries by their keys if Python could sort them, else as they are.
fn sorted(value: &Value) -> Vec<(&Value, &Value)> {
    let Some(dict) = value.as_dict() else { return Vec::new() };
    let mut entries: Vec<(&Value, &Value)> =
        dict.iter().map(|(key, value)| (key.value(), value)).collect();
    if entries.windows(2).all(|pair| pair[0].0.compare(pair[1].0).is_ok()) {
        entries.sort_by(|(a, _), (b, _)| a.compare(b).unwrap_or(Ordering::Equal));
    }
    entries
}

type Written = Result<(), libyaml_safer::Error>;

fn emit_all(value: &Value, anchors: &mut Anchors, bytes: &mut Vec<u8>) -> Written {
    let mut emitter = Emitter::new();
    emitter.set_output_string(bytes);
    emitter.set_unicode(true);
    emitter.emit(Event::stream_start(Encoding::Utf8))?;
    emitter.emit(Event::document_start(None, &[], true))?;
    emit(&mut emitter, value, anchors)?;
    emitter.emit(Event::document_end(true))?;
    emitter.emit(Event::stream_end())?;
    emitter.flush()
}

fn emit(emitter: &mut Emitter<'_>, value: &Value, anchors: &mut Anchors) -> Written {
    let anchor = anchors.of(value);
    if let Some((name, true)) = &anchor {
        return emitter.emit(Event::alias(name));
    }
    let anchor = anchor.as_ref().map(|(name, _)| name.as_str());
    match value {
        Value::List(items) | Value::Tuple(items) => {
            let style = SequenceStyle::Block;
            emitter.emit(Event::sequence_start(anchor, None, true, style))?;
            for item in items.iter() {
                emit(emitter, item, anchors)?;
            }
            emitter.emit(Event::sequence_end())
        }
        Value::Dict(_) => {
            emitter.emit(Event::mapping_start(anchor, None, true, MappingStyle::Block))?;
            for (key, item) in sorted(value) {
                emit(emitter, key, anchors)?;
                emit(emitter, item, anchors)?;
            }
            emitter.emit(Event::mapping_end())
        }
        other => emit_scalar(emitter, other),
    }
}

fn emit_scalar(emitter: &mut Emitter<'_>, value: &Value) -> Written {
    if let Value::Str(vault) = value
        && vault.is_vault()
    {
        let tag = Some("!vault");
        return emitter.emit(Event::scalar(None, tag, vault, false, false, ScalarStyle::Literal));
    }
    let is_text = matches!(value, Value::Str(_));
    let text = match value {
        Value::None => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Float(number) => float(*number),
        // Python writes a moment's two parts with a space between them.
        Value::Obj(_) => dates::iso_text(value)
            .map_or_else(|| value.to_text().into_owned(), |text| text.replacen('T', " ", 1)),
        other => other.to_text().into_owned(),
    };
    let is_plain = !is_text || plain(&text) == Plain::Text;
    let style = match text.chars().any(|character| character > '\u{ffff}') {
        true => ScalarStyle::DoubleQuoted,
        false => ScalarStyle::Any,
    };
    emitter.emit(Event::scalar(None, None, &text, is_plain, true, style))
}

fn float(number: f64) -> String {
    if number.is_nan() {
        return ".nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let text = float_repr(number);
    // YAML wants a point where Python's `1e+20` has none.
    if text.contains('.') { text } else { text.replacen('e', ".0e", 1) }
}

/// libyaml escapes what is beyond the basic plane; its port doesn't.
fn escape_beyond_bmp(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character > '\u{ffff}' {
            out.push_str(&format!("\\U{:08X}", u32::from(character)));
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use nafal_base::{Dict, Source};

    use super::*;
    use crate::yaml::load_one;

    fn check(text: &str, expected: &str) {
        let source = Source::new("a.yml", text);
        let value = load_one(&source).unwrap().0.unwrap().value;
        assert_eq!(to_yaml(&value).unwrap(), expected);
    }

    // What PyYAML's safe dumper gives, observed.
    #[test]
    fn scalars() {
        check("{b: plain, a: 'yes'}", "a: 'yes'\nb: plain\n");
        check(
            "['123', '', 'a: b', \"it's\", '- x', '#c', 'null', '2020-01-01', '0x1F', '~', '=']",
            "- '123'\n- ''\n- 'a: b'\n- it's\n- '- x'\n- '#c'\n- 'null'\n- '2020-01-01'\n- '0x1F'\n- '~'\n- '='\n",
        );
        check(
            "[\"tab\\there\", ' lead', \"two\\nlines\\n\"]",
            "- \"tab\\there\"\n- ' lead'\n- 'two\n\n  lines\n\n  '\n",
        );
        check(
            "[1, 1.5, 1.0e+20, .inf, true, ~, 2020-01-01]",
            "- 1\n- 1.5\n- 1.0e+20\n- .inf\n- true\n- null\n- 2020-01-01\n",
        );
        check("a: \"\u{fc}n\u{ef} \u{1f600}\"", "a: \"\u{fc}n\u{ef} \\U0001F600\"\n");
    }

    #[test]
    fn collections() {
        check(
            "{l: [1, [2, 3], {a: 1, b: [x]}], e: [], f: {}}",
            "e: []\nf: {}\nl:\n- 1\n- - 2\n  - 3\n- a: 1\n  b:\n  - x\n",
        );
        check("[]", "[]\n");
    }

    #[test]
    fn long_texts_are_folded() {
        let text = "a very long text that goes on and on and on beyond the eighty columns that a line may have";
        check(
            &format!("a: {text}"),
            "a: a very long text that goes on and on and on beyond the eighty columns that a line\n  may have\n",
        );
    }

    #[test]
    fn shared_containers_are_aliases() {
        let shared = Value::List(vec![Value::from(1)].into_iter().collect());
        let dict: Dict = [("b", shared.clone()), ("a", shared)].into_iter().collect();
        assert_eq!(to_yaml(&Value::Dict(dict)).unwrap(), "a: &id001\n- 1\nb: *id001\n");
    }
}
