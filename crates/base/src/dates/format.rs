//! `strftime`, as Python's on Linux in the C locale.

use std::fmt::Write;

use super::Moment;

/// A directive that isn't known never fails in Python: it stays as it is. What fails is a moment
/// that can't be written.
pub type FormatError = std::fmt::Error;

pub(super) const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// How a directive's flag pads.
#[derive(Clone, Copy)]
enum Pad {
    Usual,
    None,
    Zero,
    Blank,
}

/// Where a moment stands: its offset from UTC in seconds and its zone's name. A zone without a
/// name is known but not written.
pub type Zone<'a> = Option<(i32, &'a str)>;

/// The moment, written as `template` says.
pub fn strftime(template: &str, moment: &Moment, zone: Zone<'_>) -> Result<String, FormatError> {
    let mut out = String::with_capacity(template.len() * 2);
    let mut chars = template.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut raw = String::from('%');
        let mut pad = Pad::Usual;
        let directive = loop {
            let Some(c) = chars.next() else { break None };
            raw.push(c);
            match c {
                '-' => pad = Pad::None,
                '0' => pad = Pad::Zero,
                '_' => pad = Pad::Blank,
                '^' | '#' | ':' | 'E' | 'O' => {}
                c => break Some(c),
            }
        };
        match directive {
            Some(directive) => write_one(&mut out, (directive, pad, &raw), moment, zone)?,
            None => out.push_str(&raw),
        }
    }
    Ok(out)
}

fn number(
    out: &mut String,
    value: i64,
    (pad, width, usual): (Pad, usize, char),
) -> Result<(), FormatError> {
    match (pad, usual) {
        (Pad::None, _) => write!(out, "{value}"),
        (Pad::Blank, _) | (Pad::Usual, ' ') => write!(out, "{value:width$}"),
        (Pad::Zero | Pad::Usual, _) => write!(out, "{value:0width$}"),
    }
}

fn write_one(
    out: &mut String,
    (directive, pad, raw): (char, Pad, &str),
    moment: &Moment,
    zone: Zone<'_>,
) -> Result<(), FormatError> {
    let two = (pad, 2, '0');
    let hour12 = i64::from((moment.hour + 11) % 12) + 1;
    let day = usize::try_from(moment.weekday()).unwrap_or(0);
    let month = usize::from(moment.month.max(1) - 1);
    let recurse = |out: &mut String, template: &str| {
        out.push_str(&strftime(template, moment, zone)?);
        Ok(())
    };
    match directive {
        'Y' => write!(out, "{}", moment.year),
        'C' => number(out, moment.year.div_euclid(100), two),
        'y' => number(out, moment.year.rem_euclid(100), two),
        'm' => number(out, i64::from(moment.month), two),
        'd' => number(out, i64::from(moment.day), two),
        'e' => number(out, i64::from(moment.day), (pad, 2, ' ')),
        'H' => number(out, i64::from(moment.hour), two),
        'k' => number(out, i64::from(moment.hour), (pad, 2, ' ')),
        'I' => number(out, hour12, two),
        'l' => number(out, hour12, (pad, 2, ' ')),
        'M' => number(out, i64::from(moment.minute), two),
        'S' => number(out, i64::from(moment.second), two),
        'f' => write!(out, "{:06}", moment.microsecond),
        'j' => number(out, moment.day_of_year(), (pad, 3, '0')),
        'p' => out.write_str(if moment.hour < 12 { "AM" } else { "PM" }),
        'P' => out.write_str(if moment.hour < 12 { "am" } else { "pm" }),
        'a' => out.write_str(&DAYS[day][..3]),
        'A' => out.write_str(DAYS[day]),
        'b' | 'h' => out.write_str(&MONTHS[month][..3]),
        'B' => out.write_str(MONTHS[month]),
        'u' => write!(out, "{}", moment.weekday() + 1),
        'w' => write!(out, "{}", (moment.weekday() + 1) % 7),
        'U' => number(out, (moment.day_of_year() + 6 - (moment.weekday() + 1) % 7) / 7, two),
        'W' => number(out, (moment.day_of_year() + 6 - moment.weekday()) / 7, two),
        'V' => number(out, moment.iso_week().1, two),
        'G' => write!(out, "{}", moment.iso_week().0),
        'g' => number(out, moment.iso_week().0.rem_euclid(100), two),
        's' => {
            let offset = i128::from(zone.map_or(0, |zone| zone.0));
            write!(out, "{}", moment.microseconds().div_euclid(1_000_000) - offset)
        }
        'z' => match zone {
            Some((offset, name)) if !name.is_empty() => {
                write_offset(out, offset, if raw.contains(':') { ":" } else { "" })
            }
            _ => Ok(()),
        },
        'Z' => out.write_str(zone.map_or("", |zone| zone.1)),
        'n' => out.write_char('\n'),
        't' => out.write_char('\t'),
        '%' => out.write_char('%'),
        'F' => recurse(out, "%Y-%m-%d"),
        'T' | 'X' => recurse(out, "%H:%M:%S"),
        'R' => recurse(out, "%H:%M"),
        'D' | 'x' => recurse(out, "%m/%d/%y"),
        'r' => recurse(out, "%I:%M:%S %p"),
        'c' => recurse(out, "%a %b %e %H:%M:%S %Y"),
        _ => out.write_str(raw),
    }
}

fn write_offset(out: &mut String, offset: i32, between: &str) -> Result<(), FormatError> {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    write!(out, "{sign}{:02}{between}{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_as_python() {
        let epoch = Moment::midnight(1970, 1, 1);
        assert_eq!(
            strftime("%a %b %j %U %e %s %p %I %Z %z %% %f", &epoch, Some((0, "UTC"))).unwrap(),
            "Thu Jan 001 00  1 0 AM 12 UTC +0000 % 000000"
        );
        assert_eq!(strftime("%-d|%Q|%c", &epoch, None).unwrap(), "1|%Q|Thu Jan  1 00:00:00 1970");
    }
}
