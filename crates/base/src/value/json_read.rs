//! JSON as Python's `json.loads` reads it: NaN and Infinity are fine, the complaints are Python's.

use num_bigint::BigInt;

use super::{Dict, Key, Value};

struct Reader<'t> {
    text: &'t str,
    at: usize,
    lone: Option<LoneSurrogate>,
}

/// Half of a character, which is no text: Python has such text, Rust hasn't.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoneSurrogate {
    /// The half.
    pub code: u32,
    /// Before how many characters of its string it stands.
    pub position: usize,
}

impl LoneSurrogate {
    /// What to do about a refusal, as stock says.
    pub const REMEDY: &str =
        "This check can be disabled with the `MODULE_STRICT_UTF8_RESPONSE` setting.";

    /// Stock's words for refusing it.
    pub fn refusal(self) -> String {
        format!(
            "Refusing to deserialize an invalid UTF8 string value: 'utf-8' codec can't encode \
             character '\\u{:04x}' in position {}: surrogates not allowed",
            self.code, self.position
        )
    }
}

type Read<T> = Result<T, String>;

/// How deep containers may be nested; Python stops near here too.
const DEEPEST: usize = 900;

/// Reads one value. Where half a character stands is `?`.
pub fn read(text: &str) -> Read<Value> {
    read_noting(text).map(|(value, _)| value)
}

/// The same, with the first half of a character.
pub fn read_noting(text: &str) -> Read<(Value, Option<LoneSurrogate>)> {
    if text.starts_with('\u{feff}') {
        return Err(
            "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)".to_owned()
        );
    }
    let mut reader = Reader { text, at: 0, lone: None };
    reader.blanks();
    let value = reader.value(0)?;
    reader.blanks();
    if reader.at < text.len() {
        return reader.fail("Extra data", reader.at);
    }
    Ok((value, reader.lone))
}

