//! The entry: a source to its documents, with all that is wrong about it. Must not know how
//! events become values.

use std::sync::Arc;

use nafal_base::{Diagnostic, Source, Span, Value};

use super::compose::Composer;
use super::construct::Trust;
use super::events::Events;
use super::hints;
use super::places::Places;
use super::problem::Fault;
use crate::error::Error;

/// One document.
#[derive(Debug)]
pub struct Document {
    /// What it says.
    pub value: Value,
    /// Where it starts.
    pub span: Span,
    /// Where its numbers, bools and nulls stand.
    pub places: Places,
}

/// A source's documents.
#[derive(Debug)]
pub struct Loaded {
    /// In order.
    pub documents: Vec<Document>,
    /// What stock warns about, such as keys that stand twice.
    pub warnings: Vec<Diagnostic>,
}

/// All documents of a source.
pub fn load(source: &Arc<Source>) -> Result<Loaded, Vec<Error>> {
    read(source, Amount::All, Places::default())
}

/// The only document of a source; None when there is nothing in it. A second one is an error, as
/// for every file that stock reads.
pub fn load_one(source: &Arc<Source>) -> Result<(Option<Document>, Vec<Diagnostic>), Vec<Error>> {
    let mut loaded = read(source, Amount::One, Places::kept())?;
    Ok((loaded.documents.pop(), loaded.warnings))
}

/// The same, without the places of numbers, bools and nulls: for files that are large and only
/// data.
pub fn load_data(source: &Arc<Source>) -> Result<(Option<Document>, Vec<Diagnostic>), Vec<Error>> {
    let mut loaded = read(source, Amount::One, Places::default())?;
    Ok((loaded.documents.pop(), loaded.warnings))
}

/// What the only document of a text says, in plain YAML: Ansible's tags mean nothing, no text in it is
/// a template, faults are told in PyYAML's words (`from_yaml`).
pub fn load_plain(text: &str) -> Result<Value, String> {
    let values = plain(text, Amount::One)?;
    Ok(values.into_iter().next().unwrap_or_default())
}

/// The same for all documents of a text (`from_yaml_all`).
pub fn load_plain_all(text: &str) -> Result<Vec<Value>, String> {
    plain(text, Amount::All)
}

fn plain(text: &str, amount: Amount) -> Result<Vec<Value>, String> {
    let source = Source::new("<unicode string>", text);
    let events = Events::new(&source.text).map_err(|problem| problem.marked())?;
    let mut composer = Composer::new(&source, events, (Places::default(), Trust::Plain));
    let mut values = Vec::new();
    while let Some(document) = composer.document().map_err(|problem| problem.marked())? {
        values.push(document.value);
        if amount == Amount::One {
            match composer.another() {
                Ok(None) => break,
                Ok(Some(problem)) | Err(problem) => return Err(problem.marked()),
            }
        }
    }
    match composer.take_errors().into_iter().next() {
        None => Ok(values),
        Some(Fault::Problem(problem)) => Err(problem.marked()),
        Some(Fault::Ready(Error::Syntax { message, .. })) => Err(message),
        Some(Fault::Ready(error)) => Err(error.to_string()),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Amount {
    One,
    All,
}

fn read(source: &Arc<Source>, amount: Amount, places: Places) -> Result<Loaded, Vec<Error>> {
    let mut loaded = Loaded { documents: Vec::new(), warnings: Vec::new() };
    let events = match Events::new(&source.text) {
        Ok(events) => events,
        Err(problem) => return Err(vec![hints::explain(source, &problem)]),
    };
    let mut composer = Composer::new(source, events, (places, Trust::Template));
    loop {
        match composer.document() {
            Ok(Some(document)) => {
                if amount == Amount::One && !loaded.documents.is_empty() {
                    let mut errors = worded(source, composer.take_errors());
                    errors.push(another_document(&composer));
                    return Err(errors);
                }
                loaded.documents.push(document);
            }
            Ok(None) => break,
            Err(problem) => {
                // A file that libyaml refuses says nothing else that could be trusted: stock
                // reads the whole of it before it looks at tags.
                return Err(vec![hints::explain(source, &problem)]);
            }
        }
    }
    let errors = worded(source, composer.take_errors());
    loaded.warnings = composer.take_warnings();
    if errors.is_empty() { Ok(loaded) } else { Err(errors) }
}

fn another_document(composer: &Composer<'_>) -> Error {
    Error::Syntax {
        message: "Expected a single document in the stream but found another document.".to_owned(),
        span: composer.document_span(),
        hint: Some("Put what follows the second `---` into a file of its own.".to_owned()),
    }
}

fn worded(source: &Arc<Source>, faults: Vec<Fault>) -> Vec<Error> {
    let word = |fault| match fault {
        Fault::Problem(problem) => hints::explain(source, &problem),
        Fault::Ready(error) => error,
    };
    faults.into_iter().map(word).collect()
}
