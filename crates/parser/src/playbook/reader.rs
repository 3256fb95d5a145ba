//! What every part of the parser carries: the file, the oracle, what was found wrong so far.
//! Must not know any part.

use std::sync::Arc;

use nafal_base::{Diagnostic, Dict, Source, Span, Template, Text, Value};

use super::actions::Actions;
use super::class::class;
use crate::error::Error;
use crate::yaml::{self, Document, Places};

/// What is wrong with a file, or what it says with what stock warns about.
pub(super) type Parsed<T> = Result<(T, Vec<Diagnostic>), Vec<Error>>;

/// A file's only document with its place, if there is anything in the file.
type Content = Option<(Value, Span)>;

pub(super) struct Reader<'a> {
    pub source: Arc<Source>,
    pub actions: &'a dyn Actions,
    pub places: Places,
    /// The collections that are searched here.
    pub collections: Vec<Text>,
    pub errors: Vec<Error>,
    pub warnings: Vec<Diagnostic>,
}

/// A mapping that is read keyword by keyword.
#[derive(Clone, Copy)]
pub(super) struct Fields<'d> {
    pub dict: &'d Dict,
    /// Stock's name for what it is.
    pub owner: &'static str,
    pub span: &'d Span,
}

impl<'d> Fields<'d> {
    /// The key as written and the value, when there is one that isn't null.
    pub(super) fn get(&self, name: &str) -> Option<(&'d Text, &'d Value)> {
        self.written(name).filter(|(_, value)| !value.is_none())
    }

    /// The key as written and the value, null too.
    pub(super) fn written(&self, name: &str) -> Option<(&'d Text, &'d Value)> {
        let (key, value) = self.dict.entry(name)?;
        Some((key.as_text()?, value))
    }
}

impl<'a> Reader<'a> {
    /// Reads a file's only document.
    pub(super) fn open(
        source: &Arc<Source>,
        actions: &'a dyn Actions,
    ) -> Result<(Reader<'a>, Content), Vec<Error>> {
        let (document, warnings) = yaml::load_one(source)?;
        let (content, places) = match document {
            Some(Document { value, span, places }) => (Some((value, span)), places),
            None => (None, Places::default()),
        };
        let source = Arc::clone(source);
        let collections = Vec::new();
        Ok((Reader { source, actions, places, collections, errors: Vec::new(), warnings }, content))
    }

    /// The end: everything that is wrong, or the result.
    pub(super) fn finish<T>(self, result: T) -> Parsed<T> {
        if self.errors.is_empty() { Ok((result, self.warnings)) } else { Err(self.errors) }
    }

    /// Where a mapping or anything else that has a place was written.
    pub(super) fn span_of(&self, value: &Value) -> Span {
        value.span().cloned().unwrap_or_else(|| Span::whole(&self.source))
    }

    /// Where the value under `key` stands, or else the key.
    pub(super) fn place(&self, key: &Text, value: &Value) -> Option<Span> {
        self.places.of(key, value).or_else(|| key.span().cloned())
    }

    /// Where an item of a list keyword stands (or its only item, or the key).
    pub(super) fn item_place(&self, key: &Text, value: &Value, index: usize) -> Option<Span> {
        self.places.of_item(value, index).or_else(|| self.place(key, value))
    }

    pub(super) fn invalid(&mut self, message: impl Into<String>, span: impl Into<Option<Span>>) {
        self.errors.push(Error::invalid(message, span));
    }

    pub(super) fn deprecated(&mut self, message: &str, span: Option<Span>, remedy: &str) {
        let warning = Diagnostic::deprecation(message, "2.23").at(span);
        self.warnings.push(warning.hint(remedy));
    }

    /// A keyword that is rendered to a `T`.
    pub(super) fn template<T>(&self, fields: Fields<'_>, name: &str) -> Option<Template<T>> {
        let (key, value) = fields.get(name)?;
        Some(Template::new(value.clone(), self.place(key, value)))
    }

    /// A keyword that is rendered to text: a list or a dict is refused at once.
    pub(super) fn text<T>(&mut self, fields: Fields<'_>, name: &str) -> Option<Template<T>> {
        let (key, value) = fields.get(name)?;
        if matches!(value, Value::List(_) | Value::Dict(_)) {
            let message = format!(
                "The field '{name}' is supposed to be a string type, however the incoming data \
                 structure is a {}",
                class(value)
            );
            self.invalid(message, self.place(key, value));
            return None;
        }
        Some(Template::new(value.clone(), self.place(key, value)))
    }

    /// Where conditions stand that are no text.
    pub(super) fn odd_conditions(&self, fields: Fields<'_>) -> Vec<(&'static str, Span)> {
        let mut found = Vec::new();
        for name in ["when", "until", "changed_when", "failed_when"] {
            let Some((key, value)) = fields.get(name) else { continue };
            for (index, item) in self.list(fields, name).iter().enumerate() {
                if !matches!(item, Value::Str(_) | Value::Bool(_)) {
                    let place = self.item_place(key, value, index);
                    found.extend(place.map(|place| (name, place)));
                }
            }
        }
        found
    }

    /// Reads something in which the collections are searched that these keywords name, if they name some.
    pub(super) fn searching<T>(
        &mut self,
        fields: Fields<'_>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let own: Vec<Text> = self
            .list(fields, "collections")
            .into_iter()
            .filter_map(|item| match item {
                Value::Str(text) => Some(text),
                _ => None,
            })
            .collect();
        if own.is_empty() {
            return read(self);
        }
        let before = std::mem::replace(&mut self.collections, own);
        let found = read(self);
        self.collections = before;
        found
    }

    /// A keyword that is a list, or one item of such.
    pub(super) fn list(&self, fields: Fields<'_>, name: &str) -> Vec<Value> {
        match fields.get(name) {
            None => Vec::new(),
            Some((_, Value::List(items))) => items.to_vec(),
            Some((_, value)) => vec![value.clone()],
        }
    }
}
