//! What `set_stats` adds up. Must not know who tells it.

use nafal_base::{Dict, Value};

/// Puts `data` into `all`: summed with what is there under the same name when `aggregate`, else in
/// its place. What is of another kind than what is there is left out, as stock does.
pub(super) fn add(all: &mut Dict, data: &Dict, aggregate: bool) {
    for (key, value) in data {
        let known = all.lookup(key.value()).filter(|_| aggregate);
        let sum = match known {
            None => Some(value.clone()),
            Some(known) => sum(known, value),
        };
        if let Some(sum) = sum {
            all.insert(key.clone(), sum);
        }
    }
}

/// What Python's `+` gives, and dicts merged at all depths. None for another kind.
fn sum(known: &Value, new: &Value) -> Option<Value> {
    let number = |value: &Value| match value {
        Value::Int(number) => Some(*number),
        Value::Bool(flag) => Some(i64::from(*flag)),
        _ => None,
    };
    match (known, new) {
        (Value::Bool(_), Value::Bool(_)) | (Value::Int(_), Value::Int(_) | Value::Bool(_)) => {
            number(known)?.checked_add(number(new)?).map(Value::Int)
        }
        (Value::Float(a), Value::Float(b)) => Some(Value::Float(a + b)),
        (Value::Str(a), Value::Str(b)) => Some(Value::from(format!("{a}{b}"))),
        (Value::List(a), Value::List(b)) => {
            Some(Value::List(a.iter().chain(b.iter()).cloned().collect()))
        }
        (Value::Dict(a), Value::Dict(b)) => Some(Value::Dict(merged(a, b))),
        _ => None,
    }
}

fn merged(known: &Dict, new: &Dict) -> Dict {
    let mut all = known.clone();
    for (key, value) in new {
        let value = match (known.lookup(key.value()), value) {
            (Some(Value::Dict(a)), Value::Dict(b)) => Value::Dict(merged(a, b)),
            _ => value.clone(),
        };
        all.insert(key.clone(), value);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dict(pairs: &[(&str, Value)]) -> Dict {
        pairs.iter().map(|(key, value)| (*key, value.clone())).collect()
    }

    #[test]
    fn sums() {
        let mut all = dict(&[("n", Value::Int(1)), ("t", Value::from("a"))]);
        add(&mut all, &dict(&[("n", Value::Bool(true)), ("t", Value::Int(3))]), true);
        assert_eq!(all, dict(&[("n", Value::Int(2)), ("t", Value::from("a"))]));
        add(&mut all, &dict(&[("t", Value::Int(3))]), false);
        assert_eq!(all.get("t"), Some(&Value::Int(3)));
        let inner = |key: &str| dict(&[("d", Value::Dict(dict(&[(key, Value::Int(1))])))]);
        let mut all = inner("a");
        add(&mut all, &inner("b"), true);
        assert_eq!(all.get("d").unwrap().as_dict().unwrap().len(), 2);
    }
}
