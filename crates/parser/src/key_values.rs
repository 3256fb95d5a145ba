//! `module: a=b c="d e" free text`: arguments and what is left over. Must not know which
//! arguments a module has.

use std::borrow::Cow;

use crate::splitting::{self, Unbalanced};

/// What a text gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyValues {
    /// `key=value`, in order; a key may stand twice (the last counts).
    pub args: Vec<(String, String)>,
    /// What is no argument.
    pub raw: Option<String>,
}

/// The only arguments that may stand in the free text of a command.
const COMMAND_ARGUMENTS: &[&str] = &[
    "chdir",
    "creates",
    "executable",
    "removes",
    "stdin",
    "stdin_add_newline",
    "strip_empty_ends",
    "warn",
];

/// All `k=v` of a text, for actions with named arguments.
pub fn split_key_values(text: &str) -> Result<KeyValues, Unbalanced> {
    read(text, |_| true)
}

/// The free text of a command with the few arguments that may stand in it (`creates=…`).
pub fn split_raw(text: &str) -> Result<KeyValues, Unbalanced> {
    read(text, |key| COMMAND_ARGUMENTS.contains(&key))
}

fn read(text: &str, accept: impl Fn(&str) -> bool) -> Result<KeyValues, Unbalanced> {
    let words = splitting::split(text)?;
    let mut args = Vec::new();
    let mut raw: Vec<Cow<'_, str>> = Vec::new();
    for word in &words {
        let Some(index) = equals(word) else {
            raw.push(Cow::Owned(word.replace("\\=", "=")));
            continue;
        };
        let decoded = unescape(word[..index].trim());
        if accept(&decoded) {
            let value = unescape(word[index + 1..].trim());
            args.push((decoded, unquote(value)));
        } else {
            raw.push(Cow::Borrowed(word));
        }
    }
    let raw = (!raw.is_empty()).then(|| splitting::join(raw.iter().map(AsRef::as_ref)));
    Ok(KeyValues { args, raw })
}

/// Where the `=` of an argument is: behind a key, and not escaped. Jinja is no exception: stock
/// takes `{{ a == b }}` for an argument, too.
fn equals(word: &str) -> Option<usize> {
    let bytes = word.as_bytes();
    (1..bytes.len()).find(|&i| bytes[i] == b'=' && bytes[i - 1] != b'\\')
}

fn unquote(text: String) -> String {
    let quoted = text.len() > 1
        && (text.starts_with('"') && text.ends_with('"')
            || text.starts_with('\'') && text.ends_with('\''));
    if quoted { text[1..text.len() - 1].to_owned() } else { text }
}

/// Python's escapes, octal ones aside.
fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(index) = rest.find('\\') {
        out.push_str(&rest[..index]);
        rest = &rest[index..];
        let escape = rest[1..].chars().next();
        let simple = match escape {
            Some('n') => Some('\n'),
            Some('t') => Some('\t'),
            Some('r') => Some('\r'),
            Some('a') => Some('\u{7}'),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('v') => Some('\u{b}'),
            Some(c @ ('\\' | '\'' | '"')) => Some(c),
            _ => None,
        };
        if let Some(c) = simple {
            out.push(c);
            rest = &rest[2..];
            continue;
        }
        let digits = match escape {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            _ => 0,
        };
        let code = rest.get(2..2 + digits).filter(|_| digits > 0);
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = &rest[2 + digits..];
            }
            None => {
                out.push('\\');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}
