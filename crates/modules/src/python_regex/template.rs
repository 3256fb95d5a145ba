//! Python's replacement templates (`\1`, `\g<name>`, `\n`). Must not know syntax of patterns.

use fancy_regex::Captures;

/// `match.expand(template)`.
pub fn expand(captures: &Captures<'_>, template: &str) -> Result<String, String> {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find('\\') {
        out.push_str(&rest[..start]);
        rest = &rest[start + 1..];
        let Some(c) = rest.chars().next() else {
            return Err("bad escape (end of pattern)".to_owned());
        };
        rest = &rest[c.len_utf8()..];
        match c {
            'g' => rest = named(captures, rest, &mut out)?,
            '0' => rest = octal(0, rest, &mut out),
            '1'..='9' => rest = numbered(captures, c, rest, &mut out)?,
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'a' => out.push('\u{7}'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'v' => out.push('\u{b}'),
            '\\' => out.push('\\'),
            c if c.is_ascii_alphabetic() => return Err(format!("bad escape \\{c}")),
            c => {
                out.push('\\');
                out.push(c);
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn octal<'t>(mut code: u32, mut rest: &'t str, out: &mut String) -> &'t str {
    for _ in 0..2 {
        let Some(digit) = rest.chars().next().and_then(|c| c.to_digit(8)) else { break };
        code = code * 8 + digit;
        rest = &rest[1..];
    }
    out.extend(char::from_u32(code & 0xff));
    rest
}

fn numbered<'t>(
    captures: &Captures<'_>,
    first: char,
    rest: &'t str,
    out: &mut String,
) -> Result<&'t str, String> {
    let mut number = first as usize - '0' as usize;
    let mut rest = rest;
    if let Some(digit) = rest.chars().next().and_then(|c| c.to_digit(10)) {
        let second = rest.chars().nth(1).is_some_and(|c| matches!(c, '0'..='7'));
        if matches!(first, '1'..='3') && digit < 8 && second {
            return Ok(octal(number as u32, rest, out));
        }
        number = number * 10 + digit as usize;
        rest = &rest[1..];
    }
    push_group(captures, number, out)?;
    Ok(rest)
}

fn push_group(captures: &Captures<'_>, number: usize, out: &mut String) -> Result<(), String> {
    if number >= captures.len() {
        return Err(format!("invalid group reference {number}"));
    }
    out.push_str(captures.get(number).map_or("", |group| group.as_str()));
    Ok(())
}

fn named<'t>(captures: &Captures<'_>, rest: &'t str, out: &mut String) -> Result<&'t str, String> {
    let inner = rest.strip_prefix('<').ok_or("missing <")?;
    let end = inner.find('>').ok_or("missing >, unterminated name")?;
    let name = &inner[..end];
    match name.parse() {
        Ok(number) => push_group(captures, number, out)?,
        Err(_) => match captures.name(name) {
            Some(group) => out.push_str(group.as_str()),
            // A group that took no part is empty; one that isn't there can't be told from it.
            None if name.is_empty() => return Err("missing group name".to_owned()),
            None => {}
        },
    }
    Ok(&inner[end + 1..])
}
