//! Functions that make objects with a memory: `cycler` and `joiner`.

use std::any::Any;
use std::sync::atomic::{AtomicUsize, Ordering};

use nafal_base::{Object, ObjectKind, ObjectRef, Text, Value};

use crate::arguments::fail;
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Function};

/// The functions.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "cycler",
        doc: "gives its items one after the other, again and again",
        run: cycler,
    },
    Function {
        name: "joiner",
        doc: "gives nothing the first time, a separator ever after",
        run: joiner,
    },
];

/// Its position is one of the few things in a template that change in place, so it is shared.
#[derive(Debug)]
struct Cycler {
    items: Vec<Value>,
    position: AtomicUsize,
}

impl Cycler {
    fn current(&self) -> Value {
        let position = self.position.load(Ordering::Relaxed) % self.items.len().max(1);
        self.items.get(position).cloned().unwrap_or_default()
    }
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
            "current" => Some(self.current()),
            "items" => Some(Value::Tuple(self.items.iter().cloned().collect())),
            "pos" => {
                Some(Value::from(self.position.load(Ordering::Relaxed) % self.items.len().max(1)))
            }
            _ => None,
        }
    }

    fn call_method(
        &self,
        name: &str,
        _: &[Value],
        _: &[(Text, Value)],
    ) -> Option<Result<Value, String>> {
        match name {
            "next" | "__next__" => {
                let current = self.current();
                self.position.fetch_add(1, Ordering::Relaxed);
                Some(Ok(current))
            }
            "reset" => {
                self.position.store(0, Ordering::Relaxed);
                Some(Ok(Value::None))
            }
            _ => None,
        }
    }

    fn truthy(&self) -> bool {
        true
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn cycler(_: &Context<'_>, args: Args<'_>) -> Result<Value, Error> {
    if args.positional.is_empty() {
        return fail("at least one item has to be provided");
    }
    let position = AtomicUsize::new(0);
    Ok(Value::Obj(ObjectRef::new(Cycler { items: args.positional.to_vec(), position })))
}

#[derive(Debug)]
struct Joiner {
    separator: Value,
    used: AtomicUsize,
}

impl Object for Joiner {
    fn type_name(&self) -> &str {
        "Joiner"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Callable
    }

    fn call_method(
        &self,
        name: &str,
        _: &[Value],
        _: &[(Text, Value)],
    ) -> Option<Result<Value, String>> {
        (name == "__call__").then(|| {
            let first = self.used.fetch_add(1, Ordering::Relaxed) == 0;
            Ok(if first { Value::from("") } else { self.separator.clone() })
        })
    }

    fn truthy(&self) -> bool {
        true
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn joiner(_: &Context<'_>, args: Args<'_>) -> Result<Value, Error> {
    let named = args.named.iter().find(|(name, _)| name == "sep").map(|(_, value)| value);
    let separator = args.positional.first().or(named).cloned().unwrap_or_else(|| ", ".into());
    Ok(Value::Obj(ObjectRef::new(Joiner { separator, used: AtomicUsize::new(0) })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles() {
        let cycler = Cycler { items: vec![1.into(), 2.into()], position: AtomicUsize::new(0) };
        let next = || cycler.call_method("next", &[], &[]).unwrap().unwrap();
        assert_eq!([next(), next(), next()], [Value::Int(1), Value::Int(2), Value::Int(1)]);
    }
}
