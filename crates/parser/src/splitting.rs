//! `k=v` text into words: blanks split, unless they stand in quotes or inside of Jinja. Blanks
//! and line ends beyond the one that splits stay with the word before them, so that free text
//! can be put together again as it was. Must not know what the words mean.

use thiserror::Error;

/// A quote or a Jinja block that is opened and never closed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("failed at splitting arguments, either an unbalanced jinja2 block or quotes: {text}")]
pub struct Unbalanced {
    /// The whole text.
    pub text: String,
}

#[derive(Default)]
struct State {
    quote: Option<char>,
    expressions: usize,
    statements: usize,
    comments: usize,
}

impl State {
    fn is_open(&self) -> bool {
        self.quote.is_some() || self.is_inside()
    }

    fn is_inside(&self) -> bool {
        self.expressions + self.statements + self.comments > 0
    }

    /// Takes note of a character; `previous` is the one before it.
    fn see(&mut self, previous: Option<char>, c: char, escaped: bool) {
        match c {
            '"' | '\'' if !escaped => match self.quote {
                None => self.quote = Some(c),
                Some(open) if open == c => self.quote = None,
                Some(_) => {}
            },
            '{' if previous == Some('{') => self.expressions += 1,
            '%' if previous == Some('{') => self.statements += 1,
            '#' if previous == Some('{') => self.comments += 1,
            '}' => match previous {
                Some('}') => self.expressions = self.expressions.saturating_sub(1),
                Some('%') => self.statements = self.statements.saturating_sub(1),
                Some('#') => self.comments = self.comments.saturating_sub(1),
                _ => {}
            },
            _ => {}
        }
    }
}

/// The words of `text`.
pub(crate) fn split(text: &str) -> Result<Vec<String>, Unbalanced> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut state = State::default();
    let mut characters = text.chars().peekable();
    // A doubled delimiter is seen once: after it, there is no previous character.
    let mut previous = None;
    let mut escaped = false;
    while let Some(c) = characters.next() {
        let open = state.is_open();
        if !open && (c == ' ' || c == '\n') {
            let mut blanks = String::new();
            if c == '\n' {
                blanks.push('\n');
            }
            let mut spaces = usize::from(c == ' ');
            while let Some(next) = characters.next_if(|next| matches!(next, ' ' | '\n')) {
                if next == '\n' {
                    blanks.extend(std::iter::repeat_n(' ', spaces));
                    blanks.push('\n');
                    spaces = 0;
                } else {
                    spaces += 1;
                }
            }
            // At the end of the text nothing splits, so all of the blanks stay.
            let kept = if characters.peek().is_some() { spaces.saturating_sub(1) } else { spaces };
            blanks.extend(std::iter::repeat_n(' ', kept));
            if word == "\\" && blanks.starts_with('\n') {
                // A backslash alone at the end of a line joins it with the next.
                word.clear();
                if let Some(last) = words.last_mut() {
                    last.push_str(&blanks[1..]);
                }
            } else {
                word.push_str(&blanks);
                words.push(std::mem::take(&mut word));
            }
            (previous, escaped) = (None, false);
            continue;
        }
        let before = (state.expressions, state.statements, state.comments);
        state.see(previous, c, escaped);
        let delimiter = before != (state.expressions, state.statements, state.comments);
        escaped = c == '\\';
        previous = if delimiter { None } else { Some(c) };
        word.push(c);
    }
    if state.is_open() {
        return Err(Unbalanced { text: text.to_owned() });
    }
    if !word.is_empty() {
        words.push(word);
    }
    words.retain(|word| word != "\\");
    Ok(words)
}

/// The words as text again: a blank between two, unless the first ends its line.
pub(crate) fn join<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for (index, word) in words.into_iter().enumerate() {
        if index > 0 && !text.ends_with('\n') {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}
