//! Filters on dates and moments.

use nafal_base::Value;
use nafal_base::dates::{DateTime, Moment, strftime as write, strptime};

use super::numbers::to_float;
use crate::arguments::{Signature, fail, flag, given, text, text_or};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};

/// The filters.
pub const FILTERS: &[Filter] = &[
    Filter {
        names: &["strftime"],
        undefined: OnUndefined::PassOn,
        members: OnMembers::Render,
        doc: "a moment (seconds since 1970, or now) in the format that the text says",
        run: strftime,
    },
    Filter {
        names: &["to_datetime"],
        undefined: OnUndefined::PassOn,
        members: OnMembers::Render,
        doc: "the moment that a text says",
        run: to_datetime,
    },
];

/// How far the local clock is ahead of UTC at a moment, and the zone's name.
pub(crate) fn local_zone(ctx: &Context<'_>, seconds: i64) -> (i32, String) {
    crate::local_time::offset_at(ctx.effects(), seconds)
}

fn strftime(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [second, utc] = Signature::filter("strftime", ["second", "utc"], 0).bind(args)?;
    let seconds = match given(second) {
        None => {
            let since = ctx.effects().now().duration_since(std::time::SystemTime::UNIX_EPOCH);
            since.map(|since| since.as_secs_f64()).unwrap_or(0.0)
        }
        Some(second) => match to_float(second) {
            Some(second) => second,
            None => {
                return fail(format!("Invalid value for epoch value ({})", second.to_text()));
            }
        },
    };
    let whole = seconds.floor();
    // A local moment says nothing of its zone in stock; only `%s` knows it.
    let (offset, name) =
        if flag(utc, false) { (0, "UTC") } else { (local_zone(ctx, whole as i64).0, "") };
    let moment = Moment::from_microseconds((whole as i128 + i128::from(offset)) * 1_000_000);
    write(&text(value)?, &moment, Some((offset, name)))
        .map(Value::from)
        .map_err(|error| Error::new(error.to_string()))
}

fn to_datetime(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [format] = Signature::filter("to_datetime", ["format"], 0).bind(args)?;
    let Value::Str(value) = value else {
        return fail(format!(
            "strptime() argument 1 must be str, not {}",
            crate::arguments::class_name(value)
        ));
    };
    let format = text_or(format, "%Y-%m-%d %H:%M:%S")?;
    let (moment, offset) = strptime(value, &format).map_err(Error::new)?;
    Ok(DateTime { moment, offset }.into())
}
