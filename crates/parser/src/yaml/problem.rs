//! What is wrong with a YAML text, before anybody has put it into words: stock words it in one way for
//! files of a project and in PyYAML's way for text that a filter reads. Must not know which it is.

use std::borrow::Cow;

use super::events::Place;
use crate::error::Error;

/// Why a text, or a value in it, can't be read.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    /// Whose it is.
    pub kind: ProblemKind,
    /// What was going on, and since where.
    pub context: Option<(Cow<'static, str>, Place)>,
    /// What is wrong, in libyaml's or PyYAML's words.
    pub what: Cow<'static, str>,
    /// Where, if the reader knows.
    pub place: Option<Place>,
}

/// Whether a text is wrong, or only too much for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProblemKind {
    /// It is no YAML.
    Fault,
    /// It may be YAML: its lines show no mistake that could be named instead.
    Limit,
}

impl Problem {
    /// Something wrong at a place.
    pub(super) fn new(what: impl Into<Cow<'static, str>>, place: Place) -> Problem {
        Problem { kind: ProblemKind::Fault, context: None, what: what.into(), place: Some(place) }
    }

    /// Something wrong with the text as a whole: no line is looked at for mistakes.
    pub(super) fn nowhere(what: impl Into<Cow<'static, str>>) -> Problem {
        Problem { kind: ProblemKind::Fault, context: None, what: what.into(), place: None }
    }

    /// A limit of ours that is reached at a place.
    pub(super) fn limit(what: impl Into<Cow<'static, str>>, place: Place) -> Problem {
        Problem { kind: ProblemKind::Limit, ..Problem::new(what, place) }
    }

    /// The same, with what was going on.
    #[must_use]
    pub(super) fn within(mut self, context: &'static str, since: Place) -> Problem {
        self.context = Some((context.into(), since));
        self
    }

    /// As stock says it of a file.
    pub(super) fn message(&self) -> String {
        match &self.context {
            Some((context, _)) => sentence(&format!("{context} {}", self.what)),
            // What libyaml's reader refuses is worded already.
            None if self.what.starts_with("unacceptable character") => self.what.to_string(),
            None => sentence(&self.what),
        }
    }

    /// As PyYAML says it of a text: each part with its place, unless both have the same.
    pub(super) fn marked(&self) -> String {
        let mark = |place: Place| {
            format!("  in \"<unicode string>\", line {}, column {}", place.line, place.column)
        };
        let mut lines = Vec::with_capacity(4);
        if let Some((context, since)) = &self.context {
            lines.push(context.to_string());
            lines.extend((self.place != Some(*since)).then(|| mark(*since)));
        }
        lines.push(self.what.to_string());
        lines.extend(self.place.map(mark));
        lines.join("\n")
    }
}

/// With a capital and a full stop, as stock shows libyaml's words.
fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    let mut sentence: String = first.chain(characters).collect();
    sentence.push('.');
    sentence
}

/// What is wrong with one value, while the rest can be read.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// Not put into words yet.
    Problem(Problem),
    /// In words.
    Ready(Error),
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Fault {
        Fault::Problem(problem)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Ready(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_wordings() {
        let place = |line, column| Place { line, column };
        let problem = Problem::new("found unhashable key", place(1, 3))
            .within("while constructing a mapping", place(1, 1));
        assert_eq!(problem.message(), "While constructing a mapping found unhashable key.");
        assert_eq!(
            problem.marked(),
            "while constructing a mapping\n  in \"<unicode string>\", line 1, column 1\n\
             found unhashable key\n  in \"<unicode string>\", line 1, column 3"
        );
        let same = Problem::new("b", place(2, 1)).within("a", place(2, 1));
        assert_eq!(same.marked(), "a\nb\n  in \"<unicode string>\", line 2, column 1");
    }
}
