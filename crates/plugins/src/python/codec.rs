//! Values on their way to Python and back, as JSON with marks for what JSON doesn't have. Must not know what
//! they are for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nafal_base::dates::{Date, DateTime, from_iso};
use nafal_base::{Dict, Key, ObjectKind, ObjectRef, Span, Text, Undefined, UndefinedReason, Value};
use std::sync::Arc;

use super::call::{PluginError, World};

/// The key of a dict that stands for something else.
const MARK: &str = "!";

/// What a call leaves on this side. Of mappings Python asks for what it needs; what is undefined comes back as what it was, with
/// its place.
#[derive(Debug, Default)]
pub(super) struct Objects {
    mappings: Vec<ObjectRef>,
    undefined: Vec<Arc<Undefined>>,
    marked: Marked,
}

/// Which texts travel with the mark of those that may be rendered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Marked {
    /// Those with something to render: all that filters, tests and lookups need to know, and the least to send.
    #[default]
    Templates,
    /// All that the user wrote: expressions, too, are evaluated only then.
    Trusted,
}

impl Objects {
    /// For action plugins, which evaluate conditions and expressions that they are given.
    pub(super) fn with_trust() -> Objects {
        Objects { marked: Marked::Trusted, ..Objects::default() }
    }

    fn is_marked(&self, text: &Text) -> bool {
        text.is_template() || self.marked == Marked::Trusted && text.is_trusted()
    }

    /// One that was handed out.
    pub(super) fn get(&self, number: i64) -> Option<&ObjectRef> {
        self.mappings.get(usize::try_from(number).ok()?)
    }

    fn add(&mut self, object: &ObjectRef) -> i64 {
        let known = self.mappings.iter().position(|known| known.same(object));
        let index = known.unwrap_or_else(|| {
            self.mappings.push(object.clone());
            self.mappings.len() - 1
        });
        i64::try_from(index).unwrap_or(i64::MAX)
    }

    fn missing(&mut self, undefined: &Arc<Undefined>) -> Value {
        let number = i64::try_from(self.undefined.len()).unwrap_or(i64::MAX);
        self.undefined.push(Arc::clone(undefined));
        let plain = undefined.reason == UndefinedReason::Plain;
        let message = Value::from(undefined.message());
        let told =
            [("id", Value::Int(number)), ("plain", Value::Bool(plain)), ("message", message)];
        marked("undefined", told)
    }
}

fn marked<const N: usize>(kind: &str, entries: [(&str, Value); N]) -> Value {
    let kind = std::iter::once((MARK, Value::from(kind)));
    Value::Dict(kind.chain(entries).collect())
}

/// A value as it travels.
pub(super) fn to_wire(
    value: &Value,
    objects: &mut Objects,
    world: &dyn World,
) -> Result<Value, PluginError> {
    let all = |items: &mut dyn Iterator<Item = &Value>, objects: &mut Objects| {
        items.map(|item| to_wire(item, objects, world)).collect::<Result<Vec<_>, _>>()
    };
    Ok(match value {
        Value::Str(text) if text.is_vault() => {
            let clear = world.render(value, None)?;
            Value::text(&*clear.to_text())
        }
        Value::Str(text) if objects.is_marked(text) => {
            marked("template", [("text", Value::text(text.as_str()))])
        }
        Value::Float(number) if !number.is_finite() => {
            marked("float", [("text", Value::from(value.repr()))])
        }
        Value::Bytes(bytes) => {
            marked("bytes", [("base64", Value::from(STANDARD.encode(bytes.as_slice())))])
        }
        Value::List(items) => Value::from(all(&mut items.iter(), objects)?),
        Value::Tuple(items) => {
            marked("tuple", [("items", Value::from(all(&mut items.iter(), objects)?))])
        }
        Value::Range(range) => Value::List(range.iter().map(Value::from).collect()),
        Value::Dict(dict) => dict_to_wire(dict, objects, world)?,
        Value::Undef(undefined) => objects.missing(undefined),
        Value::Omit => marked("omit", []),
        Value::Obj(object) => object_to_wire(value, object, objects, world)?,
        plain => plain.clone(),
    })
}

fn dict_to_wire(
    dict: &Dict,
    objects: &mut Objects,
    world: &dyn World,
) -> Result<Value, PluginError> {
    let plain = !dict.contains(MARK) && dict.keys().all(|key| key.as_str().is_some());
    if plain {
        let entries = dict.iter().map(|(key, value)| {
            Ok::<_, PluginError>((key.clone(), to_wire(value, objects, world)?))
        });
        return Ok(Value::Dict(entries.collect::<Result<Dict, _>>()?));
    }
    let mut items = Vec::with_capacity(dict.len());
    for (key, value) in dict {
        let pair = [to_wire(key.value(), objects, world)?, to_wire(value, objects, world)?];
        items.push(Value::from(pair.to_vec()));
    }
    Ok(marked("dict", [("items", Value::from(items))]))
}

