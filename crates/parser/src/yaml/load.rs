//! The entry: a source to its documents, with all that is wrong about it. Must not know how
//! events become values.

use std::sync::Arc;

use nafal_base::{Diagnostic, Source, Span, Value};

use super::compose::Composer;
use super::events::{Events, Problem};
use super::hints;
use super::places::Places;
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Amount {
    One,
    All,
}

fn read(source: &Arc<Source>, amount: Amount, places: Places) -> Result<Loaded, Vec<Error>> {
    let mut loaded = Loaded { documents: Vec::new(), warnings: Vec::new() };
    let events = match Events::new(&source.text) {
        Ok(events) => events,
        Err(problem) => return Err(vec![syntax(source, problem)]),
    };
    let mut composer = Composer::new(source, events, places);
    let mut errors = Vec::new();
    loop {
        match composer.document() {
            Ok(Some(document)) => {
                if amount == Amount::One && !loaded.documents.is_empty() {
                    errors.extend(composer.take_errors());
                    errors.push(another_document(&composer));
                    return Err(errors);
                }
                loaded.documents.push(document);
            }
            Ok(None) => break,
            Err(problem) => {
                // A file that libyaml refuses says nothing else that could be trusted: stock
                // reads the whole of it before it looks at tags.
                return Err(vec![syntax(source, problem)]);
            }
        }
    }
    errors.extend(composer.take_errors());
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

fn syntax(source: &Arc<Source>, problem: Problem) -> Error {
    hints::explain(source, problem)
}
