//! Python's `time`: a time of day.

use std::any::Any;
use std::cmp::Ordering;

use super::{Moment, strftime};
use crate::object::{Object, ObjectKind, ObjectRef};
use crate::value::{Text, Value};

/// `datetime.time`, without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    /// The hour.
    pub hour: u8,
    /// The minute.
    pub minute: u8,
    /// The second.
    pub second: u8,
    /// Millionths of a second.
    pub microsecond: u32,
}

impl From<Time> for Value {
    fn from(time: Time) -> Value {
        Value::Obj(ObjectRef::new(time))
    }
}

impl From<&Moment> for Time {
    fn from(moment: &Moment) -> Time {
        let Moment { hour, minute, second, microsecond, .. } = *moment;
        Time { hour, minute, second, microsecond }
    }
}

impl Time {
    /// `isoformat()`.
    pub fn iso(&self) -> String {
        let text = format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second);
        match self.microsecond {
            0 => text,
            micro => format!("{text}.{micro:06}"),
        }
    }

    /// On the day that Python takes for times without one.
    fn moment(&self) -> Moment {
        let mut moment = Moment::midnight(1900, 1, 1);
        (moment.hour, moment.minute) = (self.hour, self.minute);
        (moment.second, moment.microsecond) = (self.second, self.microsecond);
        moment
    }
}

impl Object for Time {
    fn type_name(&self) -> &str {
        "time"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Plain
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        Some(match name {
            "hour" => Value::from(self.hour),
            "minute" => Value::from(self.minute),
            "second" => Value::from(self.second),
            "microsecond" => Value::from(self.microsecond),
            "tzinfo" => Value::None,
            _ => return None,
        })
    }

    fn call_method(
        &self,
        name: &str,
        args: &[Value],
        _: &[(Text, Value)],
    ) -> Option<Result<Value, String>> {
        match name {
            "isoformat" if args.is_empty() => Some(Ok(self.iso().into())),
            "strftime" => {
                let Some(template) = args.first().and_then(Value::as_str) else {
                    return Some(Err("strftime() argument 1 must be str".to_owned()));
                };
                let text = strftime(template, &self.moment(), None);
                Some(text.map(Value::from).map_err(|_| "the time can't be written".to_owned()))
            }
            _ => None,
        }
    }

    fn truthy(&self) -> bool {
        true
    }

    fn to_data(&self) -> Option<Value> {
        Some((*self).into())
    }

    fn to_text(&self) -> String {
        self.iso()
    }

    fn repr(&self) -> String {
        let mut text = format!("datetime.time({}, {}", self.hour, self.minute);
        if self.second > 0 || self.microsecond > 0 {
            text.push_str(&format!(", {}", self.second));
        }
        if self.microsecond > 0 {
            text.push_str(&format!(", {}", self.microsecond));
        }
        text + ")"
    }

    fn equals(&self, other: &Value) -> bool {
        matches!(other, Value::Obj(other) if other.downcast::<Time>() == Some(self))
    }

    fn compare(&self, other: &Value) -> Option<Ordering> {
        let Value::Obj(other) = other else {
            return None;
        };
        Some(self.cmp(other.downcast::<Time>()?))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_python_has_them() {
        let time = Time { hour: 3, minute: 4, second: 0, microsecond: 500 };
        assert_eq!(time.to_text(), "03:04:00.000500");
        assert_eq!(time.repr(), "datetime.time(3, 4, 0, 500)");
        let other = Time { microsecond: 0, ..time };
        assert_eq!(other.repr(), "datetime.time(3, 4)");
        assert!(!time.equals(&other.into()));
        assert_eq!(time.compare(&other.into()), Some(Ordering::Greater));
        let shown = time.call_method("strftime", &[Value::from("%H:%M")], &[]);
        assert_eq!(shown, Some(Ok(Value::from("03:04"))));
    }
}
