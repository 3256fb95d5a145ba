//! `include`, `import`, `from … import` and `extends`: other templates, through the effects.

use std::any::Any;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use nafal_base::{Dict, Object, ObjectKind, ObjectRef, UndefinedReason, Value};

use super::loops::too_deep;
use super::{Frame, Output, Slot, at_line, iterate};
use crate::ast::{Context, Expr, IgnoreMissing, Name, Template};
use crate::context::DocumentOptions;
use crate::error::Error;
use crate::frontend;
use crate::scan::Strings;

/// A template's macros and variables, as `import` gives them.
#[derive(Debug)]
pub(super) struct Module {
    name: String,
    body: Vec<Value>,
    names: Dict,
}

impl Module {
    /// What it says itself, where it is emitted.
    pub(super) fn body(&self) -> &[Value] {
        &self.body
    }
}

impl Object for Module {
    fn type_name(&self) -> &str {
        "TemplateModule"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Plain
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        self.names.get(name).cloned()
    }

    fn truthy(&self) -> bool {
        true
    }

    fn to_text(&self) -> String {
        self.body.iter().map(Value::to_text).collect()
    }

    fn repr(&self) -> String {
        format!("<TemplateModule '{}'>", self.name)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A template that was found.
struct Found {
    name: String,
    template: Arc<Template>,
}

impl Frame<'_> {
    /// The first of these templates that there is.
    fn find(&self, name: &Value) -> Result<Result<Found, Error>, Error> {
        let names = match name {
            Value::Undef(undefined) => return Err(Error::undefined(undefined)),
            Value::Str(_) => vec![name.clone()],
            names => iterate(names)?,
        };
        let effects = self.session.effects;
        let options = self.session.document();
        let folders = match options.as_deref() {
            Some(options) if !options.folders.is_empty() => options.folders.clone(),
            _ => vec![effects.current_folder()],
        };
        let mut missing = None;
        for name in names {
            let name = name.to_text().into_owned();
            let path = folders.iter().map(|folder| folder.join(&name));
            match path.into_iter().find(|path| effects.exists(path)) {
                Some(path) => return self.load(name, &path, options.as_deref()).map(Ok),
                None => missing = missing.or(Some(name)),
            }
        }
        let shown: Vec<_> =
            folders.iter().map(|folder| format!("'{}'", folder.display())).collect();
        let paths = if shown.len() == 1 { "search path" } else { "search paths" };
        Ok(Err(Error::new(format!(
            "'{}' not found in {paths}: {}",
            missing.unwrap_or_default(),
            shown.join(", ")
        ))))
    }

    fn load(
        &self,
        name: String,
        path: &Path,
        options: Option<&DocumentOptions>,
    ) -> Result<Found, Error> {
        let failed = |reason: String| Error::new(format!("{}: {reason}", path.display()));
        let bytes = self.session.effects.read(path).map_err(|error| failed(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|error| failed(error.to_string()))?;
        let usual = DocumentOptions::default();
        let options = options.unwrap_or(&usual);
        let template = frontend::template(&text, options, Strings::Processed).map_err(|error| {
            // Stock names the outer template with the inner one's line.
            let place = self.span.map(|span| at_line(span, error.line()));
            Error::syntax("Syntax error in template.").caused_by(error).at(place)
        })?;
        Ok(Found { name, template: Arc::new(template) })
    }

    /// Lets another template see this one's variables.
    fn share_variables(&self, inner: &Frame<'_>) {
        let outer = |slot: &Slot| Slot { outer: true, ..slot.clone() };
        let mut top = inner.unit().top.borrow_mut();
        top.extend(self.unit().top.borrow().iter().map(outer));
        top.extend(self.locals.borrow().iter().map(outer));
    }

    fn deeper<T>(&self, inner: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        self.session.enter(inner).map_err(|error| error.unwrap_or_else(too_deep))
    }

    pub(super) fn include(
        &self,
        name: &Expr,
        ignore_missing: IgnoreMissing,
        context: Context,
        out: &mut Output,
    ) -> Result<(), Error> {
        let name = self.expr(name)?;
        let found = match self.find(&name)? {
            Ok(found) => found,
            Err(_) if ignore_missing == IgnoreMissing::Yes => return Ok(()),
            Err(error) => return Err(error),
        };
        let inner = self.below(&found.template, context);
        // What is included sees everything, and keeps what it sets to itself.
        if context == Context::Seen {
            self.share_variables(&inner);
        }
        self.deeper(|| {
            let mut inside = Output::default();
            inner.template(&mut inside)?;
            out.push(self, inside.finish())
        })
    }

    fn module(&self, name: &Expr, context: Context) -> Result<Module, Error> {
        let name = self.expr(name)?;
        let found = self.find(&name)??;
        let inner = self.below(&found.template, context);
        if context == Context::Seen {
            self.share_variables(&inner);
        }
        let body = self.deeper(|| {
            // Nobody may want it: what can't be said fails where it is emitted.
            let mut out = Output::Kept(Vec::new());
            inner.template(&mut out)?;
            Ok(out.into_parts())
        })?;
        self.session.register(inner.unit());
        // Its macros may change what they are given.
        self.session.register(self.unit());
        let names = inner
            .unit()
            .top
            .borrow()
            .iter()
            .filter(|slot| !slot.outer && !slot.name.starts_with('_'))
            .map(|slot| (&*slot.name, slot.value.clone()))
            .collect();
        Ok(Module { name: found.name, body, names })
    }

    pub(super) fn import(&self, name: &Expr, context: Context) -> Result<Value, Error> {
        self.module(name, context).map(|module| Value::Obj(ObjectRef::new(module)))
    }

    pub(super) fn import_names(
        &self,
        name: &Expr,
        names: &[(Name, Name)],
        context: Context,
    ) -> Result<(), Error> {
        let module = self.module(name, context)?;
        for (name, alias) in names {
            let value = module.attribute(name).unwrap_or_else(|| {
                self.undefined(UndefinedReason::Message(format!(
                    "the template '{}' does not export the requested name '{name}'",
                    module.name
                )))
            });
            self.set(alias, value);
        }
        Ok(())
    }

    pub(super) fn extend(&self, name: &Value, out: &mut Output) -> Result<(), Error> {
        let found = self.find(name)??;
        let inner = Frame {
            unit: Rc::clone(self.unit()).into(),
            ..self.below(&found.template, Context::Seen)
        };
        self.deeper(|| inner.template(out))
    }
}
