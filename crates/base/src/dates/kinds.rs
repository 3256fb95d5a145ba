//! Python's `date`, `datetime` and `timedelta` as values.

use std::any::Any;
use std::cmp::Ordering;
use std::fmt::Write;

use super::{Moment, Time, strftime, strptime};
use crate::object::{Object, ObjectKind, ObjectRef};
use crate::value::{Text, Value};

/// `datetime.date`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub Moment);

/// `datetime.datetime`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime {
    /// What calendar and clock show.
    pub moment: Moment,
    /// Seconds that the clock is ahead of UTC; None when nobody says.
    pub offset: Option<i32>,
}

/// `datetime.timedelta`, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeDelta(pub i128);

fn value(object: impl Object) -> Value {
    Value::Obj(ObjectRef::new(object))
}

impl From<Date> for Value {
    fn from(date: Date) -> Value {
        value(date)
    }
}

impl From<DateTime> for Value {
    fn from(moment: DateTime) -> Value {
        value(moment)
    }
}

impl From<TimeDelta> for Value {
    fn from(delta: TimeDelta) -> Value {
        value(delta)
    }
}

fn zone_text(offset: i32, colon: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
}

impl DateTime {
    /// `isoformat(sep)`.
    pub fn iso(&self, separator: &str) -> String {
        let m = &self.moment;
        let mut text = format!(
            "{:04}-{:02}-{:02}{separator}{:02}:{:02}:{:02}",
            m.year, m.month, m.day, m.hour, m.minute, m.second
        );
        if m.microsecond > 0 {
            // Writing to a String can't fail.
            let _ = write!(text, ".{:06}", m.microsecond);
        }
        if let Some(offset) = self.offset {
            text.push_str(&zone_text(offset, ":"));
        }
        text
    }

    /// Microseconds since 1970-01-01 UTC (a moment without an offset counts as UTC).
    pub fn since_epoch(&self) -> i128 {
        self.moment.microseconds() - i128::from(self.offset.unwrap_or(0)) * 1_000_000
    }

    fn zone_name(&self) -> Option<(i32, String)> {
        self.offset.map(|offset| {
            let name = if offset == 0 {
                "UTC".to_owned()
            } else {
                format!("UTC{}", zone_text(offset, ":"))
            };
            (offset, name)
        })
    }
}

impl Date {
    fn iso(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.0.year, self.0.month, self.0.day)
    }
}

fn field(moment: &Moment, name: &str) -> Option<Value> {
    Some(match name {
        "year" => Value::Int(moment.year),
        "month" => Value::from(moment.month),
        "day" => Value::from(moment.day),
        _ => return None,
    })
}

/// Methods that dates and moments share.
fn call(
    moment: &Moment,
    name: &str,
    args: &[Value],
    zone: Option<(i32, String)>,
) -> Option<Result<Value, String>> {
    Some(Ok(match name {
        "strftime" | "__format__" => {
            let Some(template) = args.first().and_then(Value::as_str) else {
                return Some(Err("strftime() argument 1 must be str".to_owned()));
            };
            let zone = zone.as_ref().map(|(offset, name)| (*offset, name.as_str()));
            match strftime(template, moment, zone) {
                Ok(text) => Value::from(text),
                Err(_) => return Some(Err("the moment can't be written".to_owned())),
            }
        }
        "weekday" => Value::Int(moment.weekday()),
        "isoweekday" => Value::Int(moment.weekday() + 1),
        "toordinal" => Value::Int(moment.days() + 719_163),
        _ => return None,
    }))
}

impl Object for DateTime {
    fn type_name(&self) -> &str {
        "datetime"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Plain
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        Some(match name {
            "hour" => Value::from(self.moment.hour),
            "minute" => Value::from(self.moment.minute),
            "second" => Value::from(self.moment.second),
            "microsecond" => Value::from(self.moment.microsecond),
            "tzinfo" if self.offset.is_none() => Value::None,
            name => return field(&self.moment, name),
        })
    }

