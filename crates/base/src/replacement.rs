//! Python's language of replacements in regular expressions: `\1`, `\g<name>`, `\n`. Knows nothing of
//! matching.

use std::collections::HashMap;

/// A piece of a replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text as it is.
    Text(String),
    /// What the group with this number matched.
    Group(usize),
}

/// Reads a replacement for a pattern with these groups; errors are in the words of Python's `re`.
pub fn parse(
    template: &str,
    groups: usize,
    names: &HashMap<String, usize>,
) -> Result<Vec<Part>, String> {
    let chars: Vec<char> = template.chars().collect();
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        let start = at;
        at += 1;
        if c != '\\' {
            text.push(c);
            continue;
        }
        let Some(c) = chars.get(at).copied() else {
            return Err(format!("bad escape (end of pattern) at position {start}"));
        };
        at += 1;
        let group = match c {
            'g' => named(&chars, &mut at, names)?,
            '0'..='9' => match number(&chars, &mut at, start, c)? {
                Reference::Group(group) => group,
                Reference::Character(c) => {
                    text.push(c);
                    continue;
                }
            },
            c => {
                match escape(c) {
                    Some(escaped) => text.push(escaped),
                    None if c.is_ascii_alphabetic() => {
                        return Err(format!("bad escape \\{c} at position {start}"));
                    }
                    None => text.extend(['\\', c]),
                }
                continue;
            }
        };
        if group > groups {
            return Err(format!("invalid group reference {group} at position {}", start + 1));
        }
        if !text.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut text)));
        }
        parts.push(Part::Group(group));
    }
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok(parts)
}

/// What a letter behind a backslash stands for, here as in patterns.
pub fn escape(c: char) -> Option<char> {
    Some(match c {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' => '\\',
        _ => return None,
    })
}

fn named(chars: &[char], at: &mut usize, names: &HashMap<String, usize>) -> Result<usize, String> {
    if chars.get(*at) != Some(&'<') {
        return Err(format!("missing < at position {at}"));
    }
    *at += 1;
    let from = *at;
    while chars.get(*at).is_some_and(|c| *c != '>') {
        *at += 1;
    }
    if *at >= chars.len() {
        return Err(format!("missing >, unterminated name at position {from}"));
    }
    let name: String = chars[from..*at].iter().collect();
    *at += 1;
    if name.is_empty() {
        return Err(format!("missing group name at position {from}"));
    }
    match name.parse() {
        Ok(group) => Ok(group),
        Err(_) => names.get(&name).copied().ok_or_else(|| format!("unknown group name '{name}'")),
    }
}

enum Reference {
    Group(usize),
    Character(char),
}

fn number(chars: &[char], at: &mut usize, start: usize, first: char) -> Result<Reference, String> {
    let octal = |offset: usize| chars.get(*at + offset).and_then(|c| c.to_digit(8));
    let first_digit = first.to_digit(10).unwrap_or(0);
    if first == '0' {
        let (mut code, mut taken) = (0, 0);
        while let Some(digit) = octal(taken).filter(|_| taken < 2) {
            code = code * 8 + digit;
            taken += 1;
        }
        *at += taken;
        return Ok(Reference::Character(char::from_u32(code).unwrap_or('\0')));
    }
    let Some(second) = chars.get(*at).and_then(|c| c.to_digit(10)) else {
        return Ok(Reference::Group(first_digit as usize));
    };
    if let (true, Some(b), Some(c)) = (first_digit < 8, octal(0), octal(1)) {
        let code = first_digit * 64 + b * 8 + c;
        if code > 0o377 {
            return Err(format!(
                "octal escape value \\{first_digit}{b}{c} outside of range 0-0o377 at position {start}"
            ));
        }
        *at += 2;
        return Ok(Reference::Character(char::from_u32(code).unwrap_or('\0')));
    }
    *at += 1;
    Ok(Reference::Group((first_digit * 10 + second) as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_python() {
        let names = HashMap::from([("q".to_owned(), 2)]);
        let parse = |template| parse(template, 2, &names);
        let text = |text: &str| Part::Text(text.to_owned());
        assert_eq!(
            parse("a\\1\\g<1>0\\g<q>"),
            Ok(vec![text("a"), Part::Group(1), Part::Group(1), text("0"), Part::Group(2),])
        );
        assert_eq!(parse("\\\\\\n\\."), Ok(vec![text("\\\n\\.")]));
        assert_eq!(parse("\\101"), Ok(vec![text("A")]));
        assert_eq!(parse("\\3"), Err("invalid group reference 3 at position 1".to_owned()));
        assert_eq!(parse("\\y"), Err("bad escape \\y at position 0".to_owned()));
    }
}
