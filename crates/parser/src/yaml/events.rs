//! The event stream of a YAML text. The only file that names libyaml: what it says is turned
//! into words of ours here, and its panics on odd input into problems.

use std::panic::{AssertUnwindSafe, catch_unwind};

use libyaml_safer::{EventData, Mark, Parser, ScalarStyle};

use super::problem::{Problem, ProblemKind};

/// A place in the text, from 1 (characters).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub line: u32,
    pub column: u32,
}

impl From<Mark> for Place {
    fn from(mark: Mark) -> Place {
        let from_one = |number: u64| u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1);
        Place { line: from_one(mark.line), column: from_one(mark.column) }
    }
}

/// How a scalar was written, as far as its meaning depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Without quotes: its text decides what it is.
    Plain,
    /// In quotes: text.
    Quoted,
    /// `|` or `>`: text.
    Block,
}

/// What a collection or scalar carries besides its content.
#[derive(Debug, Default)]
pub(super) struct Properties {
    pub anchor: Option<String>,
    pub tag: Option<String>,
}

/// One step of the stream.
#[derive(Debug)]
pub(super) enum Event {
    DocumentStart,
    DocumentEnd,
    Alias(String),
    Scalar(Properties, String, Style),
    SequenceStart(Properties),
    SequenceEnd,
    MappingStart(Properties),
    MappingEnd,
    StreamEnd,
}

/// The events of one text.
pub(super) struct Events<'a> {
    parser: Parser<Input<'a>>,
    text: &'a str,
    /// How many lines the text has, when its last one has no end.
    open_line: Option<u32>,
    last: Place,
}

/// The text, followed by a newline when it lacks one: a block scalar that ends with the text is
/// what libyaml-safer panics on.
type Input<'a> = std::io::Chain<&'a [u8], &'static [u8]>;

impl<'a> Events<'a> {
    /// The events of `text`, or why it can't be YAML at all.
    pub(super) fn new(text: &'a str) -> Result<Events<'a>, Problem> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        check_characters(text)?;
        let end: &[u8] = if text.ends_with('\n') || text.is_empty() { b"" } else { b"\n" };
        let mut parser = Parser::new();
        parser.set_encoding(libyaml_safer::Encoding::Utf8);
        parser.set_input(std::io::Read::chain(text.as_bytes(), end));
        let open_line = (!end.is_empty()).then(|| lines(text));
        Ok(Events { parser, text, open_line, last: Place::default() })
    }

    /// The next event with its place.
    pub(super) fn next(&mut self) -> Result<(Event, Place), Problem> {
        loop {
            let parser = &mut self.parser;
            let event = match catch_unwind(AssertUnwindSafe(|| parser.parse())) {
                Ok(Ok(event)) => event,
                Ok(Err(error)) => return Err(problem(&error)),
                Err(_) => return Err(self.unreadable()),
            };
            let place = Place::from(event.start_mark);
            let end = Place::from(event.end_mark);
            self.last = end;
            if let Some(mut event) = translate(event.data)? {
                if let Event::Scalar(_, text, Style::Block) = &mut event {
                    self.end_block(text, end);
                }
                return Ok((event, place));
            }
        }
    }

    /// A block scalar that ends with the text has only the line ends that were written, not the
    /// one that was added.
    fn end_block(&self, text: &mut String, end: Place) {
        if self.open_line.is_some_and(|lines| end.line > lines) && text.ends_with('\n') {
            text.pop();
        }
    }

    /// What libyaml-safer panics on: in a flow collection, a tag with a comma right behind.
    fn unreadable(&self) -> Problem {
        let mut place = self.last;
        for (number, line) in (1..).zip(self.text.split('\n')).skip_while(|(n, _)| *n < place.line)
        {
            let characters: Vec<char> = line.chars().collect();
            let tag = (0..characters.len()).find(|&index| {
                let before = index.checked_sub(1).map(|index| characters[index]);
                let mut word = characters[index..].iter().take_while(|c| !c.is_whitespace());
                word.next() == Some(&'!')
                    && before.is_none_or(|c| c.is_whitespace() || "[{,".contains(c))
                    && word.any(|c| *c == ',')
            });
            if let Some(index) = tag {
                let column = u32::try_from(index + 1).unwrap_or(u32::MAX);
                place = Place { line: number, column };
                break;
            }
        }
        Problem::new("this tag can't be read: put a space or a value behind it", place)
    }
}

/// How many lines libyaml counts.
fn lines(text: &str) -> u32 {
    let mut count = 1;
    let mut previous = '\0';
    for c in text.chars() {
        let ends = match c {
            '\n' => previous != '\r',
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => true,
            _ => false,
        };
        count += u32::from(ends);
        previous = c;
    }
    count
}

/// None for events that say nothing (the stream's start).
fn translate(data: EventData) -> Result<Option<Event>, Problem> {
    Ok(Some(match data {
        EventData::StreamStart { .. } => return Ok(None),
        EventData::StreamEnd => Event::StreamEnd,
        EventData::DocumentStart { .. } => Event::DocumentStart,
        EventData::DocumentEnd { .. } => Event::DocumentEnd,
        EventData::Alias { anchor } => Event::Alias(anchor),
        EventData::Scalar { anchor, tag, value, plain_implicit, style, .. } => {
            let style = match style {
                ScalarStyle::Plain if plain_implicit => Style::Plain,
                ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                _ => Style::Quoted,
            };
            Event::Scalar(Properties { anchor, tag: specific(tag) }, value, style)
        }
        EventData::SequenceStart { anchor, tag, .. } => {
            Event::SequenceStart(Properties { anchor, tag: specific(tag) })
        }
        EventData::SequenceEnd => Event::SequenceEnd,
        EventData::MappingStart { anchor, tag, .. } => {
            Event::MappingStart(Properties { anchor, tag: specific(tag) })
        }
        EventData::MappingEnd => Event::MappingEnd,
    }))
}

/// The tag, unless it is the non-specific `!`.
fn specific(tag: Option<String>) -> Option<String> {
    tag.filter(|tag| tag != "!" && !tag.is_empty())
}

fn problem(error: &libyaml_safer::Error) -> Problem {
    let since = error.context_mark().map(Place::from);
    Problem {
        kind: ProblemKind::Fault,
        context: error.context().zip(since).map(|(words, since)| (words.into(), since)),
        what: error.problem().into(),
        place: error.problem_mark().map(Place::from),
    }
}

/// What libyaml's reader refuses, found before it reads, because it tells no place.
fn check_characters(text: &str) -> Result<(), Problem> {
    let refused = |c: char| {
        matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}')
            || matches!(c, '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
    };
    // Bytes first: nearly every file has no such character at all.
    if !text.bytes().any(|b| (b < 0x20 && !matches!(b, b'\n' | b'\r' | b'\t')) || b >= 0x7f) {
        return Ok(());
    }
    for (position, c) in text.chars().enumerate() {
        if refused(c) {
            let what = format!(
                "unacceptable character #x{:04x}: control characters are not allowed in \
                 \"<unicode string>\", position {position}",
                u32::from(c)
            );
            return Err(Problem::nowhere(what));
        }
    }
    Ok(())
}