    fn call_method(
        &self,
        name: &str,
        args: &[Value],
        named: &[(Text, Value)],
    ) -> Option<Result<Value, String>> {
        Some(Ok(match name {
            "replace" => return Some(self.replaced(args, named)),
            "isoformat" => self.iso(args.first().and_then(Value::as_str).unwrap_or("T")).into(),
            "timestamp" => Value::Float(self.since_epoch() as f64 / 1e6),
            "date" => {
                Date(Moment::midnight(self.moment.year, self.moment.month, self.moment.day)).into()
            }
            "time" => Time::from(&self.moment).into(),
            "utcoffset" => match self.offset {
                Some(offset) => TimeDelta(i128::from(offset) * 1_000_000).into(),
                None => Value::None,
            },
            name => return call(&self.moment, name, args, self.zone_name()),
        }))
    }

    fn truthy(&self) -> bool {
        true
    }

    fn to_data(&self) -> Option<Value> {
        Some(value(*self))
    }

    fn to_text(&self) -> String {
        self.iso(" ")
    }

    fn repr(&self) -> String {
        let m = &self.moment;
        let mut text = format!(
            "datetime.datetime({}, {}, {}, {}, {}",
            m.year, m.month, m.day, m.hour, m.minute
        );
        // Python leaves zeros at the end out, down to hours and minutes.
        if m.second > 0 || m.microsecond > 0 {
            let _ = write!(text, ", {}", m.second);
        }
        if m.microsecond > 0 {
            let _ = write!(text, ", {}", m.microsecond);
        }
        match self.offset {
            Some(0) => text.push_str(", tzinfo=datetime.timezone.utc"),
            Some(offset) => {
                let delta = TimeDelta(i128::from(offset) * 1_000_000).repr();
                let _ = write!(text, ", tzinfo=datetime.timezone({delta})");
            }
            None => {}
        }
        text + ")"
    }

    fn equals(&self, other: &Value) -> bool {
        matches!(other, Value::Obj(other) if other.downcast::<DateTime>()
            .is_some_and(|other| self.offset.is_some() == other.offset.is_some() && self.since_epoch() == other.since_epoch()))
    }

