//! Python literals: how INI inventories and `k=v` variables get their types. What isn't one stays
//! a string.

use nafal_base::value::float_repr;
use nafal_base::{Dict, Key, List, Text, Value};
use num_bigint::BigInt;
use num_traits::Num;

/// The value of a text that is a Python literal; None when it isn't one. Strings come as given,
/// for the caller to tag.
pub(crate) fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text.trim_start_matches([' ', '\t']), depth: 0 };
    let value = reader.expression()?;
    reader.space();
    reader.rest.is_empty().then_some(value)
}

/// Deeper ones stay strings, as Python's parser gives up too.
const DEEPEST: u32 = 90;

struct Reader<'a> {
    rest: &'a str,
    depth: u32,
}

impl<'a> Reader<'a> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n', '\x0c']);
        if self.rest.starts_with('#') {
            self.rest = "";
        }
    }

    fn eat(&mut self, token: &str) -> bool {
        self.space();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// An item, or several with commas between: a tuple.
    fn expression(&mut self) -> Option<Value> {
        let first = self.item()?;
        if !self.eat(",") {
            return Some(first);
        }
        let mut items = vec![first];
        self.space();
        while !self.rest.is_empty() && !self.rest.starts_with(')') {
            items.push(self.item()?);
            if !self.eat(",") {
                break;
            }
            self.space();
        }
        Some(Value::Tuple(items.into()))
    }

    fn item(&mut self) -> Option<Value> {
        self.space();
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let value = match self.rest.as_bytes().first()? {
            b'[' => self.list(),
            b'(' => self.parentheses(),
            b'{' => self.braces(),
            b'+' | b'-' => self.signed(),
            b'.' if self.eat("...") => Some(Value::from("...")),
            b'0'..=b'9' | b'.' => self.number(),
            _ => self.word(),
        };
        self.depth -= 1;
        value
    }

    fn items_until(&mut self, end: &str) -> Option<Vec<Value>> {
        let mut items = Vec::new();
        while !self.eat(end) {
            items.push(self.item()?);
            if !self.eat(",") {
                return self.eat(end).then_some(items);
            }
        }
        Some(items)
    }

    fn list(&mut self) -> Option<Value> {
        self.eat("[");
        Some(Value::List(self.items_until("]")?.into()))
    }

    fn parentheses(&mut self) -> Option<Value> {
        self.eat("(");
        if self.eat(")") {
            return Some(Value::Tuple(List::new()));
        }
        let value = self.expression()?;
        self.eat(")").then_some(value)
    }

    fn braces(&mut self) -> Option<Value> {
        self.eat("{");
        if self.eat("}") {
            return Some(Value::Dict(Dict::new()));
        }
        let first = self.item()?;
        if !self.eat(":") {
            // A set: a list without its doubles, as sets are kept.
            let mut items = vec![first];
            if self.eat(",") {
                items.extend(self.items_until("}")?);
            } else if !self.eat("}") {
                return None;
            }
            let keys: Option<Dict> =
                items.into_iter().map(|item| Some((Key::new(item).ok()?, Value::None))).collect();
            return Some(Value::List(keys?.keys().map(|key| key.value().clone()).collect()));
        }
        let mut dict = Dict::new();
        dict.insert(Key::new(first).ok()?, self.item()?);
        while self.eat(",") && !self.peek('}') {
            let key = Key::new(self.item()?).ok()?;
            if !self.eat(":") {
                return None;
            }
            dict.insert(key, self.item()?);
        }
        self.eat("}").then_some(Value::Dict(dict))
    }

    fn peek(&mut self, character: char) -> bool {
        self.space();
        self.rest.starts_with(character)
    }

    fn signed(&mut self) -> Option<Value> {
        let negative = self.eat("-");
        if !negative {
            self.eat("+");
        }
        self.space();
        if !self.rest.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return None;
        }
        Some(match (negative, self.number()?) {
            (false, number) => number,
            (true, Value::Int(number)) => Value::from_big(-BigInt::from(number)),
            (true, Value::Big(number)) => Value::from_big(-(*number).clone()),
            (true, Value::Float(number)) => Value::Float(-number),
            _ => return None,
        })
    }

    fn number(&mut self) -> Option<Value> {
        let text = self.rest;
        let radix = match text.as_bytes() {
            [b'0', b'x' | b'X', ..] => 16,
            [b'0', b'o' | b'O', ..] => 8,
            [b'0', b'b' | b'B', ..] => 2,
            _ => 10,
        };
        let mut end = if radix == 10 { 0 } else { 2 };
        let bytes = text.as_bytes();
        while let Some(byte) = bytes.get(end) {
            let is_exponent = radix == 10
                && matches!(byte, b'+' | b'-')
                && end > 0
                && matches!(bytes[end - 1], b'e' | b'E');
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.') || is_exponent) {
                break;
            }
            end += 1;
        }
        self.rest = &text[end..];
        let digits = &text[if radix == 10 { 0 } else { 2 }..end];
        let is_float = radix == 10 && digits.contains(['.', 'e', 'E']);
        // An underscore stands between digits, or after the radix.
        let between = digits.strip_prefix('_').filter(|_| radix != 10).unwrap_or(digits);
        if between.starts_with('_') || between.ends_with('_') || between.contains("__") {
            return None;
        }
        let plain = digits.replace('_', "");
        // What no variable can be is kept as its text: Python's Ellipsis and complex numbers.
        if let Some(imaginary) = plain.strip_suffix(['j', 'J']).filter(|_| radix == 10) {
            let text = float_repr(float(imaginary)?);
            return Some(Value::from(format!("{}j", text.trim_end_matches(".0"))));
        }
        if is_float {
            return float(&plain).map(Value::Float);
        }
        if radix == 10 && plain.starts_with('0') && !plain.trim_matches('0').is_empty() {
            return None;
        }
        BigInt::from_str_radix(&plain, radix).ok().map(Value::from_big)
    }

    /// A name or a string with its prefix.
    fn word(&mut self) -> Option<Value> {
        if self.rest.starts_with("set(") {
            self.eat("set");
            return (self.eat("(") && self.eat(")")).then(|| Value::List(List::new()));
        }
        for (word, value) in
            [("None", Value::None), ("True", Value::Bool(true)), ("False", Value::Bool(false))]
        {
            if let Some(rest) = self.rest.strip_prefix(word)
                && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
            {
                self.rest = rest;
                return Some(value);
            }
        }
        if let Some(rest) = self.rest.strip_prefix("set") {
            self.rest = rest;
            return (self.eat("(") && self.eat(")")).then(|| Value::List(List::new()));
        }
        let mut joined = self.string()?;
        // Adjacent strings are one.
        while self.peek('"') || self.peek('\'') || self.string_prefix().is_some() {
            joined.push_str(&self.string()?);
        }
        Some(Value::Str(Text::new(joined)))
    }

    /// How long the prefix of a string is that stands here, if one does.
    fn string_prefix(&self) -> Option<usize> {
        let length = self.rest.find(['"', '\''])?;
        matches!(
            self.rest[..length].to_ascii_lowercase().as_str(),
            "" | "r" | "u" | "b" | "br" | "rb"
        )
        .then_some(length)
    }

    fn string(&mut self) -> Option<String> {
        self.space();
        let length = self.string_prefix()?;
        let raw = self.rest[..length].contains(['r', 'R']);
        self.rest = &self.rest[length..];
        let quote =
            ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| self.rest.starts_with(quote))?;
        self.rest = &self.rest[quote.len()..];
        let mut text = String::new();
        loop {
            if let Some(rest) = self.rest.strip_prefix(quote) {
                self.rest = rest;
                return Some(text);
            }
            let character = self.rest.chars().next()?;
            self.rest = &self.rest[character.len_utf8()..];
            match character {
                '\n' if quote.len() == 1 => return None,
                '\\' if raw => {
                    let next = self.rest.chars().next()?;
                    self.rest = &self.rest[next.len_utf8()..];
                    text.extend(['\\', next]);
                }
                '\\' => self.escape(&mut text)?,
                other => text.push(other),
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Option<()> {
        let character = self.rest.chars().next()?;
        self.rest = &self.rest[character.len_utf8()..];
        let plain = match character {
            '\n' => return Some(()),
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\x07',
            'b' => '\x08',
            'f' => '\x0c',
            'v' => '\x0b',
            '\\' | '\'' | '"' => character,
            'x' => self.coded(2)?,
            'u' => self.coded(4)?,
            'U' => self.coded(8)?,
            '0'..='7' => {
                let more = self.rest.bytes().take(2).take_while(|b| matches!(b, b'0'..=b'7'));
                let count = more.count();
                let digits = format!("{character}{}", &self.rest[..count]);
                self.rest = &self.rest[count..];
                char::from_u32(u32::from_str_radix(&digits, 8).ok()?)?
            }
            other => {
                text.push('\\');
                other
            }
        };
        text.push(plain);
        Some(())
    }

    fn coded(&mut self, length: usize) -> Option<char> {
        let digits = self.rest.get(..length)?;
        self.rest = &self.rest[length..];
        char::from_u32(u32::from_str_radix(digits, 16).ok()?)
    }
}

/// A float as Python writes it; too large ones are infinite.
fn float(text: &str) -> Option<f64> {
    if !text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-')) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(parse(text).map(|value| value.repr()).as_deref(), Some(expect), "{text}");
    }

    #[test]
    fn literals() {
        check("1", "1");
        check("-  5", "-5");
        check("1_000", "1000");
        check("0o17", "15");
        check("0x1F", "31");
        check("00", "0");
        check("1.", "1.0");
        check(".5", "0.5");
        check("1e3", "1000.0");
        check("99999999999999999999", "99999999999999999999");
        check("[1, 2,] # c", "[1, 2]");
        check("(1)", "1");
        check("(1,)", "(1,)");
        check("1, 2", "(1, 2)");
        check("{'a': 1, 2: [None, True]}", "{'a': 1, 2: [None, True]}");
        check("{'a', 'b', 'a'}", "['a', 'b']");
        check(r#""a" 'b'"#, "'ab'");
        check(r#""\n\x41""#, "'\\nA'");
        check(r"r'\n'", r"'\\n'");
        check("'''x'''", "'x'");
    }

    #[test]
    fn what_is_none() {
        for text in [
            "",
            "true",
            "017",
            "1+2",
            "hello world",
            "--5",
            "not 1",
            "[1",
            "{'a': 1, **{}}",
            "f\"x\"",
            "[[1]]*2",
            "1__0",
            "_1",
            "10.0.0.1",
            "1.2.3",
            "x",
            "{[1]: 2}",
            "Nonesuch",
        ] {
            assert_eq!(parse(text).map(|value| value.repr()), None, "{text}");
        }
    }
}
