//! `strptime`, with Python's complaints.

use super::Moment;
use super::format::{DAYS, MONTHS};

/// What was read.
#[derive(Default)]
struct Fields {
    year: Option<i64>,
    month: Option<u8>,
    day: Option<u8>,
    hour: u8,
    hour12: Option<u8>,
    afternoon: Option<bool>,
    minute: u8,
    second: u8,
    microsecond: u32,
    day_of_year: Option<i64>,
    offset: Option<i32>,
}

/// Reads `text` as `template` says: the moment, and its offset from UTC in seconds if it says one.
pub fn strptime(text: &str, template: &str) -> Result<(Moment, Option<i32>), String> {
    let mismatch = || {
        let (text, template) =
            (super::super::value::string_repr(text), super::super::value::string_repr(template));
        format!("time data {text} does not match format {template}")
    };
    let mut fields = Fields::default();
    let mut rest = text;
    let mut chars = template.chars();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            // A blank stands for any blanks, at least one.
            let trimmed = rest.trim_start();
            if trimmed.len() == rest.len() {
                return Err(mismatch());
            }
            rest = trimmed;
        } else if c == '%' {
            let directive = chars
                .next()
                .ok_or_else(|| format!("stray %% in format '{template}'").replace("%%", "%"))?;
            rest = read(&mut fields, directive, rest, template)?.ok_or_else(mismatch)?;
        } else {
            rest = strip_char(rest, c).ok_or_else(mismatch)?;
        }
    }
    if !rest.is_empty() {
        return Err(format!("unconverted data remains: {rest}"));
    }
    finish(fields)
}

/// Python's patterns ignore capitals.
fn strip_char(text: &str, c: char) -> Option<&str> {
    let first = text.chars().next()?;
    let same = first == c || first.to_lowercase().eq(c.to_lowercase());
    same.then(|| &text[first.len_utf8()..])
}

fn finish(fields: Fields) -> Result<(Moment, Option<i32>), String> {
    let year = fields.year.unwrap_or(1900);
    let mut moment = Moment::midnight(year, fields.month.unwrap_or(1), fields.day.unwrap_or(1));
    if let (Some(day), None, None) = (fields.day_of_year, fields.month, fields.day) {
        let days = i128::from(Moment::midnight(year, 1, 1).days() + day - 1);
        moment = Moment::from_microseconds(days * 86_400_000_000);
    }
    moment.hour = match (fields.hour12, fields.afternoon) {
        (Some(hour), Some(true)) => hour % 12 + 12,
        (Some(hour), _) => hour % 12,
        (None, _) => fields.hour,
    };
    moment.minute = fields.minute;
    moment.second = fields.second.min(59);
    moment.microsecond = fields.microsecond;
    if moment.is_valid() {
        Ok((moment, fields.offset))
    } else {
        Err("day is out of range for month".to_owned())
    }
}

/// Reads digits, at least one and at most `width`, whose number lies in the range.
fn digits(text: &str, width: usize, range: std::ops::RangeInclusive<i64>) -> Option<(i64, &str)> {
    let most = text.bytes().take(width).take_while(u8::is_ascii_digit).count();
    (1..=most).rev().find_map(|length| {
        let number = text[..length].parse().ok().filter(|number| range.contains(number))?;
        Some((number, &text[length..]))
    })
}

fn name<'t>(text: &'t str, names: &[&str], short: bool) -> Option<(usize, &'t str)> {
    names.iter().enumerate().find_map(|(index, name)| {
        let name = if short { &name[..3] } else { name };
        let head = text.get(..name.len())?;
        head.eq_ignore_ascii_case(name).then(|| (index, &text[name.len()..]))
    })
}

fn small(number: i64) -> u8 {
    u8::try_from(number).unwrap_or(0)
}

