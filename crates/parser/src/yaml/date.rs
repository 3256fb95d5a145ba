//! How YAML writes dates and times. What they can is `base`'s.

use nafal_base::Value;
use nafal_base::dates::{Date, DateTime, Moment};

/// A date, or a time of a day, as a YAML file can write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct YamlDate {
    /// The year.
    year: i32,
    /// The month, from 1.
    month: u32,
    /// The day, from 1.
    day: u32,
    /// The time of day; a date has none.
    time: Option<YamlTime>,
}

/// The time of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct YamlTime {
    /// The hour.
    hour: u32,
    /// The minute.
    minute: u32,
    /// The second.
    second: u32,
    /// Millionths of a second.
    microsecond: u32,
    /// Minutes east of UTC; None for a time without zone.
    offset: Option<i32>,
}

impl YamlDate {
    /// The same as the dates that templates make.
    fn native(&self) -> Value {
        let small = |number: u32| u8::try_from(number).unwrap_or(0);
        let mut moment = Moment::midnight(self.year.into(), small(self.month), small(self.day));
        let Some(time) = self.time else {
            return Date(moment).into();
        };
        (moment.hour, moment.minute) = (small(time.hour), small(time.minute));
        (moment.second, moment.microsecond) = (small(time.second), time.microsecond);
        DateTime { moment, offset: time.offset.map(|minutes| minutes * 60) }.into()
    }
}

/// A text that is being taken apart from its front.
struct Cursor<'a>(&'a str);

impl Cursor<'_> {
    /// A number of `least` to `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let length = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at(length);
        self.0 = rest;
        (length >= least).then(|| digits.parse().unwrap_or(0))
    }

    fn take(&mut self, c: char) -> Option<()> {
        self.0 = self.0.strip_prefix(c)?;
        Some(())
    }

    fn blanks(&mut self) -> usize {
        let rest = self.0.trim_start_matches([' ', '\t']);
        let count = self.0.len() - rest.len();
        self.0 = rest;
        count
    }
}

/// Whether an unquoted scalar is a date or a time.
pub(super) fn is_timestamp(text: &str) -> bool {
    read(text).is_some()
}

fn read(text: &str) -> Option<YamlDate> {
    let mut cursor = Cursor(text);
    let year = cursor.digits(4, 4)?;
    cursor.take('-')?;
    let before = cursor.0.len();
    let month = cursor.digits(1, 2)?;
    cursor.take('-')?;
    let day = cursor.digits(1, 2)?;
    let year = i32::try_from(year).ok()?;
    if cursor.0.is_empty() {
        // A date alone has both of its digits everywhere.
        return (before == 5).then_some(YamlDate { year, month, day, time: None });
    }
    if cursor.take('T').or_else(|| cursor.take('t')).is_none() && cursor.blanks() == 0 {
        return None;
    }
    let hour = cursor.digits(1, 2)?;
    cursor.take(':')?;
    let minute = cursor.digits(2, 2)?;
    cursor.take(':')?;
    let second = cursor.digits(2, 2)?;
    let microsecond = if cursor.take('.').is_some() { fraction(&mut cursor) } else { 0 };
    let offset = zone(&mut cursor)?;
    let time = Some(YamlTime { hour, minute, second, microsecond, offset });
    Some(YamlDate { year, month, day, time })
}

fn fraction(cursor: &mut Cursor<'_>) -> u32 {
    let length = cursor.0.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = cursor.0.split_at(length);
    cursor.0 = rest;
    format!("{digits:0<6.6}").parse().unwrap_or(0)
}

/// The zone at the end: None when what is there is no zone.
fn zone(cursor: &mut Cursor<'_>) -> Option<Option<i32>> {
    let blanks = cursor.blanks();
    if cursor.0.is_empty() {
        return (blanks == 0).then_some(None);
    }
    if cursor.take('Z').is_some() {
        return cursor.0.is_empty().then_some(Some(0));
    }
    let sign = if cursor.take('-').is_some() {
        -1
    } else {
        cursor.take('+')?;
        1
    };
    let hours = cursor.digits(1, 2)?;
    let minutes = if cursor.take(':').is_some() { cursor.digits(2, 2)? } else { 0 };
    let total = i32::try_from(hours * 60 + minutes).ok()?;
    cursor.0.is_empty().then_some(Some(sign * total))
}

/// The date or time that `text` is, or Python's words for why there is none.
pub(super) fn timestamp(text: &str) -> Result<Value, String> {
    let date = read(text).ok_or_else(|| format!("'{text}' is not a timestamp"))?;
    let leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    let days = match date.month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let limits = |time: YamlTime| {
        [(time.hour, 23, "hour"), (time.minute, 59, "minute"), (time.second, 59, "second")]
    };
    if !(1..=12).contains(&date.month) {
        return Err("month must be in 1..12".to_owned());
    }
    if date.day == 0 || date.day > days {
        return Err("day is out of range for month".to_owned());
    }
    if date.year == 0 {
        return Err("year 0 is out of range".to_owned());
    }
    for (number, most, name) in date.time.map(limits).into_iter().flatten() {
        if number > most {
            return Err(format!("{name} must be in 0..{most}"));
        }
    }
    Ok(date.native())
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::*;

    fn check(text: &str, expect: &str) {
        let shown = match read(text).map(|_| timestamp(text)) {
            None => "text".to_owned(),
            Some(Err(error)) => error,
            Some(Ok(value)) => format!("{} {}", value.to_text(), value.repr()),
        };
        assert_eq!(shown, expect, "{text}");
    }

    #[test]
    fn as_python_prints() {
        check("2024-01-02", "2024-01-02 datetime.date(2024, 1, 2)");
        check("2024-1-02", "text");
        check("2024-1-2 3:04:05", "2024-01-02 03:04:05 datetime.datetime(2024, 1, 2, 3, 4, 5)");
        check(
            "2024-01-02t03:04:05.1 -2:30",
            "2024-01-02 03:04:05.100000-02:30 datetime.datetime(2024, 1, 2, 3, 4, 5, 100000, \
             tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=77400)))",
        );
        check(
            "2024-01-02T03:04:00Z",
            "2024-01-02 03:04:00+00:00 datetime.datetime(2024, 1, 2, 3, 4, \
             tzinfo=datetime.timezone.utc)",
        );
        check("2024-02-30", "day is out of range for month");
        check("2024-13-01", "month must be in 1..12");
        check("2024-01-02 24:00:00", "hour must be in 0..23");
        check("2024-01-02 03:04", "text");
        check("2024-01-02x", "text");
    }

    #[test]
    fn order() {
        let early = timestamp("2024-01-02 03:00:00+2").unwrap();
        let late = timestamp("2024-01-02 02:00:00Z").unwrap();
        let (Value::Obj(early), Value::Obj(_)) = (&early, &late) else { panic!() };
        assert_eq!(early.compare(&late), Some(Ordering::Less));
        assert_eq!(early.compare(&timestamp("2024-01-02").unwrap()), None);
    }
}