impl Reader<'_> {
    fn fail<T>(&self, message: &str, at: usize) -> Read<T> {
        let before = &self.text[..at];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Err(format!("{message}: line {line} column {column} (char {})", before.chars().count()))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Read<Value> {
        if depth > DEEPEST {
            return Err(
                "maximum recursion depth exceeded while decoding a JSON document".to_owned()
            );
        }
        match self.peek() {
            Some(b'"') => self.string().map(Value::from),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Read<Value> {
        let words = [
            ("null", Value::None),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("NaN", Value::Float(f64::NAN)),
            ("Infinity", Value::Float(f64::INFINITY)),
            ("-Infinity", Value::Float(f64::NEG_INFINITY)),
        ];
        for (word, value) in words {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        self.fail("Expecting value", self.at)
    }

    fn number(&mut self) -> Read<Value> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
        let digits = |at: &mut usize| {
            let from = *at;
            while bytes.get(*at).is_some_and(u8::is_ascii_digit) {
                *at += 1;
            }
            *at > from
        };
        if bytes.get(at) == Some(&b'0') {
            at += 1;
        } else if !digits(&mut at) {
            return self.word();
        }
        let mut float = false;
        let mut ahead = at + 1;
        if bytes.get(at) == Some(&b'.') && digits(&mut ahead) {
            (at, float) = (ahead, true);
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            let mut ahead = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            if digits(&mut ahead) {
                (at, float) = (ahead, true);
            }
        }
        self.at = at;
        let text = &self.text[start..at];
        let value = if float {
            text.parse().ok().map(Value::Float)
        } else {
            text.parse::<BigInt>().ok().map(Value::from_big)
        };
        value.map_or_else(|| self.fail("Expecting value", start), Ok)
    }

    fn array(&mut self, depth: usize) -> Read<Value> {
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(items.into());
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blanks();
            match self.peek() {
                Some(b']') => break,
                Some(b',') => {}
                _ => return self.fail("Expecting ',' delimiter", self.at),
            }
            let comma = self.at;
            self.at += 1;
            self.blanks();
            if self.peek() == Some(b']') {
                return self.fail("Illegal trailing comma before end of array", comma);
            }
        }
        self.at += 1;
        Ok(items.into())
    }

    fn object(&mut self, depth: usize) -> Read<Value> {
        self.at += 1;
        let mut dict = Dict::new();
        self.blanks();
        match self.peek() {
            Some(b'}') => {
                self.at += 1;
                return Ok(dict.into());
            }
            Some(b'"') => {}
            _ => return self.fail("Expecting property name enclosed in double quotes", self.at),
        }
        loop {
            let key = self.string()?;
            self.blanks();
            if self.peek() != Some(b':') {
                return self.fail("Expecting ':' delimiter", self.at);
            }
            self.at += 1;
            self.blanks();
            let value = self.value(depth + 1)?;
            dict.insert(Key::from(key), value);
            self.blanks();
            match self.peek() {
                Some(b'}') => break,
                Some(b',') => {}
                _ => return self.fail("Expecting ',' delimiter", self.at),
            }
            let comma = self.at;
            self.at += 1;
            self.blanks();
            match self.peek() {
                Some(b'"') => {}
                Some(b'}') => {
                    return self.fail("Illegal trailing comma before end of object", comma);
                }
                _ => {
                    return self.fail("Expecting property name enclosed in double quotes", self.at);
                }
            }
        }
        self.at += 1;
        Ok(dict.into())
    }

    fn string(&mut self) -> Read<String> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let Some(end) = rest.find(|c: char| c == '"' || c == '\\' || c < ' ') else {
                return self.fail("Unterminated string starting at", start);
            };
            out.push_str(&rest[..end]);
            self.at += end;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => self.escape(start, &mut out)?,
                _ => return self.fail("Invalid control character at", self.at),
            }
        }
    }

    fn escape(&mut self, start: usize, out: &mut String) -> Read<()> {
        let backslash = self.at;
        self.at += 1;
        let Some(c) = self.peek() else {
            return self.fail("Unterminated string starting at", start);
        };
        self.at += 1;
        out.push(match c {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode(out.chars().count())?,
            _ => return self.fail("Invalid \\escape", backslash),
        });
        Ok(())
    }

    fn unit(&mut self) -> Read<u32> {
        let digits = self.text.get(self.at..self.at + 4);
        let code = digits
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => self.fail("Invalid \\uXXXX escape", self.at - 1),
        }
    }

    fn unicode(&mut self, position: usize) -> Read<char> {
        let high = self.unit()?;
        if (0xd800..0xdc00).contains(&high) && self.text[self.at..].starts_with("\\u") {
            let before = self.at;
            self.at += 2;
            let low = self.unit()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            self.at = before;
        }
        Ok(char::from_u32(high).unwrap_or_else(|| {
            self.lone.get_or_insert(LoneSurrogate { code: high, position });
            '?'
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repr(text: &str) -> String {
        read(text).map_or_else(|error| error, |value| value.repr())
    }

    #[test]
    fn halves_of_characters() {
        let (value, lone) = read_noting("[\"\\ud83d\\ude00 \\udc80\", \"\\ud800\"]").unwrap();
        assert_eq!(value.repr(), "['😀 ?', '?']");
        assert_eq!(lone, Some(LoneSurrogate { code: 0xdc80, position: 2 }));
    }

    #[test]
    fn reads_as_python() {
        assert_eq!(repr(" {\"a\": [1, 2.0, null, true]} "), "{'a': [1, 2.0, None, True]}");
        assert_eq!(repr("\"\\ud83d\\ude00\\n\""), "'😀\\n'");
        assert_eq!(repr("123456789012345678901234567890"), "123456789012345678901234567890");
        assert_eq!(repr("-1e3"), "-1000.0");
        assert_eq!(repr("[1"), "Expecting ',' delimiter: line 1 column 3 (char 2)");
        assert_eq!(repr(""), "Expecting value: line 1 column 1 (char 0)");
        assert_eq!(repr("1 2"), "Extra data: line 1 column 3 (char 2)");
        assert_eq!(
            repr("{a: 1}"),
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
        );
        assert_eq!(
            repr("[1,]"),
            "Illegal trailing comma before end of array: line 1 column 3 (char 2)"
        );
        assert_eq!(repr("\"a"), "Unterminated string starting at: line 1 column 1 (char 0)");
    }
}
