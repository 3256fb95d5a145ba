//! The lines of an INI file and the sections in them. Must not know options' changes.

use std::ops::Range;

use super::line;

/// A file's lines, each with its end.
pub(super) struct Text {
    pub lines: Vec<String>,
}

/// What a section must have to be the one that is meant.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub option: String,
    /// One of these; any at all when there are none.
    pub values: Vec<String>,
}

/// A section that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its lines, without its heading.
    pub body: Range<usize>,
    /// The same with it.
    pub whole: Range<usize>,
}

impl Text {
    /// The text's lines. An empty file has one, which is empty; the last line gets its end.
    pub fn new(text: &str) -> Text {
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        match lines.last_mut() {
            Some(last) if !last.ends_with('\n') => last.push('\n'),
            Some(_) => {}
            None => lines.push("\n".to_owned()),
        }
        Text { lines }
    }

    /// The first section of this name that has what is asked for; without a name what stands before all sections.
    pub fn find(&self, section: Option<&str>, conditions: &[Condition]) -> Option<Place> {
        let end_after = |start: usize| {
            let headings = self.lines.iter().skip(start).position(|text| line::is_heading(text));
            headings.map_or(self.lines.len(), |length| start + length)
        };
        let places: Vec<Place> = match section {
            None => {
                let body = 0..end_after(0);
                vec![Place { whole: body.clone(), body }]
            }
            Some(name) => {
                let lines = self.lines.iter().enumerate();
                let starts = lines.filter(|(_, text)| line::is_heading_of(text, name));
                let whole = starts.map(|(start, _)| start..end_after(start + 1));
                whole.map(|whole| Place { body: whole.start + 1..whole.end, whole }).collect()
            }
        };
        places.into_iter().find(|place| {
            let body = self.lines.get(place.body.clone()).unwrap_or_default();
            conditions.iter().all(|condition| condition.is_met(body))
        })
    }

    /// Removes a section. What stands before all sections takes the first heading along, as in stock.
    pub fn remove(&mut self, section: Option<&str>, place: &Place) {
        let end = match section {
            Some(_) => place.whole.end,
            None => (place.whole.end + 1).min(self.lines.len()),
        };
        self.lines.drain(place.whole.start..end);
    }

    /// All of it.
    pub fn text(&self) -> String {
        self.lines.concat()
    }
}

impl Condition {
    /// Comments count too.
    fn is_met(&self, body: &[String]) -> bool {
        let found = || body.iter().filter_map(|text| line::read(text, &self.option));
        match self.values.as_slice() {
            [] => found().next().is_some(),
            values => found().any(|found| values.iter().any(|value| value == found.value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections() {
        let text = Text::new("x=1\n[s]\na=1\n[t]\n[s]\n#a=2\n\nend");
        assert_eq!(text.lines.last().map(String::as_str), Some("end\n"));
        let condition = |values: &[&str]| Condition {
            option: "a".to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let body = |section, conditions: &[Condition]| {
            text.find(section, conditions).map(|place| place.body)
        };
        assert_eq!(body(None, &[]), Some(0..1));
        assert_eq!(body(Some("s"), &[]), Some(2..3));
        assert_eq!(body(Some("s"), &[condition(&["2"])]), Some(5..8));
        assert_eq!(body(Some("s"), &[condition(&["3", "2"])]), Some(5..8));
        assert_eq!(body(Some("s"), &[condition(&["1"]), condition(&["2"])]), None);
        assert_eq!(body(Some("nosuch"), &[]), None);
        assert_eq!(Text::new("").text(), "\n");
    }
}
