//! One template while it is evaluated: its local variables and where variables come from.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use nafal_base::{EmptyScope, Scope, Span, Undefined, UndefinedReason, Value};

use super::Output;
use crate::analysis;
use crate::ast::{Jump, Name, Stmt, Template, UnknownKind};
use crate::compile;
use crate::context::Context;
use crate::effects::PluginKind;
use crate::error::Error;
use crate::session::Session;

/// A local variable.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub name: Name,
    pub value: Value,
    /// Whether it was changed in place since it was set.
    pub changed: bool,
    /// Whether it comes from the template that imports or includes this one.
    pub outer: bool,
}

/// The bodies of a block, the strongest (of the template that extends) first.
pub(crate) type Bodies = Vec<Arc<Vec<Stmt>>>;

/// What a template's macros share with it: its top-level variables and its blocks.
#[derive(Debug, Default)]
pub(crate) struct Unit {
    pub top: RefCell<Vec<Slot>>,
    /// Bodies by block.
    pub blocks: RefCell<Vec<(Name, Bodies)>>,
    /// Whether its macros see no variables: it was imported without context.
    pub isolated: Cell<bool>,
}

/// The template that runs.
pub(crate) struct Frame<'f> {
    pub session: &'f Session<'f>,
    pub scope: &'f dyn Scope,
    /// The variables of the render, also where `scope` hides them.
    pub(super) all: &'f dyn Scope,
    /// Where the template was written.
    pub span: Option<&'f Span>,
    pub template: &'f Arc<Template>,
    /// Made when something is first set: most templates set nothing.
    pub(super) unit: OnceCell<Rc<Unit>>,
    /// Variables of loops, macros and `with`, the innermost last.
    pub locals: RefCell<Vec<Slot>>,
    /// Where the innermost of them starts; None at top level.
    pub(super) base: Cell<Option<usize>>,
    /// The line that runs, within the template.
    pub line: Cell<u32>,
    /// What filter blocks filter.
    pub bodies: RefCell<Vec<Value>>,
    /// The block that runs, and how many of its bodies are passed (`super()`).
    pub block: RefCell<Vec<(Name, usize)>>,
    /// Where the innermost loop goes on, once a statement of it said so.
    pub(super) jump: Cell<Option<Jump>>,
}