fn object_to_wire(
    value: &Value,
    object: &ObjectRef,
    objects: &mut Objects,
    world: &dyn World,
) -> Result<Value, PluginError> {
    if let Some(text) = nafal_base::dates::iso_text(value) {
        let kind = object.type_name();
        return Ok(marked("date", [("kind", Value::from(kind)), ("text", Value::from(text))]));
    }
    if object.kind() == ObjectKind::Mapping {
        return Ok(marked("object", [("id", Value::Int(objects.add(object)))]));
    }
    match (object.to_data(), object.iterate()) {
        (Some(data), _) => to_wire(&data, objects, world),
        (None, Some(items)) => to_wire(&Value::from(items), objects, world),
        (None, None) => Err(PluginError::failed(format!(
            "Type '{}' is unsupported for variable storage.",
            object.type_name()
        ))),
    }
}

/// A value that came back. What it says is never a template.
pub(super) fn from_wire(value: Value, objects: &Objects) -> Result<Value, PluginError> {
    Ok(match value {
        Value::List(items) => list_from_wire(items.into_vec(), objects)?.into(),
        Value::Dict(dict) => match dict.get(MARK) {
            Some(kind) => special(&kind.to_text(), &dict, objects)?,
            None => {
                let mut plain = Dict::with_capacity(dict.len());
                for (key, value) in &dict {
                    plain.insert(key.clone(), from_wire(value.clone(), objects)?);
                }
                Value::Dict(plain)
            }
        },
        other => other,
    })
}

fn list_from_wire(items: Vec<Value>, objects: &Objects) -> Result<Vec<Value>, PluginError> {
    items.into_iter().map(|item| from_wire(item, objects)).collect()
}

fn special(kind: &str, dict: &Dict, objects: &Objects) -> Result<Value, PluginError> {
    let text = |key: &str| dict.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let items = || dict.get("items").and_then(Value::as_list).cloned().unwrap_or_default();
    Ok(match kind {
        "dict" => {
            let mut plain = Dict::new();
            for pair in &items() {
                let mut pair = pair.as_list().into_iter().flatten();
                let (Some(key), Some(value)) = (pair.next(), pair.next()) else { continue };
                let key = Key::new(from_wire(key.clone(), objects)?).map_err(|key| {
                    PluginError::failed(format!("unhashable type: '{}'", key.type_name()))
                })?;
                plain.insert(key, from_wire(value.clone(), objects)?);
            }
            Value::Dict(plain)
        }
        "tuple" => Value::Tuple(list_from_wire(items().into_vec(), objects)?.into()),
        "bytes" => Value::bytes(STANDARD.decode(text("base64")).unwrap_or_default()),
        "float" => Value::Float(text("text").parse().unwrap_or(f64::NAN)),
        "object" => {
            let number = dict.get("id").and_then(Value::as_int).unwrap_or(-1);
            objects.get(number).cloned().map(Value::Obj).unwrap_or_default()
        }
        "undefined" => {
            let number = dict.get("id").and_then(Value::as_int).unwrap_or(-1);
            let known = usize::try_from(number).ok().and_then(|index| objects.undefined.get(index));
            Value::Undef(known.map_or_else(
                || {
                    let reason = UndefinedReason::Message(text("message"));
                    Arc::new(Undefined { reason, span: None::<Span> })
                },
                Arc::clone,
            ))
        }
        "date" => date(&text("kind"), &text("text")),
        "omit" => Value::Omit,
        _ => {
            return Err(PluginError::failed(format!(
                "Type '{}' is unsupported for variable storage.",
                text("type")
            )));
        }
    })
}

/// A date or a moment in ISO form; anything else stays text.
fn date(kind: &str, text: &str) -> Value {
    match from_iso(text).filter(|_| kind != "time") {
        Some((moment, _)) if kind == "date" => Date(moment).into(),
        Some((moment, offset)) => DateTime { moment, offset }.into(),
        None => Value::Str(Text::new(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nobody;

    impl World for Nobody {
        fn scope(&self) -> &dyn nafal_base::Scope {
            &nafal_base::EmptyScope
        }

        fn render(&self, value: &Value, _object: Option<&ObjectRef>) -> Result<Value, PluginError> {
            Ok(value.clone())
        }
    }

    fn check(value: Value) {
        let mut objects = Objects::default();
        let wire = to_wire(&value, &mut objects, &Nobody).unwrap();
        let json = nafal_base::value::json::to_json(&wire, nafal_base::value::json::Style::LINE);
        let back: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(from_wire(back, &objects).unwrap().repr(), value.repr(), "{json}");
    }

    #[test]
    fn there_and_back() {
        let numbers: Dict = [(Value::Int(1), Value::from("a")), (Value::Float(2.5), Value::None)]
            .into_iter()
            .map(|(key, value)| (Key::new(key).unwrap(), value))
            .collect();
        check(Value::Dict(numbers));
        check(Value::Dict([("!", Value::Int(1))].into_iter().collect()));
        check(Value::Tuple(vec![Value::from("a"), Value::Float(1.0)].into()));
        check(Value::bytes(vec![0, 255]));
        check(Value::Float(f64::INFINITY));
        check(Value::from_big(num_bigint::BigInt::from(i64::MAX) * 9));
        check(Value::from("{{ no template }}"));
        check(date("date", "2020-02-03"));
        check(date("datetime", "2020-02-03 04:05:06"));
    }

    #[test]
    fn what_has_no_place_here() {
        let json = r#"{"!": "other", "type": "IPNetwork", "text": "10.0.0.0/8"}"#;
        let error = from_wire(serde_json::from_str(json).unwrap(), &Objects::default());
        assert!(error.unwrap_err().message.contains("Type 'IPNetwork' is unsupported"));
    }
}
