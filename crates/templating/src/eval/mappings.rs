//! Methods of dicts on what only behaves like one: `hostvars.items()`, `hostvars['h'].get('x')`, `vars.keys()`.
//! Must not know whose variables they are.

use nafal_base::{List, ObjectKind, Value};

use super::{Frame, Passed};
use crate::error::Error;

/// Calls one; None when the value isn't a mapping, or has no such method.
pub(super) fn method(
    frame: &Frame<'_>,
    receiver: &Value,
    name: &str,
    passed: &Passed,
) -> Option<Result<Value, Error>> {
    let Value::Obj(object) = receiver else { return None };
    if object.kind() != ObjectKind::Mapping {
        return None;
    }
    let keys = || object.iterate().unwrap_or_default();
    let pairs = || {
        keys().into_iter().map(|key| {
            let value = frame.get_item(receiver, &key)?;
            Ok((key, value))
        })
    };
    Some(match name {
        "get" => get(frame, receiver, passed),
        "keys" => Ok(Value::from(keys())),
        "values" => {
            pairs().map(|pair| Ok(pair?.1)).collect::<Result<Vec<Value>, Error>>().map(Value::from)
        }
        "items" => pairs()
            .map(|pair| pair.map(|(key, value)| Value::Tuple(List::from(vec![key, value]))))
            .collect::<Result<Vec<Value>, Error>>()
            .map(Value::from),
        _ => return None,
    })
}

fn get(frame: &Frame<'_>, receiver: &Value, passed: &Passed) -> Result<Value, Error> {
    let [key, rest @ ..] = passed.positional.as_slice() else {
        return Err(Error::new("Mapping.get() missing 1 required positional argument: 'key'"));
    };
    let found = frame.get_item(receiver, key)?;
    // `hostvars` itself has something for every name (case hostvars-methods).
    let has_all = matches!(receiver, Value::Obj(object) if object.type_name() == "HostVars");
    Ok(match found.is_undefined() && !has_all {
        true => rest.first().cloned().unwrap_or_default(),
        false => found,
    })
}
