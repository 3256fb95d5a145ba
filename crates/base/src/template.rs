//! What a keyword or argument is before it is rendered. Rendering is the templating crate's.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::span::Span;
use crate::value::Value;

/// Something written in a playbook that will be a `T` once it is rendered.
pub struct Template<T> {
    /// What was written: a constant, a text that may be a template, or a container of such.
    pub source: Value,
    /// Where it was written (ints and bools carry no place of their own).
    pub span: Option<Span>,
    /// What counts when this one gives `omit`.
    outer: Option<Arc<Template<T>>>,
    target: PhantomData<fn() -> T>,
}

impl<T> Template<T> {
    /// What was written, and where.
    pub fn new(source: Value, span: Option<Span>) -> Template<T> {
        let span = span.or_else(|| source.span().cloned());
        Template { source, span, outer: None, target: PhantomData }
    }

    /// The same within what it is inherited from, which counts where this one gives `omit`.
    pub fn within(&self, outer: &Template<T>) -> Template<T> {
        let outer = match &self.outer {
            Some(nearer) => nearer.within(outer),
            None => outer.clone(),
        };
        Template { outer: Some(Arc::new(outer)), ..self.clone() }
    }

    /// What counts when this one gives `omit`.
    pub fn outer(&self) -> Option<&Template<T>> {
        self.outer.as_deref()
    }

    /// Whether rendering it would change it: anything in it is a template.
    pub fn is_dynamic(&self) -> bool {
        self.source.has_template()
    }
}

impl<T> Clone for Template<T> {
    fn clone(&self) -> Template<T> {
        Template {
            source: self.source.clone(),
            span: self.span.clone(),
            outer: self.outer.clone(),
            target: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Template<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Template({:?})", self.source)
    }
}