fn read<'t>(
    fields: &mut Fields,
    directive: char,
    text: &'t str,
    template: &str,
) -> Result<Option<&'t str>, String> {
    let number = |width, range| digits(text, width, range);
    let found = match directive {
        'Y' => text
            .get(..4)
            .filter(|year| year.bytes().all(|b| b.is_ascii_digit()))
            .map(|year| (fields.year = year.parse().ok(), &text[4..])),
        'y' => number(2, 0..=99)
            .map(|(n, rest)| (fields.year = Some(if n < 69 { 2000 + n } else { 1900 + n }), rest)),
        'm' => number(2, 1..=12).map(|(n, rest)| (fields.month = Some(small(n)), rest)),
        'd' | 'e' => {
            let text = text.strip_prefix(' ').unwrap_or(text);
            digits(text, 2, 1..=31).map(|(n, rest)| (fields.day = Some(small(n)), rest))
        }
        'H' => number(2, 0..=23).map(|(n, rest)| (fields.hour = small(n), rest)),
        'I' => number(2, 1..=12).map(|(n, rest)| (fields.hour12 = Some(small(n)), rest)),
        'M' => number(2, 0..=59).map(|(n, rest)| (fields.minute = small(n), rest)),
        'S' => number(2, 0..=61).map(|(n, rest)| (fields.second = small(n), rest)),
        'j' => number(3, 1..=366).map(|(n, rest)| (fields.day_of_year = Some(n), rest)),
        'f' => {
            let width = text.bytes().take(6).take_while(u8::is_ascii_digit).count();
            let micro = format!("{:0<6}", &text[..width]).parse().ok().filter(|_| width > 0);
            micro.map(|micro| (fields.microsecond = micro, &text[width..]))
        }
        'p' => [("am", false), ("pm", true)].into_iter().find_map(|(word, afternoon)| {
            text.get(..2)
                .filter(|head| head.eq_ignore_ascii_case(word))
                .map(|_| (fields.afternoon = Some(afternoon), &text[2..]))
        }),
        'b' => {
            name(text, &MONTHS, true).map(|(n, r)| (fields.month = Some(small(n as i64 + 1)), r))
        }
        'B' => {
            name(text, &MONTHS, false).map(|(n, r)| (fields.month = Some(small(n as i64 + 1)), r))
        }
        'a' => name(text, &DAYS, true).map(|(_, rest)| ((), rest)),
        'A' => name(text, &DAYS, false).map(|(_, rest)| ((), rest)),
        'w' => number(1, 0..=6).map(|(_, rest)| ((), rest)),
        'z' => offset(text).map(|(offset, rest)| (fields.offset = Some(offset), rest)),
        'Z' => ["utc", "gmt"].into_iter().find_map(|zone| {
            text.get(..3).filter(|head| head.eq_ignore_ascii_case(zone)).map(|_| ((), &text[3..]))
        }),
        '%' => text.strip_prefix('%').map(|rest| ((), rest)),
        'T' => return nested(fields, "%H:%M:%S", text, template),
        'F' => return nested(fields, "%Y-%m-%d", text, template),
        other => {
            return Err(format!("'{other}' is a bad directive in format '{template}'"));
        }
    };
    Ok(found.map(|((), rest)| rest))
}

fn nested<'t>(
    fields: &mut Fields,
    directives: &str,
    text: &'t str,
    template: &str,
) -> Result<Option<&'t str>, String> {
    let mut rest = text;
    for c in directives.chars().filter(|c| *c != '%') {
        let next = if c.is_ascii_alphabetic() {
            read(fields, c, rest, template)?
        } else {
            rest.strip_prefix(c)
        };
        let Some(next) = next else { return Ok(None) };
        rest = next;
    }
    Ok(Some(rest))
}

/// `+hh:mm`, `+hhmm`, with seconds too, or `Z`.
fn offset(text: &str) -> Option<(i32, &str)> {
    if let Some(rest) = text.strip_prefix('Z') {
        return Some((0, rest));
    }
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let part = |text: &str| -> Option<i32> {
        text.get(..2).filter(|part| part.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
    };
    let hours = part(&text[1..])?;
    let rest = &text[3..];
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let minutes = part(rest)?;
    Some((sign * (hours * 3600 + minutes * 60), &rest[2..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_python() {
        let read = |text, template| {
            strptime(text, template).map(|(moment, offset)| {
                (super::super::strftime("%F %T.%f", &moment, None).unwrap_or_default(), offset)
            })
        };
        assert_eq!(
            read("2024-01-02 03:04:05", "%Y-%m-%d %H:%M:%S"),
            Ok(("2024-01-02 03:04:05.000000".to_owned(), None))
        );
        assert_eq!(
            read("Jan  2 11:04:05 PM 24 +0130", "%b %d %I:%M:%S %p %y %z"),
            Ok(("2024-01-02 23:04:05.000000".to_owned(), Some(5400)))
        );
        assert_eq!(read("2024 x", "%Y"), Err("unconverted data remains:  x".to_owned()));
        assert_eq!(
            read("nonsense", "%Y"),
            Err("time data 'nonsense' does not match format '%Y'".to_owned())
        );
        assert_eq!(read("2023-02-30", "%Y-%m-%d"), Err("day is out of range for month".to_owned()));
    }
}
