//! What `attribute=` means in filters: a name, a number, or a path of them with dots. Shared by the
//! filters on sequences.

use nafal_base::Value;

use crate::arguments::text;
use crate::context::Context;
use crate::error::Error;

/// A path into an item.
#[derive(Clone, Debug)]
pub(crate) struct Path(Vec<Value>);

impl Path {
    /// The path that this argument says.
    pub fn new(attribute: &Value) -> Path {
        match attribute {
            Value::Str(text) => Path::from_text(text),
            other => Path(vec![other.clone()]),
        }
    }

    fn from_text(text: &str) -> Path {
        // Jinja takes digits as an index, so a dict's key '1' can't be reached.
        let part = |part: &str| match part.parse::<i64>() {
            Ok(index) if part.bytes().all(|b| b.is_ascii_digit()) => Value::Int(index),
            _ => Value::from(part),
        };
        Path(text.split('.').map(part).collect())
    }

    /// What is there; undefined when nothing is.
    pub fn get(
        &self,
        ctx: &Context<'_>,
        item: &Value,
        default: Option<&Value>,
    ) -> Result<Value, Error> {
        ctx.settle(self.reach(ctx, item, default)?)
    }

    /// The same with what is in it still lazy.
    pub fn reach(
        &self,
        ctx: &Context<'_>,
        item: &Value,
        default: Option<&Value>,
    ) -> Result<Value, Error> {
        let mut item = item.clone();
        for part in &self.0 {
            item = ctx.get_item(&item, part)?;
            if let (true, Some(default)) = (item.is_undefined(), default) {
                item = default.clone();
            }
        }
        ctx.read(&item)
    }
}

/// How much capital letters count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// `a` and `A` are the same.
    Folded,
    /// They aren't.
    Kept,
}

impl Case {
    /// From `case_sensitive=`.
    pub fn new(sensitive: Option<&Value>) -> Case {
        if sensitive.is_some_and(Value::is_true) { Case::Kept } else { Case::Folded }
    }

    /// The value as it is compared.
    pub fn apply(self, value: Value) -> Value {
        match (self, &value) {
            (Case::Folded, Value::Str(text)) => text.to_lowercase().into(),
            _ => value,
        }
    }
}

/// What an item is compared by: itself, or what is at a path, in this case.
pub(crate) fn sort_key(
    ctx: &Context<'_>,
    item: &Value,
    path: Option<&Path>,
    case: Case,
) -> Result<Value, Error> {
    let key = match path {
        Some(path) => path.get(ctx, item, None)?,
        None => ctx.settle(item.clone())?,
    };
    ctx.defined(&key)?;
    Ok(case.apply(key))
}

/// The paths of `sort(attribute='a,b.c')`.
pub(crate) fn paths(attribute: &Value) -> Result<Vec<Path>, Error> {
    match attribute {
        Value::Str(_) => Ok(text(attribute)?.split(',').map(Path::from_text).collect()),
        other => Ok(vec![Path::new(other)]),
    }
}
