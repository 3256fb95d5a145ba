//! Filters by chance, the same for the same seed as in stock.

use nafal_base::Value;
use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::numbers::big;
use crate::arguments::{Signature, fail, given, int, text};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};
use crate::python_random::Random;

/// The filters.
pub const FILTERS: &[Filter] = &[
    Filter {
        names: &["random"],
        undefined: OnUndefined::PassOn,
        members: OnMembers::Render,
        doc: "a random item, or a number below this one",
        run: random,
    },
    Filter {
        names: &["shuffle"],
        undefined: OnUndefined::PassOn,
        members: OnMembers::Render,
        doc: "the items in random order",
        run: shuffle,
    },
];

/// Numbers from this seed, or from the world when there is none.
pub(crate) fn generator(ctx: &Context<'_>, seed: Option<&Value>) -> Result<Random, Error> {
    Ok(match given(seed) {
        None => {
            let mut bytes = [0_u8; 32];
            ctx.effects().random(&mut bytes).map_err(|error| Error::new(error.to_string()))?;
            Random::from_magnitude(&bytes)
        }
        Some(Value::Float(number)) => Random::from_int(&BigInt::from(float_hash(*number))),
        Some(seed) => match big(seed) {
            Some(number) => Random::from_int(&number),
            None => Random::from_text(&text(seed)?),
        },
    })
}

/// Python seeds with a float's hash; that of a whole number is the number.
fn float_hash(number: f64) -> i64 {
    // ponytail: fractions hash modulo 2^61-1 in Python; nobody seeds with them.
    number.to_i64().unwrap_or(0)
}

fn random(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [start, step, seed] =
        Signature::filter("rand", ["start", "step", "seed"], 0).with_environment().bind(args)?;
    let mut generator = generator(ctx, seed)?;
    let is_big = |value: &Value| matches!(value, Value::Big(_));
    if is_big(value)
        || (value.as_int().is_some() && [start, step].into_iter().flatten().any(is_big))
    {
        return random_big(&mut generator, value, start, step);
    }
    if let Some(end) = value.as_int() {
        let start = start.map_or(Ok(0), int)?;
        // No step is one, and so is a step of nothing.
        let step = step.map_or(Ok(1), int)?;
        let step = if step == 0 { 1 } else { step };
        let range = nafal_base::Range { start, stop: end, step };
        let length = range.len();
        if length == 0 {
            return fail(if step == 1 {
                format!("empty range in randrange({start}, {end})")
            } else {
                format!("empty range in randrange({start}, {end}, {step})")
            });
        }
        return Ok(range.get(generator.choose(length)).map(Value::Int).unwrap_or_default());
    }
    if let Value::Float(_) | Value::None = value {
        return fail("random can only be used on sequences and integers");
    }
    if given(start).is_some() || given(step).is_some() {
        return fail("start and step can only be used with integer values");
    }
    let items = ctx.iterate(value)?;
    if items.is_empty() {
        return fail("Cannot choose from an empty sequence");
    }
    Ok(items[generator.choose(items.len())].clone())
}

/// A number below one that is more than 64 bits can say, or from one to another.
fn random_big(
    generator: &mut Random,
    end: &Value,
    start: Option<&Value>,
    step: Option<&Value>,
) -> Result<Value, Error> {
    let whole = |value: Option<&Value>, default: i64| match value {
        None => Ok(BigInt::from(default)),
        Some(value) => big(value).map_or_else(|| int(value).map(BigInt::from), Ok),
    };
    let (start, step) = (whole(start, 0)?, whole(step, 1)?);
    let step = if step.is_zero() { BigInt::one() } else { step };
    let end = whole(Some(end), 0)?;
    let length = (&end - &start + &step - step.signum()) / &step;
    let Some(length) = length.to_biguint().filter(|length| !length.is_zero()) else {
        return fail(if step.is_one() {
            format!("empty range in randrange({start}, {end})")
        } else {
            format!("empty range in randrange({start}, {end}, {step})")
        });
    };
    let chosen = BigInt::from(generator.below_big(&length));
    Ok(Value::from_big(start + step * chosen))
}

fn shuffle(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [seed] = Signature::filter("randomize_list", ["seed"], 0).bind(args)?;
    // What isn't a sequence comes back as it is.
    let Ok(mut items) = ctx.iterate(value) else {
        return Ok(value.clone());
    };
    generator(ctx, seed)?.shuffle(&mut items);
    Ok(items.into())
}
