//! Bytes of a file to text: UTF-8 with or without a byte order mark. Must not know what the text is.

use std::fmt;

use nafal_base::{Diagnostic, Severity, Source, Span};
use thiserror::Error;

/// The bytes are no text. Told as Python tells it, which takes each wrong byte for a character.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub struct Undecodable {
    /// The first wrong bytes: as many as follow each other.
    bytes: Vec<u8>,
    /// How many characters are before them.
    position: usize,
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.position;
        match &self.bytes[..] {
            [byte] => {
                write!(
                    f,
                    "'utf-8' codec can't encode character '\\udc{byte:02x}' in position {first}"
                )?;
            }
            bytes => {
                let last = first + bytes.len().saturating_sub(1);
                write!(f, "'utf-8' codec can't encode characters in position {first}-{last}")?;
            }
        }
        f.write_str(": surrogates not allowed")
    }
}

impl Undecodable {
    /// What stock warns of, and then fails with, for the file of this name.
    pub fn told(&self, file: &str) -> [Diagnostic; 2] {
        let deprecated = format!(
            "File '{file}' could not be decoded as 'utf-8'. Invalid content has been escaped. This feature will be removed from ansible-core version 2.23. This file must be UTF-8 encoded."
        );
        let place = Span::whole(&Source::new(file, ""));
        [
            Diagnostic::new(Severity::Deprecation, deprecated),
            Diagnostic::error(format!("YAML parsing failed: {self}")).at(place),
        ]
    }
}

/// The text that `bytes` are.
pub fn decode(bytes: Vec<u8>) -> Result<String, Undecodable> {
    let mut text = String::from_utf8(bytes).map_err(|error| undecodable(error.as_bytes()))?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

fn undecodable(bytes: &[u8]) -> Undecodable {
    let mut wrong = Undecodable { bytes: Vec::new(), position: 0 };
    for chunk in bytes.utf8_chunks() {
        let good = chunk.valid().chars().count();
        if wrong.bytes.is_empty() {
            wrong.position += good;
        } else if good > 0 {
            break;
        }
        wrong.bytes.extend_from_slice(chunk.invalid());
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        assert_eq!(decode(b"a: \xc3\xa9".to_vec()).unwrap(), "a: \u{e9}");
        assert_eq!(decode(b"\xef\xbb\xbfa".to_vec()).unwrap(), "a");
        let told = |bytes: &[u8]| decode(bytes.to_vec()).unwrap_err().to_string();
        assert_eq!(
            told(b"\xc3\xa9b\xe9 \xff"),
            "'utf-8' codec can't encode character '\\udce9' in position 2: surrogates not allowed"
        );
        assert_eq!(
            told(b"\xff\xfea\0"),
            "'utf-8' codec can't encode characters in position 0-1: surrogates not allowed"
        );
    }
}
