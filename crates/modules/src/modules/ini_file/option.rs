//! Setting and removing an option in a section. Must not know files.

use std::ops::Range;

use super::line::{self, Status};
use super::section::{Condition, Text};

/// Whether an option has the task's values alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeats {
    /// Its others go.
    Removed,
    /// Its others stay.
    Kept,
}

/// Whether an option may stand without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Valueless {
    Allowed,
    Refused,
}

/// What is done to an option.
pub(super) struct OptionEdit<'a> {
    pub option: &'a str,
    /// Each once.
    pub values: Vec<String>,
    pub repeats: Repeats,
    pub valueless: Valueless,
    /// `=`, with its spaces.
    pub sign: &'static str,
    /// A line isn't touched for its spaces' sake.
    pub ignores_spaces: bool,
    /// A comment becomes the option.
    pub takes_comments: bool,
}

/// What became of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    None,
    Changed,
    Added,
}

impl OptionEdit<'_> {
    fn counts(&self, status: Status) -> bool {
        status == Status::Active || self.takes_comments
    }

    /// Sets the option in a section that is there.
    pub fn set(&self, text: &mut Text, place: Range<usize>) -> Change {
        let start = place.start;
        let lines = text.lines.drain(place).collect();
        let mut body = Body { lines, settled: Vec::new(), changed: false };
        let mut wanted = self.values.clone();
        let bare = self.keep_wanted(&mut body, &mut wanted);
        if self.repeats == Repeats::Removed && self.valueless == Valueless::Refused {
            self.replace_others(&mut body, &mut wanted);
        }
        let mut added: Vec<String> = wanted.iter().map(|value| self.assignment(value)).collect();
        if self.valueless == Valueless::Allowed && wanted.is_empty() && bare == Bare::Missing {
            added.push(format!("{}\n", self.option));
        }
        if self.option.is_empty() {
            added.clear();
        }
        let end = body.lines.iter().rposition(|line| !line::says_nothing(line));
        let end = end.map_or(0, |last| last + 1);
        let change = match (added.is_empty(), body.changed) {
            (false, _) => Change::Added,
            (true, true) => Change::Changed,
            (true, false) => Change::None,
        };
        body.lines.splice(end..end, added);
        text.lines.splice(start..start, body.lines);
        change
    }

    /// Lines that have a wanted value are written as they should be, the first of each value. Where options may stand
    /// without a value, the first line after the last of them becomes such a one.
    fn keep_wanted(&self, body: &mut Body, wanted: &mut Vec<String>) -> Bare {
        let mut bare = Bare::Missing;
        for index in 0..body.lines.len() {
            let Some(found) = line::read(&body.lines[index], self.option) else { continue };
            if !self.counts(found.status) {
                continue;
            }
            let known = wanted.iter().position(|value| value == found.value);
            let value = match known {
                Some(at) => wanted.remove(at),
                None if wanted.is_empty() && self.valueless == Valueless::Allowed => String::new(),
                None => continue,
            };
            let is_same = found.status == Status::Active && found.value == value;
            let new = match self.valueless {
                Valueless::Allowed if value.is_empty() => {
                    bare = Bare::There;
                    format!("{}\n", self.option)
                }
                _ => self.assignment(&value),
            };
            match self.ignores_spaces && is_same {
                true => body.settled.push(index),
                false => body.put(index, new),
            }
            if known.is_none() {
                break;
            }
        }
        bare
    }

    /// The option's other lines get the remaining values in turn, and go when there is none left.
    fn replace_others(&self, body: &mut Body, wanted: &mut Vec<String>) {
        let mut gone = Vec::new();
        for index in 0..body.lines.len() {
            if body.settled.contains(&index) {
                continue;
            }
            let Some(found) = line::read(&body.lines[index], self.option) else { continue };
            let is_other = found.status == Status::Active || found.is_assigned;
            if !is_other || !self.counts(found.status) {
                continue;
            }
            match wanted.is_empty() {
                true => gone.push(index),
                false => {
                    let value = wanted.remove(0);
                    body.put(index, self.assignment(&value));
                }
            }
        }
        body.remove(&gone);
    }

    /// Removes the option, or those of its lines that have one of the values; says whether there were any.
    pub fn remove(&self, text: &mut Text, place: Range<usize>) -> bool {
        let start = place.start;
        let lines = text.lines.drain(place).collect();
        let mut body = Body { lines, settled: Vec::new(), changed: false };
        let goes = |text: &String| {
            let Some(found) = line::read(text, self.option) else { return false };
            let is_named = || self.values.iter().any(|value| value == found.value);
            found.status == Status::Active && (self.repeats == Repeats::Removed || is_named())
        };
        let lines = body.lines.iter().enumerate();
        let gone: Vec<usize> =
            lines.filter(|(_, text)| goes(text)).map(|(index, _)| index).collect();
        body.remove(&gone);
        text.lines.splice(start..start, body.lines);
        body.changed
    }

    /// The lines of a section that isn't there yet: what makes it the one that is meant, and the option.
    pub fn lines_of_new(&self, conditions: &[Condition]) -> Vec<String> {
        let (own, others): (Vec<&Condition>, Vec<&Condition>) =
            conditions.iter().partition(|condition| condition.option == self.option);
        let mut lines: Vec<String> =
            others.iter().flat_map(|other| self.lines_of(&other.option, &other.values)).collect();
        let mut values = self.values.clone();
        if self.repeats == Repeats::Kept {
            let more = own.iter().flat_map(|condition| &condition.values);
            more.for_each(|value| {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            });
        }
        if !self.option.is_empty() {
            lines.extend(self.lines_of(self.option, &values));
        }
        lines
    }

    fn lines_of(&self, option: &str, values: &[String]) -> Vec<String> {
        match values {
            [] if self.valueless == Valueless::Allowed => vec![format!("{option}\n")],
            values => {
                values.iter().map(|value| format!("{option}{}{value}\n", self.sign)).collect()
            }
        }
    }

    fn assignment(&self, value: &str) -> String {
        format!("{}{}{value}\n", self.option, self.sign)
    }
}

/// Whether the option stands somewhere without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bare {
    There,
    Missing,
}

/// A section's lines while they are changed.
struct Body {
    lines: Vec<String>,
    /// Lines that are as they should be.
    settled: Vec<usize>,
    changed: bool,
}

impl Body {
    fn put(&mut self, index: usize, new: String) {
        self.settled.push(index);
        if let Some(line) = self.lines.get_mut(index).filter(|line| **line != new) {
            *line = new;
            self.changed = true;
        }
    }

    fn remove(&mut self, gone: &[usize]) {
        let mut index = 0;
        self.lines.retain(|_| {
            index += 1;
            !gone.contains(&(index - 1))
        });
        self.changed |= !gone.is_empty();
        // Nothing looks at them afterwards, and they are no longer where they were.
        self.settled.clear();
    }
}