    fn compare(&self, other: &Value) -> Option<Ordering> {
        let Value::Obj(other) = other else {
            return None;
        };
        Some(self.since_epoch().cmp(&other.downcast::<DateTime>()?.since_epoch()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Object for Date {
    fn type_name(&self) -> &str {
        "date"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Plain
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        field(&self.0, name)
    }

    fn call_method(
        &self,
        name: &str,
        args: &[Value],
        _: &[(Text, Value)],
    ) -> Option<Result<Value, String>> {
        if name == "isoformat" {
            return Some(Ok(self.iso().into()));
        }
        call(&self.0, name, args, None)
    }

    fn truthy(&self) -> bool {
        true
    }

    fn to_data(&self) -> Option<Value> {
        Some(value(*self))
    }

    fn to_text(&self) -> String {
        self.iso()
    }

    fn repr(&self) -> String {
        format!("datetime.date({}, {}, {})", self.0.year, self.0.month, self.0.day)
    }

    fn equals(&self, other: &Value) -> bool {
        matches!(other, Value::Obj(other) if other.downcast::<Date>() == Some(self))
    }

    fn compare(&self, other: &Value) -> Option<Ordering> {
        let Value::Obj(other) = other else {
            return None;
        };
        Some(self.0.cmp(&other.downcast::<Date>()?.0))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl TimeDelta {
    /// Days, seconds and microseconds as Python normalises them.
    fn parts(&self) -> (i128, i128, i128) {
        let seconds = self.0.div_euclid(1_000_000);
        (seconds.div_euclid(86_400), seconds.rem_euclid(86_400), self.0.rem_euclid(1_000_000))
    }
}

impl Object for TimeDelta {
    fn type_name(&self) -> &str {
        "timedelta"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Plain
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        let (days, seconds, microseconds) = self.parts();
        let part = match name {
            "days" => days,
            "seconds" => seconds,
            "microseconds" => microseconds,
            _ => return None,
        };
        i64::try_from(part).ok().map(Value::Int)
    }

    fn call_method(
        &self,
        name: &str,
        _: &[Value],
        _: &[(Text, Value)],
    ) -> Option<Result<Value, String>> {
        (name == "total_seconds").then(|| Ok(Value::Float(self.0 as f64 / 1e6)))
    }

    fn truthy(&self) -> bool {
        self.0 != 0
    }

    fn to_text(&self) -> String {
        let (days, seconds, microseconds) = self.parts();
        let mut text = match days {
            0 => String::new(),
            1 | -1 => format!("{days} day, "),
            days => format!("{days} days, "),
        };
        let _ = write!(text, "{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        if microseconds > 0 {
            let _ = write!(text, ".{microseconds:06}");
        }
        text
    }

    fn repr(&self) -> String {
        let (days, seconds, microseconds) = self.parts();
        let named = [("days", days), ("seconds", seconds), ("microseconds", microseconds)];
        let parts: Vec<String> = named
            .iter()
            .filter(|(_, part)| *part != 0)
            .map(|(name, part)| format!("{name}={part}"))
            .collect();
        format!(
            "datetime.timedelta({})",
            if parts.is_empty() { "0".to_owned() } else { parts.join(", ") }
        )
    }

    fn equals(&self, other: &Value) -> bool {
        matches!(other, Value::Obj(other) if other.downcast::<TimeDelta>() == Some(self))
    }

    fn compare(&self, other: &Value) -> Option<Ordering> {
        let Value::Obj(other) = other else {
            return None;
        };
        Some(self.0.cmp(&other.downcast::<TimeDelta>()?.0))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl DateTime {
    /// Python's `replace`: other fields by name or in order.
    fn replaced(&self, args: &[Value], named: &[(Text, Value)]) -> Result<Value, String> {
        const FIELDS: [&str; 7] =
            ["year", "month", "day", "hour", "minute", "second", "microsecond"];
        let positional = FIELDS.into_iter().zip(args);
        let named = named.iter().map(|(name, value)| (name.as_str(), value));
        let mut moment = self.moment;
        let mut offset = self.offset;
        for (name, value) in positional.chain(named) {
            if name == "tzinfo" && value.is_none() {
                offset = None;
                continue;
            }
            let number = value.as_int().ok_or_else(|| {
                format!("'{}' object cannot be interpreted as an integer", value.type_name())
            })?;
            let small = u8::try_from(number).map_err(|_| format!("{name} is out of range"));
            match name {
                "year" => moment.year = number,
                "month" => moment.month = small?,
                "day" => moment.day = small?,
                "hour" => moment.hour = small?,
                "minute" => moment.minute = small?,
                "second" => moment.second = small?,
                "microsecond" => {
                    moment.microsecond =
                        u32::try_from(number).map_err(|_| format!("{name} is out of range"))?;
                }
                other => {
                    return Err(format!("replace() got an unexpected keyword argument '{other}'"));
                }
            }
        }
        if !moment.is_valid() {
            return Err("day is out of range for month".to_owned());
        }
        Ok(DateTime { moment, offset }.into())
    }
}

/// The moment that an ISO text says, with what it is ahead of UTC if it says that: a date's is its midnight, a time's has
/// no day.
pub fn from_iso(text: &str) -> Option<(Moment, Option<i32>)> {
    let (day, time) = match text.split_once(['T', ' ']) {
        Some(_) => ("%Y-%m-%dT", "%H:%M:%S"),
        None if text.contains(':') => ("", "%H:%M:%S"),
        None => ("%Y-%m-%d", ""),
    };
    let fraction = if text.contains('.') { ".%f" } else { "" };
    let form = format!("{day}{time}{fraction}");
    let text = text.replacen(' ', "T", 1);
    let zoned = || strptime(&text, &format!("{form}%z")).ok();
    strptime(&text, &form).ok().or_else(zoned)
}

/// What JSON and YAML write for a date or a moment.
pub fn iso_text(value: &Value) -> Option<String> {
    let Value::Obj(object) = value else {
        return None;
    };
    if let Some(moment) = object.downcast::<DateTime>() {
        return Some(moment.iso("T"));
    }
    let time = || object.downcast::<Time>().map(Time::iso);
    object.downcast::<Date>().map(Date::iso).or_else(time)
}
