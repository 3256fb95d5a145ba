//! `x.name`, `x[key]` and iteration.

use nafal_base::{Key, ObjectKind, ObjectRef, Scope, Text, UndefinedReason, Value};

use super::expr::Placed;
use super::operators::type_name;
use super::output::is_plain;
use super::{Frame, objects};
use crate::ast::Expr;
use crate::error::Error;
use crate::methods;

impl Frame<'_> {
    /// A path's value with the scope that its lazy parts belong to.
    pub(super) fn place(&self, expr: &Expr) -> Result<Placed, Error> {
        match expr {
            Expr::Attribute(base, name) => {
                let (base, theirs) = self.place(base)?;
                self.attribute_of(base, name, theirs)
            }
            Expr::Item(pair) => {
                let (base, theirs) = self.place(&pair.0)?;
                let key = self.expr(&pair.1)?;
                self.item_of(base, &key, theirs)
            }
            other => self.expr(other).map(|value| (value, None)),
        }
    }

    fn read(
        &self,
        value: Value,
        theirs: Option<std::sync::Arc<dyn Scope>>,
    ) -> Result<Placed, Error> {
        match theirs {
            Some(scope) => {
                self.session.keep(&scope);
                let value = self.session.resolve(value, &*scope)?;
                Ok((value, Some(scope)))
            }
            None => self.session.resolve(value, self.scope).map(|value| (value, None)),
        }
    }

    /// What an object has under a name: another host's variables tell of those that will go.
    fn read_of(&self, object: &ObjectRef, name: &str, value: Value) -> Result<Placed, Error> {
        let scope = object.scope();
        if let Some(theirs) = &scope
            && object.type_name() == "HostVarsVars"
        {
            let advised = &self.template.advised;
            advised.tell_of_other(self.session, &**theirs, name, self.span);
        }
        self.read(value, scope)
    }

    fn attribute_of(
        &self,
        base: Value,
        name: &str,
        theirs: Option<std::sync::Arc<dyn Scope>>,
    ) -> Result<Placed, Error> {
        if let Value::Undef(undefined) = &base {
            return if is_plain(undefined) {
                Err(Error::undefined(undefined))
            } else {
                Ok((base, None))
            };
        }
        if let Some(found) = own_attribute(&base, name) {
            return Ok((found, None));
        }
        if let Value::Dict(dict) = &base
            && let Some(value) = dict.get(name)
        {
            return self.read(value.clone(), theirs);
        }
        if let Value::Obj(object) = &base {
            let own = object.attribute(name).or_else(|| {
                (object.kind() == ObjectKind::Mapping)
                    .then(|| object.item(&Value::from(name)))
                    .flatten()
            });
            if let Some(value) = own {
                return self.read_of(object, name, value);
            }
        }
        Ok((self.missing(&base, &Value::from(name)), None))
    }

    fn item_of(
        &self,
        base: Value,
        key: &Value,
        theirs: Option<std::sync::Arc<dyn Scope>>,
    ) -> Result<Placed, Error> {
        if base.is_undefined() {
            return Ok((base, None));
        }
        if key.is_undefined() {
            return Ok((key.clone(), None));
        }
        if let Value::Obj(object) = &base {
            return match object.item(key) {
                Some(value) => self.read_of(object, key.as_str().unwrap_or_default(), value),
                None => match key.as_str() {
                    Some(name) => self.attribute_of(base.clone(), name, theirs),
                    None => Ok((self.missing(&base, key), None)),
                },
            };
        }
        if let Value::Dict(_) = &base
            && !key.is_hashable()
        {
            return Err(super::expr::unhashable(key));
        }
        match item(&base, key) {
            Some(value) => self.read(value, theirs),
            None => {
                if let Some(name) = key.as_str()
                    && let Some(found) = own_attribute(&base, name)
                {
                    return Ok((found, None));
                }
                Ok((self.missing(&base, key), None))
            }
        }
    }

    /// The marker for what `base` doesn't have.
    pub(super) fn missing(&self, base: &Value, key: &Value) -> Value {
        self.undefined(UndefinedReason::Message(attribute_missing(base, key)))
    }

    /// `x.name` for a filter.
    pub fn get_attribute(&self, base: &Value, name: &str) -> Result<Value, Error> {
        self.own(self.attribute_of(base.clone(), name, None)?)
    }

    /// `x[key]` for a filter.
    pub fn get_item(&self, base: &Value, key: &Value) -> Result<Value, Error> {
        self.own(self.item_of(base.clone(), key, None)?)
    }

    fn own(&self, (value, theirs): Placed) -> Result<Value, Error> {
        match theirs {
            Some(scope) => super::finalize::settle(self.session, value, &*scope),
            None => Ok(value),
        }
    }
}

