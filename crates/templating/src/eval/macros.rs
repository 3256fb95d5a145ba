//! Macros and what calls them.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;

use nafal_base::{Dict, EmptyScope, List, Object, ObjectKind, ObjectRef, UndefinedReason, Value};

use super::call::Passed;
use super::loops::too_deep;
use super::{Frame, Output, Slot};
use crate::ast::{Call, Expr, Macro, Name};
use crate::error::Error;

/// A macro as a value: only good within the render that made it.
#[derive(Debug)]
pub(crate) struct MacroObject {
    declared: Arc<Macro>,
    /// Whose top-level variables it sees.
    unit: usize,
    /// The variables of loops and macros around it.
    captured: Vec<(Name, Value)>,
}

impl Object for MacroObject {
    fn type_name(&self) -> &str {
        "Macro"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Callable
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        match name {
            "name" => Some(Value::from(&*self.declared.name)),
            "arguments" => Some(Value::Tuple(
                self.declared.parameters.iter().map(|name| Value::from(&**name)).collect(),
            )),
            "catch_kwargs" => Some(Value::Bool(self.declared.kwargs)),
            "catch_varargs" => Some(Value::Bool(self.declared.varargs)),
            "caller" => Some(Value::Bool(self.declared.caller)),
            _ => None,
        }
    }

    fn truthy(&self) -> bool {
        true
    }

    fn to_text(&self) -> String {
        format!("<Macro '{}'>", self.declared.name)
    }

    fn repr(&self) -> String {
        self.to_text()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The macro as a value, seeing what is visible here.
pub(super) fn object(frame: &Frame<'_>, declared: &Arc<Macro>) -> Value {
    let captured =
        frame.locals.borrow().iter().map(|slot| (slot.name.clone(), slot.value.clone())).collect();
    Value::Obj(ObjectRef::new(MacroObject {
        declared: Arc::clone(declared),
        unit: frame.session.register(frame.unit()),
        captured,
    }))
}

impl Frame<'_> {
    /// `{% call … %}`: the call with its body as `caller`.
    pub(super) fn call_with(&self, call: &Expr, caller: Value) -> Result<Value, Error> {
        let Expr::Call(call) = call else {
            return Err(Error::new("expected a call"));
        };
        let call: &Call = call;
        let callee = self.expr(&call.callee)?;
        if let Value::Undef(undefined) = &callee {
            return Err(Error::undefined(undefined));
        }
        let mut passed = self.arguments(&call.arguments)?;
        passed.named.push(("caller".into(), caller));
        self.call_value(&callee, &passed)
    }

    pub(super) fn call_macro(&self, called: &MacroObject, passed: &Passed) -> Result<Value, Error> {
        let unit = self.session.unit(called.unit).unwrap_or_else(|| Rc::clone(self.unit()));
        let scope = if unit.isolated.get() { &EmptyScope } else { self.all };
        let inner = Frame {
            unit: unit.into(),
            scope,
            ..Frame::new(self.session, self.all, self.span, self.template)
        };
        inner.line.set(self.line.get());
        inner.locals.borrow_mut().extend(called.captured.iter().map(|(name, value)| Slot {
            name: name.clone(),
            value: value.clone(),
            changed: false,
            outer: false,
        }));
        self.session
            .enter(|| {
                inner.scoped(|| {
                    inner.bind(&called.declared, passed)?;
                    let mut out = Output::default();
                    inner.stmts(&called.declared.body, &mut out)?;
                    Ok(out.finish())
                })
            })
            .map_err(|error| error.unwrap_or_else(too_deep))
    }

    fn bind(&self, declared: &Macro, passed: &Passed) -> Result<(), Error> {
        let mut named = passed.named.clone();
        let count = declared.parameters.len();
        let first_default = count - declared.defaults.len().min(count);
        for (index, parameter) in declared.parameters.iter().enumerate() {
            let given = passed.positional.get(index).cloned().or_else(|| {
                let at = named.iter().position(|(name, _)| name == &**parameter)?;
                Some(named.remove(at).1)
            });
            let value = match given {
                Some(value) => value,
                None if index >= first_default => {
                    self.expr(&declared.defaults[index - first_default])?
                }
                None => self.undefined(UndefinedReason::Message(format!(
                    "parameter '{parameter}' was not provided"
                ))),
            };
            self.set(parameter, value);
        }
        if !declared.parameters.iter().any(|name| &**name == "caller") {
            let at = named.iter().position(|(name, _)| name == "caller");
            let caller = at.map(|at| named.remove(at).1);
            if caller.is_some() && !declared.caller {
                return Err(Error::new(format!(
                    "macro '{}' was invoked with two values for the special caller argument. This is most likely a bug.",
                    declared.name
                )));
            }
            let caller = caller.unwrap_or_else(|| {
                self.undefined(UndefinedReason::Message("No caller defined".to_owned()))
            });
            if declared.caller {
                self.set(&"caller".into(), caller);
            }
        }
        self.bind_rest(declared, passed, named)
    }

    fn bind_rest(
        &self,
        declared: &Macro,
        passed: &Passed,
        named: Vec<(nafal_base::Text, Value)>,
    ) -> Result<(), Error> {
        let count = declared.parameters.len();
        if declared.kwargs {
            let dict: Dict = named.into_iter().collect();
            self.set(&"kwargs".into(), Value::Dict(dict));
        } else if let Some((name, _)) = named.first() {
            return Err(Error::new(format!(
                "macro '{}' takes no keyword argument '{name}'",
                declared.name
            )));
        }
        if declared.varargs {
            let rest: List = passed.positional.iter().skip(count).cloned().collect();
            self.set(&"varargs".into(), Value::Tuple(rest));
        } else if passed.positional.len() > count {
            return Err(Error::new(format!(
                "macro '{}' takes not more than {count} argument(s)",
                declared.name
            )));
        }
        Ok(())
    }
}
