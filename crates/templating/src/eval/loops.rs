//! `for` and the `loop` object.

use std::any::Any;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use nafal_base::{List, Object, ObjectKind, ObjectRef, UndefinedReason, Value};

use super::call::Passed;
use super::finalize::read;
use super::{Frame, Output, iterate};
use crate::ast::{Counter, Expr, For, Jump, Recursion, Target};
use crate::error::Error;

/// `loop`: one for all turns.
#[derive(Debug)]
pub(crate) struct LoopObject {
    statement: Option<Arc<For>>,
    items: List,
    index: AtomicUsize,
    depth: usize,
    seen: Mutex<Option<Vec<Value>>>,
}

impl LoopObject {
    fn at(&self) -> usize {
        self.index.load(Ordering::Relaxed)
    }

    fn cycle(&self, passed: &Passed) -> Result<Value, Error> {
        match passed.positional.len() {
            0 => Err(Error::new("no items for cycling given")),
            length => Ok(passed.positional[self.at() % length].clone()),
        }
    }

    fn changed(&self, passed: &Passed) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let same = seen.as_ref() == Some(&passed.positional);
        *seen = Some(passed.positional.clone());
        !same
    }
}

fn count(number: usize) -> Option<Value> {
    i64::try_from(number).ok().map(Value::Int)
}

impl Object for LoopObject {
    fn type_name(&self) -> &str {
        "LoopContext"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Plain
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        let (at, length) = (self.at(), self.items.len());
        match name {
            "index" => count(at + 1),
            "index0" => count(at),
            "revindex" => count(length - at),
            "revindex0" => count(length - at - 1),
            "first" => Some(Value::Bool(at == 0)),
            "last" => Some(Value::Bool(at + 1 == length)),
            "length" => count(length),
            "depth" => count(self.depth + 1),
            "depth0" => count(self.depth),
            "previtem" => self.items.get(at.checked_sub(1)?).cloned(),
            "nextitem" => self.items.get(at + 1).cloned(),
            _ => None,
        }
    }

    fn truthy(&self) -> bool {
        true
    }

    fn to_text(&self) -> String {
        format!("<LoopContext {}/{}>", self.at() + 1, self.items.len())
    }

    fn repr(&self) -> String {
        self.to_text()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `loop.cycle(…)`, `loop.changed(…)`.
pub(super) fn method(
    _frame: &Frame<'_>,
    receiver: &Value,
    name: &str,
    passed: &Passed,
) -> Option<Result<Value, Error>> {
    let Value::Obj(object) = receiver else {
        return None;
    };
    let running = object.downcast::<LoopObject>()?;
    match name {
        "cycle" => Some(running.cycle(passed)),
        "changed" => Some(Ok(Value::Bool(running.changed(passed)))),
        _ => None,
    }
}

impl Frame<'_> {
    pub(super) fn for_loop(&self, statement: &Arc<For>, out: &mut Output) -> Result<(), Error> {
        let iterable = self.expr(&statement.iterable)?;
        let items = iterate(&iterable)?;
        let source = matches!(iterable, Value::List(_)).then_some(&statement.iterable);
        self.turns(statement, items, 0, source, out)
    }

    /// `loop(children)` in a recursive loop.
    pub(super) fn recurse(&self, running: &LoopObject, passed: &Passed) -> Result<Value, Error> {
        let Some(statement) = &running.statement else {
            return Err(Error::new(
                "The loop must have the 'recursive' marker to be called recursively.",
            ));
        };
        let items = match passed.positional.first() {
            Some(value) => iterate(value)?,
            None => return Err(Error::new("loop() needs something to iterate over")),
        };
        let mut out = Output::default();
        self.session
            .enter(|| self.turns(statement, items, running.depth + 1, None, &mut out))
            .map_err(|error| error.unwrap_or_else(too_deep))?;
        Ok(out.finish())
    }

    fn turns(
        &self,
        statement: &Arc<For>,
        items: Vec<Value>,
        depth: usize,
        source: Option<&Expr>,
        out: &mut Output,
    ) -> Result<(), Error> {
        self.scoped(|| {
            let items = self.chosen(statement, items)?;
            if items.is_empty() {
                self.clear();
                return self.stmts(&statement.otherwise, out);
            }
            let items = List::from(items);
            let recursive = statement.recursion == Recursion::Yes;
            let running = ObjectRef::new(LoopObject {
                statement: recursive.then(|| Arc::clone(statement)),
                items: items.clone(),
                index: AtomicUsize::new(0),
                depth,
                seen: Mutex::new(None),
            });
            let loop_name: crate::ast::Name = "loop".into();
            for (index, item) in items.iter().enumerate() {
                if let Some(running) = running.downcast::<LoopObject>() {
                    running.index.store(index, Ordering::Relaxed);
                }
                self.clear();
                self.assign(&statement.target, item.clone())?;
                if statement.counter == Counter::Read {
                    self.set(&loop_name, Value::Obj(running.clone()));
                }
                self.stmts(&statement.body, out)?;
                self.keep_change(statement, source, index)?;
                if self.jump.take() == Some(Jump::Break) {
                    break;
                }
            }
            Ok(())
        })
    }

    /// What a turn changed in place in its item is changed in the list, too.
    fn keep_change(
        &self,
        statement: &For,
        source: Option<&Expr>,
        index: usize,
    ) -> Result<(), Error> {
        let (Target::Name(name), Some(place), None) =
            (&statement.target, source, &statement.condition)
        else {
            return Ok(());
        };
        match self.changed(name) {
            Some(item) => self.write_back(place, index, item),
            None => Ok(()),
        }
    }

    /// The items that the loop's condition lets through, rendered.
    fn chosen(&self, statement: &For, items: Vec<Value>) -> Result<Vec<Value>, Error> {
        let mut chosen = Vec::with_capacity(items.len());
        for item in items {
            let item = read(self.session, &item, self.scope)?;
            if let Some(condition) = &statement.condition {
                self.clear();
                self.assign(&statement.target, item.clone())?;
                let loop_name: crate::ast::Name = "loop".into();
                let marker = self.undefined(UndefinedReason::Name("loop".to_owned()));
                if self.local("loop").is_none() {
                    self.set(&loop_name, marker);
                }
                let value = self.expr(condition)?;
                if !self.truth(&value)? {
                    continue;
                }
            }
            chosen.push(item);
        }
        Ok(chosen)
    }
}

/// The error of macros or loops that call themselves too often.
pub(super) fn too_deep() -> Error {
    Error::new("Recursive loop detected in template.")
        .caused_by(Error::new("maximum recursion depth exceeded"))
}
