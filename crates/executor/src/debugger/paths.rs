//! Paths such as `task.args['name']`: read, set, taken out. Must not know what their first name is.

use nafal_base::{Key, List, Value};

use super::python_error::PythonError;

/// A step of a path.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// `.name`
    Attribute(String),
    /// `[…]`, an expression.
    Item(String),
}

/// A name and its steps.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Path {
    pub root: String,
    pub steps: Vec<Step>,
}

impl Path {
    /// The path that a text begins with, and what is behind it.
    pub(super) fn parse(text: &str) -> Option<(Path, &str)> {
        let (root, mut rest) = name(text.trim_start())?;
        let mut steps = Vec::new();
        loop {
            if let Some((attribute, behind)) = rest.strip_prefix('.').and_then(name) {
                steps.push(Step::Attribute(attribute.to_owned()));
                rest = behind;
            } else if let Some(inside) = rest.strip_prefix('[') {
                let end = closing(inside)?;
                steps.push(Step::Item(inside.get(..end)?.trim().to_owned()));
                rest = inside.get(end + 1..)?;
            } else {
                return Some((Path { root: root.to_owned(), steps }, rest.trim_start()));
            }
        }
    }
}

fn name(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let begins = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    begins.then_some((name, rest))
}

/// Where the bracket is closed that was open before this text.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if character == '\\' => escaped = true,
            Some(open) => quote = Some(open).filter(|open| *open != character),
            None => match character {
                '\'' | '"' => quote = Some(character),
                '[' | '(' | '{' => depth += 1,
                ']' if depth == 0 => return Some(at),
                ']' | ')' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            },
        }
    }
    None
}

/// `value[key]`.
pub(super) fn item(value: &Value, key: &Value) -> Result<Value, PythonError> {
    match value {
        Value::Dict(dict) => dict.lookup(key).cloned().ok_or_else(|| PythonError::key(key)),
        Value::List(items) | Value::Tuple(items) => {
            let index = place(items, key)?;
            Ok(items.get(index).cloned().unwrap_or_default())
        }
        Value::Obj(object) => object.item(key).ok_or_else(|| PythonError::key(key)),
        other => Err(PythonError::type_of(&format!(
            "'{}' object is not subscriptable",
            other.type_name()
        ))),
    }
}

/// `value[keys…] = new`, or its deletion without `new`.
pub(super) fn set(
    value: &mut Value,
    keys: &[Value],
    new: Option<Value>,
) -> Result<(), PythonError> {
    let [key, deeper @ ..] = keys else {
        *value = new.unwrap_or_default();
        return Ok(());
    };
    let new = if deeper.is_empty() {
        new
    } else {
        let mut inner = item(value, key)?;
        set(&mut inner, deeper, new)?;
        Some(inner)
    };
    match value {
        Value::Dict(dict) => {
            let made = Key::new(key.clone()).map_err(|key| {
                PythonError::type_of(&format!("unhashable type: '{}'", key.type_name()))
            })?;
            match new {
                Some(new) => {
                    dict.insert(made, new);
                }
                None if dict.lookup(key).is_none() => return Err(PythonError::key(key)),
                None => {
                    let left = dict.iter().filter(|(known, _)| **known != made);
                    *dict = left.map(|(key, value)| (key.clone(), value.clone())).collect();
                }
            }
        }
        Value::List(items) => {
            let index = place(items, key)?;
            let mut all = items.to_vec();
            match new {
                Some(new) => all.splice(index..=index, [new]).for_each(drop),
                None => drop(all.remove(index)),
            }
            *items = all.into_iter().collect();
        }
        other => {
            return Err(PythonError::type_of(&format!(
                "'{}' object does not support item assignment",
                other.type_name()
            )));
        }
    }
    Ok(())
}

fn place(items: &List, key: &Value) -> Result<usize, PythonError> {
    let Value::Int(index) = key else {
        return Err(PythonError::type_of(&format!(
            "list indices must be integers or slices, not {}",
            key.type_name()
        )));
    };
    let index = if *index < 0 { *index + items.len() as i64 } else { *index };
    usize::try_from(index)
        .ok()
        .filter(|index| *index < items.len())
        .ok_or_else(|| PythonError::new("IndexError", "list index out of range"))
}

#[cfg(test)]
mod tests {
    use nafal_base::Dict;

    use super::*;

    #[test]
    fn paths_and_what_is_behind() {
        let (path, rest) = Path::parse("task.args['a]'][0] = 1").unwrap();
        assert_eq!(path.root, "task");
        let steps = ["args", "'a]'", "0"].map(str::to_owned);
        let [args, text, zero] = steps;
        assert_eq!(path.steps, [Step::Attribute(args), Step::Item(text), Step::Item(zero)]);
        assert_eq!(rest, "= 1");
        assert!(Path::parse("1 + 2").is_none() && Path::parse("a[1").is_none());
    }

    #[test]
    fn deep_values_are_set_and_taken_out() {
        let dict: Dict = [("a", Value::from(vec![1, 2]))].into_iter().collect();
        let mut value = Value::Dict(dict);
        set(&mut value, &["a".into(), Value::Int(-1)], Some("x".into())).unwrap();
        assert_eq!(value.repr(), "{'a': [1, 'x']}");
        set(&mut value, &["b".into()], Some(Value::None)).unwrap();
        set(&mut value, &["a".into(), Value::Int(0)], None).unwrap();
        assert_eq!(value.repr(), "{'a': ['x'], 'b': None}");
        let missing = set(&mut value, &["c".into()], None).unwrap_err();
        assert_eq!(missing.line(), "***KeyError:KeyError('c')");
    }
}