/// Stock's words for what isn't there.
pub(crate) fn attribute_missing(base: &Value, key: &Value) -> String {
    match (base, key) {
        (_, Value::Str(name)) if name.starts_with("__") => {
            format!(
                "access to attribute {} of '{}' object is unsafe.",
                nafal_base::value::string_repr(name),
                type_name(base)
            )
        }
        // Stock only words it itself where the key is true: `l[0]` of an empty list is Jinja's.
        (base, Value::Str(_)) if !key.is_true() => format!("'{}' has no attribute ''", class(base)),
        (base, key) if !key.is_true() => {
            format!("{} has no element {}", class(base), key.repr())
        }
        _ => format!("object of type '{}' has no attribute {}", type_name(base), key.repr()),
    }
}

/// How Jinja names what it found nothing in: a value of a variable by stock's own class.
fn class(base: &Value) -> String {
    const TAGGED: &str = "ansible.module_utils._internal._datatag._AnsibleTagged";
    const LAZY: &str = "ansible._internal._templating._lazy_containers._AnsibleLazyTemplate";
    match base {
        Value::None => "None".to_owned(),
        Value::List(_) => format!("{LAZY}List object"),
        Value::Dict(_) => format!("{LAZY}Dict object"),
        Value::Str(text) if text.is_trusted() => format!("{TAGGED}Str object"),
        Value::Int(_) => format!("{TAGGED}Int object"),
        other => format!("{} object", type_name(other)),
    }
}

/// Methods and attributes of Python's own types.
fn own_attribute(base: &Value, name: &str) -> Option<Value> {
    if methods::exists(base, name) {
        return Some(objects::method(base.clone(), name));
    }
    methods::property(base, name)
}

/// `base[key]` for Python's own types.
fn item(base: &Value, key: &Value) -> Option<Value> {
    match base {
        Value::Dict(dict) => dict.lookup(key).cloned(),
        Value::List(items) | Value::Tuple(items) => items.get(index(key, items.len())?).cloned(),
        Value::Str(text) if text.is_ascii() => {
            let at = index(key, text.len())?;
            text.get(at..=at).map(Value::from)
        }
        Value::Str(text) => {
            let at = index(key, text.chars().count())?;
            text.chars().nth(at).map(|c| Value::text(c.to_string()))
        }
        Value::Range(range) => range.get(index(key, range.len())?).map(Value::Int),
        Value::Bytes(bytes) => bytes.get(index(key, bytes.len())?).map(|byte| Value::from(*byte)),
        _ => None,
    }
}

/// Python's index, from the end when negative.
pub(crate) fn index(key: &Value, length: usize) -> Option<usize> {
    let number = match key {
        Value::Int(_) | Value::Bool(_) => key.as_int()?,
        _ => return None,
    };
    let length_number = i64::try_from(length).ok()?;
    let number = if number < 0 { number + length_number } else { number };
    usize::try_from(number).ok().filter(|index| *index < length)
}

/// Everything that iterating gives; lazy items stay lazy.
pub(crate) fn iterate(value: &Value) -> Result<Vec<Value>, Error> {
    match value {
        Value::List(items) | Value::Tuple(items) => Ok(items.to_vec()),
        Value::Dict(dict) => Ok(dict.keys().map(|key: &Key| key.value().clone()).collect()),
        Value::Str(text) => {
            Ok(text.chars().map(|c| Value::Str(Text::new(c.to_string()))).collect())
        }
        Value::Range(range) => Ok(range.iter().map(Value::Int).collect()),
        Value::Bytes(bytes) => Ok(bytes.iter().map(|byte| Value::from(*byte)).collect()),
        Value::Undef(undefined) if is_plain(undefined) => Ok(Vec::new()),
        Value::Undef(undefined) => Err(Error::undefined(undefined)),
        Value::Obj(object) => match object.iterate() {
            Some(items) => Ok(items),
            None => Err(not_iterable(value)),
        },
        other => Err(not_iterable(other)),
    }
}

fn not_iterable(value: &Value) -> Error {
    Error::new(format!("'{}' object is not iterable", type_name(value)))
}
