//! What one render shares: effects, what was rendered already, what is being rendered. Must not
//! know the syntax tree's inside.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use nafal_base::{Deprecated, Scope, Text, Value};

use crate::compile;
use crate::context::DocumentOptions;
use crate::effects::Effects;
use crate::error::{Error, ErrorKind};
use crate::eval::{Frame, Unit, finalize};
use crate::marking::{Marking, Tolerance};

/// What becomes of something undefined inside a container that leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// An error.
    Refused,
    /// It isn't there.
    LeftOut,
}

/// How deep lazy variables and macros may call each other. Workers have small stacks.
const DEPTH: usize = 60;

type Key = (usize, usize);

/// One render from outside, with every lazy variable that it touches.
pub(crate) struct Session<'a> {
    /// The world.
    pub effects: &'a dyn Effects,
    memo: RefCell<HashMap<Key, (Text, Value), foldhash::fast::FixedState>>,
    active: RefCell<Vec<Key>>,
    depth: Cell<usize>,
    /// Where macros find the variables of the template that made them.
    units: RefCell<Vec<Rc<Unit>>>,
    /// Scopes of other hosts: kept, because what was rendered is remembered by their address.
    scopes: RefCell<HashMap<usize, Arc<dyn Scope>, foldhash::fast::FixedState>>,
    /// How the template file is read that is being rendered: what it includes is read likewise.
    document: RefCell<Option<Rc<DocumentOptions>>>,
    /// What was told of variables that will go.
    advised: RefCell<Vec<Deprecated>>,
    /// What stands for errors, when they don't fail the render.
    pub marking: Option<Marking>,
    /// What becomes of what is undefined.
    pub missing: Missing,
}

fn address(scope: &dyn Scope) -> usize {
    std::ptr::from_ref(scope).cast::<()>().addr()
}

