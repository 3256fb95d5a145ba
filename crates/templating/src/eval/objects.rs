//! Values with behaviour that only templates know: functions, methods, namespaces, cyclers.

use std::any::Any;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use nafal_base::{Dict, Object, ObjectKind, ObjectRef, Text, Value};

use crate::plugin::Function;

/// A global function as a value.
#[derive(Debug)]
pub(crate) struct FunctionObject(pub &'static Function);

/// The function as a value.
pub(crate) fn function(function: &'static Function) -> Value {
    Value::Obj(ObjectRef::new(FunctionObject(function)))
}

impl Object for FunctionObject {
    fn type_name(&self) -> &str {
        "function"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Callable
    }

    fn truthy(&self) -> bool {
        true
    }

    fn to_text(&self) -> String {
        format!("<function {}>", self.0.name)
    }

    fn repr(&self) -> String {
        self.to_text()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A method with its receiver.
#[derive(Debug)]
pub(crate) struct MethodObject {
    pub receiver: Value,
    pub name: Box<str>,
}

/// A method as a value.
pub(crate) fn method(receiver: Value, name: &str) -> Value {
    Value::Obj(ObjectRef::new(MethodObject { receiver, name: name.into() }))
}

impl Object for MethodObject {
    fn type_name(&self) -> &str {
        // Stock's dicts and lists have some methods of their own, which Python names differently.
        match (&self.receiver, &*self.name) {
            (Value::Dict(_), "items" | "values" | "get" | "pop" | "popitem" | "setdefault")
            | (Value::List(_), "pop") => "method",
            _ => "builtin_function_or_method",
        }
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Callable
    }

    fn truthy(&self) -> bool {
        true
    }

    fn to_text(&self) -> String {
        format!("<built-in method {} of {} object>", self.name, self.receiver.type_name())
    }

    fn repr(&self) -> String {
        self.to_text()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `namespace(…)`: the one thing that templates assign attributes of.
#[derive(Debug, Default)]
pub(crate) struct Namespace(Mutex<Dict>);

impl Namespace {
    fn with<R>(&self, inner: impl FnOnce(&mut Dict) -> R) -> R {
        inner(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sets an attribute.
    pub fn set(&self, name: &str, value: Value) {
        self.with(|dict| dict.insert(name, value));
    }

    /// Lets a change go through all values.
    pub fn each(&self, mut change: impl FnMut(&mut Value)) {
        self.with(|dict| dict.edit(|map| map.values_mut().for_each(&mut change)));
    }

    /// Takes an attribute's value out, to be set again: so it isn't copied when it is changed.
    pub fn take(&self, name: &str) -> Option<Value> {
        self.with(|dict| if dict.contains(name) { dict.insert(name, Value::None) } else { None })
    }
}

impl Object for Namespace {
    fn type_name(&self) -> &str {
        "Namespace"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Plain
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        self.with(|dict| dict.get(name).cloned())
    }

    fn truthy(&self) -> bool {
        true
    }

    fn to_text(&self) -> String {
        self.with(|dict| format!("<Namespace {}>", Value::Dict(dict.clone()).repr()))
    }

    fn repr(&self) -> String {
        self.to_text()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What makes objects when it is called: `namespace`, `cycler`, `joiner`.
#[derive(Debug)]
struct Maker(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Namespace,
    Cycler,
    Joiner,
}

/// The classes that templates know by name.
pub(crate) fn builtin(name: &str) -> Option<Value> {
    let kind = match name {
        "namespace" => Kind::Namespace,
        "cycler" => Kind::Cycler,
        "joiner" => Kind::Joiner,
        _ => return None,
    };
    Some(Value::Obj(ObjectRef::new(Maker(kind))))
}

impl Object for Maker {
    fn type_name(&self) -> &str {
        "type"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Callable
    }

    fn truthy(&self) -> bool {
        true
    }

    fn call_method(
        &self,
        name: &str,
        args: &[Value],
        named: &[(Text, Value)],
    ) -> Option<Result<Value, String>> {
        if name != "__call__" {
            return None;
        }
        let object = match self.0 {
            Kind::Namespace => match new_namespace(args, named) {
                Ok(namespace) => ObjectRef::new(namespace),
                Err(message) => return Some(Err(message)),
            },
            Kind::Cycler if args.is_empty() => {
                return Some(Err("at least one item has to be provided".to_owned()));
            }
            Kind::Cycler => {
                ObjectRef::new(Cycler { items: args.to_vec(), at: AtomicUsize::new(0) })
            }
            Kind::Joiner => {
                let separator = args.first().or_else(|| named.first().map(|(_, value)| value));
                let separator = separator.map_or(", ".into(), |value| value.to_text().into_owned());
                ObjectRef::new(Joiner { separator, used: AtomicUsize::new(0) })
            }
        };
        Some(Ok(Value::Obj(object)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn new_namespace(args: &[Value], named: &[(Text, Value)]) -> Result<Namespace, String> {
    let mut dict = Dict::new();
    match args.first() {
        None => {}
        Some(Value::Dict(entries)) => {
            dict.lay_over(entries);
        }
        Some(Value::List(pairs) | Value::Tuple(pairs)) => {
            for pair in pairs {
                let Some([key, value]) = pair.as_list().map(|pair| &**pair) else {
                    return Err("dictionary update sequence element is not a pair".to_owned());
                };
                if let Ok(key) = nafal_base::Key::new(key.clone()) {
                    dict.insert(key, value.clone());
                }
            }
        }
        Some(other) => return Err(format!("'{}' object is not iterable", other.type_name())),
    }
    for (name, value) in named {
        dict.insert(name.clone(), value.clone());
    }
    Ok(Namespace(Mutex::new(dict)))
}

/// `cycler(…)`
#[derive(Debug)]
struct Cycler {
    items: Vec<Value>,
    at: AtomicUsize,
}

impl Object for Cycler {
    fn type_name(&self) -> &str {
        "Cycler"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Plain
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        match name {
            "current" => self.items.get(self.at.load(Ordering::Relaxed)).cloned(),
            "items" => Some(Value::Tuple(self.items.clone().into())),
            "pos" => i64::try_from(self.at.load(Ordering::Relaxed)).ok().map(Value::Int),
            _ => None,
        }
    }

    fn truthy(&self) -> bool {
        true
    }

    fn call_method(
        &self,
        name: &str,
        _args: &[Value],
        _named: &[(Text, Value)],
    ) -> Option<Result<Value, String>> {
        match name {
            "next" | "__next__" => {
                let at = self.at.load(Ordering::Relaxed);
                self.at.store((at + 1) % self.items.len().max(1), Ordering::Relaxed);
                Some(Ok(self.items.get(at).cloned().unwrap_or_default()))
            }
            "reset" => {
                self.at.store(0, Ordering::Relaxed);
                Some(Ok(Value::None))
            }
            _ => None,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `joiner(…)`: nothing the first time, the separator afterwards.
#[derive(Debug)]
struct Joiner {
    separator: String,
    used: AtomicUsize,
}

impl Object for Joiner {
    fn type_name(&self) -> &str {
        "Joiner"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Callable
    }

    fn truthy(&self) -> bool {
        true
    }

    fn call_method(
        &self,
        name: &str,
        _args: &[Value],
        _named: &[(Text, Value)],
    ) -> Option<Result<Value, String>> {
        if name != "__call__" {
            return None;
        }
        let first = self.used.swap(1, Ordering::Relaxed) == 0;
        Some(Ok(Value::from(if first { "" } else { self.separator.as_str() })))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
