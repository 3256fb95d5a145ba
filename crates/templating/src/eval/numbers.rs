//! Python's numbers: ints of any size, floats, and how they mix.

use nafal_base::Value;
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::ast::BinaryOp;
use crate::error::Error;

/// An operand that is a number.
pub(crate) enum Number {
    Int(i64),
    Big(BigInt),
    Float(f64),
}

/// The value as a number, bools included.
pub(crate) fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Int(number) => Some(Number::Int(*number)),
        Value::Bool(flag) => Some(Number::Int(i64::from(*flag))),
        Value::Big(number) => Some(Number::Big((**number).clone())),
        Value::Float(number) => Some(Number::Float(*number)),
        _ => None,
    }
}

impl Number {
    fn float(&self) -> Result<f64, Error> {
        let number = match self {
            #[allow(clippy::cast_precision_loss)]
            Number::Int(number) => *number as f64,
            Number::Big(number) => number.to_f64().unwrap_or(f64::INFINITY),
            Number::Float(number) => return Ok(*number),
        };
        if number.is_finite() {
            Ok(number)
        } else {
            Err(Error::new("int too large to convert to float"))
        }
    }

    fn big(self) -> BigInt {
        match self {
            Number::Int(number) => BigInt::from(number),
            Number::Big(number) => number,
            Number::Float(number) => BigInt::from(number.to_i64().unwrap_or(0)),
        }
    }
}

/// Arithmetic on two numbers.
pub(crate) fn arithmetic(op: BinaryOp, left: Number, right: Number) -> Result<Value, Error> {
    if let (Number::Int(a), Number::Int(b)) = (&left, &right)
        && let Some(value) = small(op, *a, *b)
    {
        return Ok(Value::Int(value));
    }
    if matches!(left, Number::Float(_)) || matches!(right, Number::Float(_)) {
        return floats(op, left.float()?, right.float()?).map(Value::Float);
    }
    match op {
        BinaryOp::Divide => divide(&left.big(), &right.big()),
        BinaryOp::Power => power(left, right),
        _ => bigs(op, &left.big(), &right.big()).map(Value::from_big),
    }
}

/// Both fit, and so does the result.
fn small(op: BinaryOp, a: i64, b: i64) -> Option<i64> {
    match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Subtract => a.checked_sub(b),
        BinaryOp::Multiply => a.checked_mul(b),
        BinaryOp::FloorDivide => {
            let quotient = a.checked_div(b)?;
            Some(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
        }
        BinaryOp::Modulo => {
            let rest = a.checked_rem(b)?;
            Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
        }
        BinaryOp::Power => a.checked_pow(u32::try_from(b).ok()?),
        BinaryOp::Divide => None,
    }
}

fn bigs(op: BinaryOp, a: &BigInt, b: &BigInt) -> Result<BigInt, Error> {
    Ok(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        _ if b.is_zero() => {
            return Err(Error::new(if op == BinaryOp::Modulo {
                "integer modulo by zero"
            } else {
                "integer division or modulo by zero"
            }));
        }
        _ => {
            let (mut quotient, mut rest) = (a / b, a % b);
            if !rest.is_zero() && rest.is_negative() != b.is_negative() {
                quotient -= 1;
                rest += b;
            }
            if op == BinaryOp::Modulo { rest } else { quotient }
        }
    })
}

/// True division of ints, right to the last digit where floats can say it.
fn divide(a: &BigInt, b: &BigInt) -> Result<Value, Error> {
    if b.is_zero() {
        return Err(Error::new("division by zero"));
    }
    let too_large = || Error::new("integer division result too large for a float");
    // Cut both alike while they are far beyond what a float holds.
    let excess = a.bits().min(b.bits()).saturating_sub(1000);
    let (x, y) = (a >> excess, b >> excess);
    let quotient = x.to_f64().unwrap_or(f64::INFINITY) / y.to_f64().unwrap_or(f64::INFINITY);
    if quotient.is_finite() { Ok(Value::Float(quotient)) } else { Err(too_large()) }
}

fn floats(op: BinaryOp, a: f64, b: f64) -> Result<f64, Error> {
    let zero = |message: &str| {
        if b == 0.0 { Err(Error::new(message)) } else { Ok(()) }
    };
    Ok(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        BinaryOp::Divide => {
            zero("float division by zero")?;
            a / b
        }
        BinaryOp::FloorDivide => {
            zero("float floor division by zero")?;
            ((a - modulo(a, b)) / b).round()
        }
        BinaryOp::Modulo => {
            zero("float modulo")?;
            modulo(a, b)
        }
        BinaryOp::Power => float_power(a, b)?,
    })
}

fn modulo(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
}

fn float_power(a: f64, b: f64) -> Result<f64, Error> {
    if a == 0.0 && b < 0.0 {
        return Err(Error::new("0.0 cannot be raised to a negative power"));
    }
    if a < 0.0 && a.is_finite() && b.fract() != 0.0 {
        return Err(Error::new("Type 'complex' is unsupported for variable storage."));
    }
    let power = a.powf(b);
    if power.is_infinite() && a.is_finite() && b.is_finite() {
        return Err(Error::new("(34, 'Numerical result out of range')"));
    }
    Ok(power)
}

fn power(left: Number, right: Number) -> Result<Value, Error> {
    let (base, exponent) = (left.big(), right.big());
    if exponent.is_negative() {
        let float = |number: BigInt| number.to_f64().unwrap_or(f64::INFINITY);
        return float_power(float(base), float(exponent)).map(Value::Float);
    }
    let exponent = exponent
        .to_u32()
        .filter(|exponent| base.bits().saturating_mul(u64::from(*exponent)) < 64 * 1024 * 1024);
    match exponent {
        Some(exponent) => Ok(Value::from_big(base.pow(exponent))),
        None => Err(Error::new("the number is too large")),
    }
}