impl<'a> Session<'a> {
    /// A fresh one.
    pub fn new(effects: &'a dyn Effects) -> Session<'a> {
        Session {
            effects,
            memo: RefCell::default(),
            active: RefCell::default(),
            depth: Cell::new(0),
            units: RefCell::default(),
            scopes: RefCell::default(),
            document: RefCell::default(),
            advised: RefCell::default(),
            marking: None,
            missing: Missing::Refused,
        }
    }

    /// One in which errors are marked.
    pub fn marking(effects: &'a dyn Effects, tolerance: Tolerance) -> Session<'a> {
        Session { marking: Some(Marking::new(tolerance)), ..Session::new(effects) }
    }

    /// One that leaves out what is undefined.
    pub fn leaving_out(effects: &'a dyn Effects) -> Session<'a> {
        Session { missing: Missing::LeftOut, ..Session::new(effects) }
    }

    /// The marking of everything that goes wrong, if that is asked for.
    pub fn marks_everything(&self) -> Option<&Marking> {
        self.marking.as_ref().filter(|marking| marking.tolerance == Tolerance::Everything)
    }

    /// Runs something inside a template file that is read like this.
    pub fn within<T>(&self, options: &DocumentOptions, inner: impl FnOnce() -> T) -> T {
        let outer = self.document.replace(Some(Rc::new(options.clone())));
        let result = inner();
        self.document.replace(outer);
        result
    }

    /// Whether nobody has told of such variables yet; from now on somebody has.
    pub fn is_first(&self, deprecated: Deprecated) -> bool {
        let mut advised = self.advised.borrow_mut();
        let is_first = !advised.contains(&deprecated);
        if is_first {
            advised.push(deprecated);
        }
        is_first
    }

    /// How templates that are included here are read.
    pub fn document(&self) -> Option<Rc<DocumentOptions>> {
        self.document.borrow().clone()
    }

    /// A text as it is when it is read: rendered when it is a template. Something undefined in it
    /// makes it undefined.
    pub fn resolve(&self, value: Value, scope: &dyn Scope) -> Result<Value, Error> {
        match &value {
            Value::Str(text) if text.is_template() => self.lazy(text, scope),
            _ => Ok(value),
        }
    }

    /// Lets a change go through what was rendered already.
    pub fn remembered(&self, mut change: impl FnMut(&mut Value)) {
        self.memo.borrow_mut().values_mut().for_each(|(_, value)| change(value));
    }

    fn lazy(&self, text: &Text, scope: &dyn Scope) -> Result<Value, Error> {
        let key = (text.as_str().as_ptr().addr(), address(scope));
        if let Some((_, value)) = self.memo.borrow().get(&key) {
            return Ok(value.clone());
        }
        if self.active.borrow().contains(&key) {
            return Err(recursion(text));
        }
        self.active.borrow_mut().push(key);
        let result = self.evaluate(text, scope);
        self.active.borrow_mut().pop();
        let value = match result {
            Err(error) => match error.kind() {
                ErrorKind::Undefined(marker) => Value::Undef(Arc::clone(marker)),
                _ => return Err(error),
            },
            Ok(value) => value,
        };
        self.memo.borrow_mut().insert(key, (text.clone(), value.clone()));
        Ok(value)
    }

    /// A template's own result: containers in it may still be lazy, the whole may be undefined or
    /// omit.
    pub fn evaluate(&self, text: &Text, scope: &dyn Scope) -> Result<Value, Error> {
        if text.is_vault() {
            return crate::vault::decrypted(text, self.effects).map(Value::Str);
        }
        let template = compile::template(text)?;
        self.enter(|| {
            let frame = Frame::new(self, scope, text.span(), &template);
            frame.check_known(compile::Part::Template)?;
            frame.advise();
            let run = || {
                let value = frame.run()?;
                finalize::storable(&value)?;
                Ok(finalize::without_tuples(value))
            };
            run().map_err(|error: Error| {
                wrap(error, "Error rendering template.").at(text.span().cloned())
            })
        })
        .map_err(|error| error.unwrap_or_else(|| recursion(text)))
    }

    /// Runs something one level deeper; None when that is too deep.
    pub fn enter<T>(&self, inner: impl FnOnce() -> Result<T, Error>) -> Result<T, Option<Error>> {
        let depth = self.depth.get();
        if depth >= DEPTH {
            return Err(None);
        }
        self.depth.set(depth + 1);
        let result = inner();
        self.depth.set(depth);
        result.map_err(Some)
    }

    /// Keeps a template's variables for its macros; gives their number.
    pub fn register(&self, unit: &Rc<Unit>) -> usize {
        let mut units = self.units.borrow_mut();
        if let Some(index) = units.iter().position(|known| Rc::ptr_eq(known, unit)) {
            return index;
        }
        units.push(Rc::clone(unit));
        units.len() - 1
    }

    /// The variables of the template with this number.
    pub fn unit(&self, index: usize) -> Option<Rc<Unit>> {
        self.units.borrow().get(index).cloned()
    }

    /// All templates whose variables are kept.
    pub fn each_unit(&self, inner: impl FnMut(&Rc<Unit>)) {
        self.units.borrow().iter().for_each(inner);
    }

    /// Keeps another host's scope as long as this render lasts.
    pub fn keep(&self, scope: &Arc<dyn Scope>) {
        let mut scopes = self.scopes.borrow_mut();
        scopes.entry(address(&**scope)).or_insert_with(|| Arc::clone(scope));
    }
}

/// The error of a template that needs itself.
pub(crate) fn recursion(text: &Text) -> Error {
    Error::new("Recursive loop detected in template.")
        .caused_by(Error::new("maximum recursion depth exceeded"))
        .at(text.span().cloned())
}

/// A bare failure under stock's headline; everything else has its headline already.
pub(crate) fn wrap(error: Error, headline: &str) -> Error {
    match error.kind() {
        ErrorKind::Failed(_) if error.cause().is_none() => Error::new(headline).caused_by(error),
        _ => error,
    }
}