impl<'f> Frame<'f> {
    pub fn new(
        session: &'f Session<'f>,
        scope: &'f dyn Scope,
        span: Option<&'f Span>,
        template: &'f Arc<Template>,
    ) -> Frame<'f> {
        Frame {
            session,
            scope,
            all: scope,
            span,
            template,
            unit: OnceCell::new(),
            locals: RefCell::default(),
            base: Cell::new(None),
            line: Cell::new(0),
            bodies: RefCell::default(),
            block: RefCell::default(),
            jump: Cell::new(None),
        }
    }

    /// Another template's frame below this one, which sees the variables or not.
    pub(super) fn below<'g>(
        &'g self,
        template: &'g Arc<Template>,
        context: crate::ast::Context,
    ) -> Frame<'g> {
        let inner = Frame::new(self.session, self.all, self.span, template);
        inner.advise();
        if context == crate::ast::Context::Seen {
            return Frame { scope: self.scope, ..inner };
        }
        inner.unit().isolated.set(true);
        Frame { scope: &EmptyScope, ..inner }
    }

    /// The template's value.
    pub fn run(&self) -> Result<Value, Error> {
        if let [Stmt::Emit(expr, line)] = self.template.body.as_slice() {
            self.line.set(*line);
            let value = self.expr(expr)?;
            return if self.template.newlines > 0 {
                Ok(with_newlines(value, self.template.newlines))
            } else {
                Ok(value)
            };
        }
        let mut out = Output::default();
        self.template(&mut out)?;
        let value = out.finish();
        Ok(with_newlines(value, self.template.newlines))
    }

    /// Tells of variables that the template reads and that will go.
    pub fn advise(&self) {
        let names = || analysis::names_of_template(self.template);
        self.template.advised.tell(self.session, self.scope, self.span, names);
    }

    /// What the template shares with its macros.
    pub fn unit(&self) -> &Rc<Unit> {
        self.unit.get_or_init(Rc::default)
    }

    /// What filters see of this render.
    pub fn context(&self) -> Context<'_> {
        Context { session: self.session, scope: self.scope, span: self.span }
    }

    /// Refuses filters and tests that nobody knows, as stock does before anything is evaluated.
    pub fn check_known(&self, part: compile::Part) -> Result<(), Error> {
        check_known(self.session, &self.template.unknown, part).map_err(|error| {
            let place = self.span.map(|span| at_line(span, error.line()));
            error.at(place)
        })
    }

    /// The local variable of this name.
    pub fn local(&self, name: &str) -> Option<Value> {
        let find = |slots: &[Slot]| {
            slots.iter().rev().find(|slot| &*slot.name == name).map(|slot| slot.value.clone())
        };
        find(&self.locals.borrow()).or_else(|| find(&self.unit.get()?.top.borrow()))
    }

    /// Sets a variable in the innermost scope.
    pub fn set(&self, name: &Name, value: Value) {
        match self.base.get() {
            Some(base) => assign(&mut self.locals.borrow_mut(), base, name, value),
            None => assign(&mut self.unit().top.borrow_mut(), 0, name, value),
        }
    }

    /// Keeps a variable from outside, which isn't one of the template's own.
    pub fn pin(&self, name: &str, value: Value) {
        let slot = Slot { name: name.into(), value, changed: false, outer: true };
        self.unit().top.borrow_mut().push(slot);
    }

    /// Sets a variable of the whole template.
    pub fn set_top(&self, name: &Name, value: Value) {
        assign(&mut self.unit().top.borrow_mut(), 0, name, value);
    }

    /// Runs `inner` with a scope of its own.
    pub fn scoped<T>(&self, inner: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let outer = self.base.get();
        let start = self.locals.borrow().len();
        self.base.set(Some(start));
        let result = inner();
        self.locals.borrow_mut().truncate(start);
        self.base.set(outer);
        result
    }

    /// Forgets the variables of the innermost scope: the next turn of a loop.
    pub fn clear(&self) {
        if let Some(base) = self.base.get() {
            self.locals.borrow_mut().truncate(base);
        }
    }

    /// A marker for something that isn't there.
    pub fn undefined(&self, reason: UndefinedReason) -> Value {
        Value::Undef(Arc::new(Undefined { reason, span: self.span.cloned() }))
    }
}

/// The place of a line of a template file; a template in YAML has its own place.
pub(crate) fn at_line(span: &Span, line: u32) -> Span {
    if span.line > 0 || line == 0 { span.clone() } else { Span::new(&span.source, line, 0) }
}

fn assign(slots: &mut Vec<Slot>, base: usize, name: &Name, value: Value) {
    match slots.iter_mut().skip(base).find(|slot| slot.name == *name) {
        Some(slot) => {
            slot.value = value;
            (slot.changed, slot.outer) = (false, false);
        }
        None => slots.push(Slot { name: name.clone(), value, changed: false, outer: false }),
    }
}

/// Stock's rule: the newlines that the text ended with come back behind a string.
pub(crate) fn with_newlines(value: Value, newlines: usize) -> Value {
    match &value {
        Value::Str(text) if newlines > 0 => {
            let kept = text.len() - text.trim_end_matches('\n').len();
            if kept >= newlines {
                return value;
            }
            let mut text = text.to_string();
            text.extend(std::iter::repeat_n('\n', newlines - kept));
            Value::text(text)
        }
        _ => value,
    }
}

/// Refuses the first filter or test that neither we nor the user's plugins know.
pub(crate) fn check_known(
    session: &Session<'_>,
    unknown: &[crate::ast::Unknown],
    part: compile::Part,
) -> Result<(), Error> {
    for missing in unknown {
        let kind = match missing.kind {
            UnknownKind::Filter => PluginKind::Filter,
            UnknownKind::Test => PluginKind::Test,
            UnknownKind::Repeated => {
                let headline = match part {
                    compile::Part::Template => "Error rendering template.",
                    compile::Part::Expression => "Error rendering expression.",
                };
                return Err(crate::session::wrap(compile::unknown(missing), headline));
            }
        };
        if !session.effects.has_plugin(kind, &missing.name) {
            let headline = match part {
                compile::Part::Template => "Syntax error in template.",
                compile::Part::Expression => "Syntax error in expression.",
            };
            let reason = compile::unknown(missing);
            let line = reason.line();
            return Err(Error::syntax(headline).caused_by(reason).on_line(line));
        }
    }
    Ok(())
}
