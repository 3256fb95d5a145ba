//! Values that are more than data: hostvars, loop, namespace, macros, dates, files of lookups.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::scope::Scope;
use crate::value::{Text, Value};

/// What an object behaves like when Python code would ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// Has keys: iterates over them, `in` asks for them, is written as a dict.
    Mapping,
    /// Iterates over its items.
    Sequence,
    /// Can be called, nothing else.
    Callable,
    /// Has attributes only.
    Plain,
}

/// A value with behaviour. Templating calls it; it never renders itself.
pub trait Object: Any + Send + Sync + fmt::Debug {
    /// Python's `type(x).__name__`.
    fn type_name(&self) -> &str;

    /// What it behaves like.
    fn kind(&self) -> ObjectKind;

    /// `x.name`. A value that comes back and contains templates is rendered in [`Object::scope`].
    fn attribute(&self, _name: &str) -> Option<Value> {
        None
    }

    /// `x[key]`.
    fn item(&self, _key: &Value) -> Option<Value> {
        None
    }

    /// The scope in which values taken from this object are rendered, when it isn't the reader's
    /// own (`hostvars['h'].x` is rendered with h's variables).
    fn scope(&self) -> Option<Arc<dyn Scope>> {
        None
    }

    /// `x.name(args, **kwargs)`; None when it has no such method.
    fn call_method(
        &self,
        _name: &str,
        _args: &[Value],
        _named: &[(Text, Value)],
    ) -> Option<Result<Value, String>> {
        None
    }

    /// Its keys (mapping) or items (sequence).
    fn iterate(&self) -> Option<Vec<Value>> {
        None
    }

    /// How many keys or items.
    fn length(&self) -> Option<usize> {
        self.iterate().map(|items| items.len())
    }

    /// Whether it is true as a condition.
    fn truthy(&self) -> bool {
        self.length() != Some(0)
    }

    /// The data that stands for it when it is stored or written; None when it can't be stored.
    fn to_data(&self) -> Option<Value> {
        None
    }

    /// Python's `str(x)`.
    fn to_text(&self) -> String {
        self.to_data().map_or_else(
            || format!("<{} object>", self.type_name()),
            |data| data.to_text().into_owned(),
        )
    }

    /// Python's `repr(x)`.
    fn repr(&self) -> String {
        self.to_data().map_or_else(|| format!("<{} object>", self.type_name()), |data| data.repr())
    }

    /// Python's `x == other`.
    fn equals(&self, other: &Value) -> bool {
        self.to_data().is_some_and(|data| data == *other)
    }

    /// Python's ordering against `other`, when there is one.
    fn compare(&self, _other: &Value) -> Option<std::cmp::Ordering> {
        None
    }

    /// For the crate that made it to get at it again.
    fn as_any(&self) -> &dyn Any;
}

/// A shared object: one pointer wide, so that a [`Value`] stays at 16 bytes.
#[derive(Clone)]
pub struct ObjectRef(Arc<Box<dyn Object>>);

impl ObjectRef {
    /// Shares `object`.
    pub fn new(object: impl Object) -> ObjectRef {
        ObjectRef(Arc::new(Box::new(object)))
    }

    /// The object as `T`, if it is one.
    pub fn downcast<T: 'static>(&self) -> Option<&T> {
        self.0.as_any().downcast_ref()
    }

    /// Whether both are the same object.
    pub fn same(&self, other: &ObjectRef) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for ObjectRef {
    type Target = dyn Object;

    fn deref(&self) -> &(dyn Object + 'static) {
        &**self.0
    }
}

impl fmt::Debug for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
