//! Statements.

use std::sync::Arc;

use nafal_base::Value;

use super::{Frame, Output, iterate, macros, objects};
use crate::ast::{Expr, Stmt, Target};
use crate::error::Error;

impl Frame<'_> {
    /// The whole template, its parent included.
    pub(super) fn template(&self, out: &mut Output) -> Result<(), Error> {
        self.add_blocks();
        let result = self.stmts(&self.template.body, out);
        match (result, self.session.marks_everything()) {
            (Err(error), Some(marking)) => {
                let error = crate::session::wrap(error, "Error rendering template.");
                let mark = marking.mark(&error.chain(), self.span)
                    + &marking.mark("template potentially truncated", self.span);
                out.push(self, Value::from(mark))
            }
            (result, _) => result,
        }
    }

    /// The template's blocks, weaker than those that are there.
    pub(super) fn add_blocks(&self) {
        if self.template.blocks.is_empty() {
            return;
        }
        let mut blocks = self.unit().blocks.borrow_mut();
        for (name, body) in &self.template.blocks {
            match blocks.iter_mut().find(|(known, _)| known == name) {
                Some((_, bodies)) => bodies.push(Arc::clone(body)),
                None => blocks.push((name.clone(), vec![Arc::clone(body)])),
            }
        }
    }

    pub(super) fn stmts(&self, stmts: &[Stmt], out: &mut Output) -> Result<(), Error> {
        let mut parent = None;
        for stmt in stmts {
            if let Stmt::Extends(name) = stmt {
                parent = Some(self.expr(name)?);
            } else if parent.is_none() {
                self.stmt(stmt, out)?;
            } else if !matches!(stmt, Stmt::Raw(_) | Stmt::Emit(..) | Stmt::Block { .. }) {
                // Of a template that extends another only definitions count.
                self.stmt(stmt, &mut Output::default())?;
            }
            if self.jump.get().is_some() {
                return Ok(());
            }
        }
        match parent {
            Some(name) => self.extend(&name, out),
            None => Ok(()),
        }
    }

    fn stmt(&self, stmt: &Stmt, out: &mut Output) -> Result<(), Error> {
        match stmt {
            Stmt::Raw(text) => out.push(self, Value::Str(text.clone())),
            Stmt::Emit(expr, line) => {
                self.line.set(*line);
                let value = self.expr(expr)?;
                out.push(self, value)
            }
            Stmt::If { arms, otherwise, line } => {
                self.line.set(*line);
                for (test, body) in arms {
                    let value = self.expr(test)?;
                    if self.truth(&value)? {
                        return self.stmts(body, out);
                    }
                }
                self.stmts(otherwise, out)
            }
            Stmt::For(inner) => self.for_loop(inner, out),
            Stmt::Set { target, value, line } => {
                self.line.set(*line);
                let value = self.expr(value)?;
                self.assign(target, value)
            }
            Stmt::SetBlock { target, filter, body } => {
                let value = self.capture(body)?;
                let value = match filter {
                    Some(filter) => self.filtered(filter, value)?,
                    None => value,
                };
                self.assign(target, value)
            }
            Stmt::With { assignments, body } => {
                // The values are seen from outside the block.
                let values: Vec<_> = assignments
                    .iter()
                    .map(|(target, value)| Ok((target, self.expr(value)?)))
                    .collect::<Result<_, Error>>()?;
                self.scoped(|| {
                    for (target, value) in values {
                        self.assign(target, value)?;
                    }
                    self.stmts(body, out)
                })
            }
            Stmt::Filter { filter, body } => {
                let value = self.scoped(|| self.capture(body))?;
                let value = self.filtered(filter, value)?;
                out.push(self, value)
            }
            Stmt::Jump(jump) => {
                self.jump.set(Some(*jump));
                Ok(())
            }
            Stmt::Scope(body) => self.scoped(|| self.stmts(body, out)),
            other => self.definition(other, out),
        }
    }

    fn definition(&self, stmt: &Stmt, out: &mut Output) -> Result<(), Error> {
        match stmt {
            Stmt::Macro(inner) => {
                let value = macros::object(self, inner);
                self.set(&inner.name, value);
                Ok(())
            }
            Stmt::Call { call, caller } => {
                let caller = macros::object(self, caller);
                let value = self.call_with(call, caller)?;
                out.push(self, value)
            }
            Stmt::Block { name } => {
                let value = self.block_value(name)?;
                out.push(self, value)
            }
            Stmt::Include { name, ignore_missing, context } => {
                self.include(name, *ignore_missing, *context, out)
            }
            Stmt::Import { name, target, context } => {
                let module = self.import(name, *context)?;
                self.set(target, module);
                Ok(())
            }
            Stmt::FromImport { name, names, context } => self.import_names(name, names, *context),
            // All others are in `stmt`.
            _ => Ok(()),
        }
    }

    /// What statements put out, as one value.
    pub(super) fn capture(&self, body: &[Stmt]) -> Result<Value, Error> {
        let mut out = Output::default();
        self.stmts(body, &mut out)?;
        Ok(out.finish())
    }

    fn filtered(&self, filter: &Expr, value: Value) -> Result<Value, Error> {
        self.bodies.borrow_mut().push(value);
        let result = self.expr(filter);
        self.bodies.borrow_mut().pop();
        result
    }

    pub(super) fn assign(&self, target: &Target, value: Value) -> Result<(), Error> {
        match target {
            Target::Name(name) => {
                self.set(name, value);
                Ok(())
            }
            Target::Attribute(name, attribute) => {
                let object = self.variable(name)?;
                if let Value::Undef(undefined) = &object {
                    return Err(Error::undefined(undefined));
                }
                if let Value::Obj(object) = &object
                    && let Some(namespace) = object.downcast::<objects::Namespace>()
                {
                    namespace.set(attribute, value);
                    return Ok(());
                }
                Err(Error::new("cannot assign attribute on non-namespace object"))
            }
            Target::Tuple(targets) => {
                let items = match &value {
                    Value::Undef(undefined) => return Err(Error::undefined(undefined)),
                    Value::Obj(object) if object.iterate().is_none() => Vec::new(),
                    value => iterate(value).map_err(|_| {
                        Error::new(format!(
                            "cannot unpack non-iterable {} object",
                            super::operators::type_name(value)
                        ))
                    })?,
                };
                let (wanted, got) = (targets.len(), items.len());
                if got < wanted {
                    return Err(Error::new(format!(
                        "not enough values to unpack (expected {wanted}, got {got})"
                    )));
                }
                if got > wanted {
                    return Err(Error::new(format!(
                        "too many values to unpack (expected {wanted}, got {got})"
                    )));
                }
                for (target, item) in targets.iter().zip(items) {
                    let item = self.session.resolve(item, self.scope)?;
                    self.assign(target, item)?;
                }
                Ok(())
            }
        }
    }

    /// A block's strongest body, rendered.
    pub(super) fn block_value(&self, name: &str) -> Result<Value, Error> {
        self.block_body(name, 0)
    }

    /// `super()`: the next weaker body of the block that runs.
    pub(super) fn super_block(&self) -> Result<Value, Error> {
        let running = self.block.borrow().last().cloned();
        match running {
            Some((name, passed)) => self.block_body(&name, passed + 1),
            None => Err(Error::new("there is no block here")),
        }
    }

    fn block_body(&self, name: &str, passed: usize) -> Result<Value, Error> {
        let found = self
            .unit()
            .blocks
            .borrow()
            .iter()
            .find(|(known, _)| &**known == name)
            .map(|(known, bodies)| (known.clone(), bodies.get(passed).cloned()));
        let Some((name, Some(body))) = found else {
            return Ok(self.message(format!("there is no parent block called '{name}'.")));
        };
        self.block.borrow_mut().push((name, passed));
        let result = self.scoped(|| self.capture(&body));
        self.block.borrow_mut().pop();
        result
    }
}
