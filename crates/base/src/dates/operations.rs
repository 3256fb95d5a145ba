//! `+` and `-` between dates, moments and spans.

use super::{Date, DateTime, Moment, TimeDelta};
use crate::value::Value;

fn as_delta(value: &Value) -> Option<i128> {
    match value {
        Value::Obj(object) => object.downcast::<TimeDelta>().map(|delta| delta.0),
        _ => None,
    }
}

/// Moves a date or a moment.
fn shift(value: &Value, by: i128) -> Option<Value> {
    let Value::Obj(object) = value else {
        return None;
    };
    if let Some(at) = object.downcast::<DateTime>() {
        let moment = Moment::from_microseconds(at.moment.microseconds() + by);
        return Some(DateTime { moment, offset: at.offset }.into());
    }
    let date = object.downcast::<Date>()?;
    let days = by.div_euclid(86_400_000_000) * 86_400_000_000;
    Some(Date(Moment::from_microseconds(date.0.microseconds() + days)).into())
}

/// `left - right`, when it is about dates; None when it isn't.
pub fn subtract(left: &Value, right: &Value) -> Option<Result<Value, String>> {
    if let Some(by) = as_delta(right) {
        return match as_delta(left) {
            Some(delta) => Some(Ok(TimeDelta(delta - by).into())),
            None => shift(left, -by).map(Ok),
        };
    }
    let (Value::Obj(left), Value::Obj(right)) = (left, right) else {
        return None;
    };
    if let (Some(a), Some(b)) = (left.downcast::<DateTime>(), right.downcast::<DateTime>()) {
        if a.offset.is_some() != b.offset.is_some() {
            return Some(Err("can't subtract offset-naive and offset-aware datetimes".to_owned()));
        }
        return Some(Ok(TimeDelta(a.since_epoch() - b.since_epoch()).into()));
    }
    let (a, b) = (left.downcast::<Date>()?, right.downcast::<Date>()?);
    Some(Ok(TimeDelta(a.0.microseconds() - b.0.microseconds()).into()))
}

/// `left + right`, when it is about dates; None when it isn't.
pub fn add(left: &Value, right: &Value) -> Option<Value> {
    match (as_delta(left), as_delta(right)) {
        (Some(a), Some(b)) => Some(TimeDelta(a + b).into()),
        (None, Some(by)) => shift(left, by),
        (Some(by), None) => shift(right, by),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences() {
        let later = DateTime {
            moment: Moment { hour: 3, minute: 4, second: 5, ..Moment::midnight(2024, 1, 2) },
            offset: None,
        };
        let earlier = DateTime { moment: Moment::midnight(2024, 1, 1), offset: None };
        let delta = subtract(&later.into(), &earlier.into()).unwrap().unwrap();
        assert_eq!(delta.to_text(), "1 day, 3:04:05");
        assert_eq!(delta.repr(), "datetime.timedelta(days=1, seconds=11045)");
        assert_eq!(add(&earlier.into(), &delta), Some(later.into()));
        assert_eq!(Value::from(later).repr(), "datetime.datetime(2024, 1, 2, 3, 4, 5)");
        assert_eq!(Value::from(earlier).to_text(), "2024-01-01 00:00:00");
    }
}
