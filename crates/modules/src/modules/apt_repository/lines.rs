//! A line of one-line sources: what it says and how it is written. Must not know files.

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whether it says nothing of sources, or isn't one.
    pub kind: Kind,
    /// Whether it isn't commented out.
    pub state: State,
    source: String,
    comment: String,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A source.
    Source,
    /// Anything else.
    Other,
}

/// Whether apt looks at a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It does.
    Enabled,
    /// It doesn't.
    Disabled,
}

impl Line {
    /// A line as it stands in a file. Sources lose blanks that mean nothing.
    pub fn read(line: &str) -> Line {
        let line = line.trim();
        let (state, rest) = match line.strip_prefix('#') {
            Some(rest) => (State::Disabled, rest),
            None => (State::Enabled, line),
        };
        let (source, comment) = match rest.find('#') {
            Some(at) if at > 0 => (&rest[..at], &rest[at + 1..]),
            _ => (rest, ""),
        };
        let words: Vec<&str> = source.split_whitespace().collect();
        let is_source = words.first().is_some_and(|word| matches!(*word, "deb" | "deb-src"));
        let (kind, source) = match is_source {
            true => (Kind::Source, words.join(" ")),
            false => (Kind::Other, source.trim().to_owned()),
        };
        Line { kind, state, source, comment: comment.trim().to_owned() }
    }

    /// A source that a task names; the error is how stock shows what isn't one.
    pub fn wanted(repository: &str) -> Result<Line, String> {
        let line = Line::read(repository);
        match (line.kind, line.state) {
            (Kind::Source, State::Enabled) => Ok(Line { comment: String::new(), ..line }),
            _ => Err(repository.trim().strip_prefix('#').unwrap_or(repository.trim()).to_owned()),
        }
    }

    /// Whether both are the same source.
    pub fn is_same(&self, other: &Line) -> bool {
        self.kind == Kind::Source && other.kind == Kind::Source && self.source == other.source
    }

    /// The line as it is written.
    pub fn text(&self) -> String {
        let sign = if self.state == State::Disabled { "# " } else { "" };
        let comment = match self.comment.as_str() {
            "" => String::new(),
            comment => format!(" # {comment}"),
        };
        format!("{sign}{}{comment}\n", self.source)
    }

    /// The name of a file for it: its address without options, scheme and password.
    pub fn file_name(&self) -> Option<String> {
        let mut source = self.source.as_str();
        let mut address = String::new();
        // Options, and whatever else is in brackets.
        while let Some((before, rest)) = source.split_once('[') {
            address.push_str(before);
            source = rest.split_once(']').map_or("", |(_, after)| after);
        }
        address.push_str(source);
        let address = address.split_whitespace().nth(1)?.to_owned();
        let address = match address.split_once("://") {
            Some((scheme, rest)) => {
                let kept = scheme.rfind(|c: char| !(c.is_alphanumeric() || c == '_'));
                let kept = kept.map_or("", |at| &scheme[..=at]);
                let host = rest.split('/').next().unwrap_or_default();
                let rest = host.rfind('@').map_or(rest, |at| &rest[at + 1..]);
                format!("{kept}{rest}")
            }
            None => address,
        };
        let words = address.split(|c: char| !c.is_ascii_alphanumeric());
        Some(words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_written_anew() {
        for (line, text) in [
            ("#foo", "# foo\n"),
            ("", "\n"),
            ("  # bar # baz", "# bar # baz\n"),
            ("#deb  http://a/x   y z #q # r", "# deb http://a/x y z # q # r\n"),
            ("\tdeb\thttp://a/\tc", "deb http://a/ c\n"),
            ("deb [a=b   c=d]  http://b/ c #   e  ", "deb [a=b c=d] http://b/ c # e\n"),
            ("bad   line # x", "bad   line # x\n"),
        ] {
            assert_eq!(Line::read(line).text(), text);
        }
        assert_eq!(Line::wanted("# deb http://a/ x"), Err(" deb http://a/ x".to_owned()));
        assert_eq!(Line::wanted("rpm x"), Err("rpm x".to_owned()));
    }

    #[test]
    fn names_of_files() {
        for (repository, name) in [
            ("deb http://a.example/debian stable main", "a_example_debian"),
            ("deb [ arch=amd64 ] https://sp.example/ a b", "sp_example"),
            ("deb http://user:pw@c.example:8080/p/q-r_s stable", "c_example_8080_p_q_r_s"),
            ("deb cdrom:[Debian]/ stable main", "cdrom"),
            ("deb file:///srv/x stable", "srv_x"),
            ("deb [a=b] [c=d] mirror+http://m.example/ x", "mirror_m_example"),
            ("deb [a=http://x/] copy:/m.example/ r", "copy_m_example"),
            ("deb ftp://1.2.3.4/~u/%20 stable/", "1_2_3_4_u_20"),
        ] {
            assert_eq!(Line::read(repository).file_name().as_deref(), Some(name));
        }
        assert_eq!(Line::read("deb [a=b]").file_name(), None);
    }
}
