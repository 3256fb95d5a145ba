//! What is answered to which question. Must not know terminals.

use nafal_base::value::Key;
use nafal_base::{Dict, Value};

use crate::files::{Failure, Result, edit};
use crate::python_regex::{Anchors, Pattern};

/// How much is searched before what has just come.
const WINDOW: usize = 2000;

/// All questions with their answers.
pub struct Answers(Vec<Question>);

struct Question {
    source: String,
    pattern: Pattern,
    answers: Replies,
}

enum Replies {
    /// The same every time.
    Always(String),
    /// One after the other; the last comes first.
    Each(Vec<String>),
}

/// A question that was found.
pub struct Asked {
    /// Where it ends.
    pub end: usize,
    /// What is answered.
    pub answer: String,
}

fn line(value: &Value) -> String {
    format!("{}\n", value.to_text().trim_end_matches('\n'))
}

fn question((key, value): (&Key, &Value)) -> Result<Question> {
    let source = key.value().to_text().into_owned();
    // Stock's library lets a dot mean ends of lines, too.
    let pattern = edit::compile(&format!("(?s){source}"), Anchors::Text)
        .or_else(|_| edit::compile(&source, Anchors::Text))?;
    let answers = match value {
        Value::List(items) => Replies::Each(items.iter().rev().map(line).collect()),
        other => Replies::Always(line(other)),
    };
    Ok(Question { source, pattern, answers })
}

impl Answers {
    /// Those that a task gives.
    pub fn new(responses: &Dict) -> Result<Answers> {
        let questions: Result<Vec<Question>> = responses.iter().map(question).collect();
        questions.map(Answers)
    }

    /// The first question in what hasn't been answered yet, of which the last so many bytes are new.
    pub fn find(&mut self, said: &str, new: usize) -> Result<Option<Asked>> {
        let mut start = said.len().saturating_sub(new + WINDOW);
        while !said.is_char_boundary(start) {
            start += 1;
        }
        let window = &said[start..];
        let found = self.0.iter().enumerate().filter_map(|(number, question)| {
            let found = question.pattern.search(window)?.get(0).map(|found| found.range())?;
            Some((found.start, number, found.end))
        });
        let Some((_, number, end)) = found.min() else { return Ok(None) };
        let end = start + end;
        let question = &mut self.0[number];
        let answer = match &mut question.answers {
            Replies::Always(answer) => answer.clone(),
            Replies::Each(rest) => rest.pop().ok_or_else(|| {
                let (source, said) = (&question.source, bytes_repr(&said[..end]));
                Failure::new(format!("No remaining responses for '{source}', output was '{said}'"))
            })?,
        };
        Ok(Some(Asked { end, answer }))
    }
}

/// A text as Python's `repr` shows its bytes.
fn bytes_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut shown = format!("b{quote}");
    for byte in text.bytes() {
        match char::from(byte) {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            character if character == quote || character == '\\' => {
                shown.push('\\');
                shown.push(character);
            }
            character if matches!(byte, 0x20..0x7f) => shown.push(character),
            _ => shown.push_str(&format!("\\x{byte:02x}")),
        }
    }
    shown.push(quote);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(pairs: &[(&str, Value)]) -> Answers {
        let dict: Dict = pairs.iter().map(|(key, value)| (*key, value.clone())).collect();
        match Answers::new(&dict) {
            Ok(answers) => answers,
            Err(failure) => panic!("{failure}"),
        }
    }

    #[test]
    fn the_first_place_and_then_the_first_question() {
        let mut all =
            answers(&[("B", "one".into()), ("A", "two".into()), ("A.*:", "three".into())]);
        let asked = all.find("xAB: ", 5).ok().flatten();
        assert_eq!(asked.map(|asked| (asked.end, asked.answer)), Some((2, "two\n".to_owned())));
        assert!(all.find("nothing", 7).is_ok_and(|asked| asked.is_none()));
        let far = format!("A{}", "x".repeat(3000));
        assert!(all.find(&far, 10).is_ok_and(|asked| asked.is_none()));
    }

    #[test]
    fn bytes() {
        assert_eq!(bytes_repr(": [b]\r\n\u{fc}\\"), r"b': [b]\r\n\xc3\xbc\\'");
        assert_eq!(bytes_repr("it's"), "b\"it's\"");
    }

    #[test]
    fn lists_end() {
        let list = Value::from(vec![Value::Bool(true), Value::from("x\n")]);
        let mut all = answers(&[("(?i)name", list)]);
        let mut next = || all.find("Name: ", 6).map(|asked| asked.map(|asked| asked.answer));
        assert!(next().is_ok_and(|answer| answer.as_deref() == Some("True\n")));
        assert!(next().is_ok_and(|answer| answer.as_deref() == Some("x\n")));
        let told = next().err().map(|failure| failure.to_string());
        let wanted = "No remaining responses for '(?i)name', output was 'b'Name''";
        assert_eq!(told.as_deref(), Some(wanted));
    }
}
