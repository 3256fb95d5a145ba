//! What a call passes, sorted under the names that the called one gives its parameters, with
//! Python's words when that doesn't work. Must not know what is called.

use nafal_base::{Key, List, Value};

use crate::context::Context;
use crate::error::Error;
use crate::plugin::Args;

/// A failure with these words.
pub(crate) fn fail<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::new(message))
}

/// Python's name and parameters of what is called. `required` counts those of `names` that must be
/// there; `before` counts parameters that the caller fills itself (the filtered value, the
/// environment), which Python counts too when it complains, `optional_before` those of them that have a
/// default.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signature<const N: usize> {
    pub function: &'static str,
    pub names: [&'static str; N],
    pub required: usize,
    pub before: usize,
    pub optional_before: usize,
}

impl<const N: usize> Signature<N> {
    /// A filter's or test's: one value comes before what is written in parentheses.
    pub const fn filter(function: &'static str, names: [&'static str; N], required: usize) -> Self {
        Signature { function, names, required, before: 1, optional_before: 0 }
    }

    /// The same where Python's function could do without the filtered value.
    pub const fn with_optional_value(self) -> Self {
        Signature { optional_before: 1, ..self }
    }

    /// The same where Python's function takes its environment first.
    pub const fn with_environment(self) -> Self {
        Signature { before: self.before + 1, ..self }
    }

    /// What was passed for each name.
    pub fn bind<'a>(&self, args: Args<'a>) -> Result<[Option<&'a Value>; N], Error> {
        let mut bound = [None; N];
        if args.positional.len() > N {
            return fail(self.too_many(args.positional.len()));
        }
        for (slot, value) in bound.iter_mut().zip(args.positional) {
            *slot = Some(value);
        }
        for (name, value) in args.named {
            let Some(index) = self.names.iter().position(|known| name == known) else {
                return fail(format!(
                    "{}() got an unexpected keyword argument '{name}'",
                    self.function
                ));
            };
            if bound[index].replace(value).is_some() {
                return fail(format!(
                    "{}() got multiple values for argument '{name}'",
                    self.function
                ));
            }
        }
        let missing: Vec<_> = (0..self.required)
            .filter(|index| bound[*index].is_none())
            .map(|index| format!("'{}'", self.names[index]))
            .collect();
        if missing.is_empty() { Ok(bound) } else { fail(self.missing(&missing)) }
    }

    fn missing(&self, missing: &[String]) -> String {
        let list = match missing {
            [one] => one.clone(),
            [one, other] => format!("{one} and {other}"),
            [most @ .., last] => format!("{}, and {last}", most.join(", ")),
            [] => String::new(),
        };
        let plural = if missing.len() == 1 { "" } else { "s" };
        let count = missing.len();
        format!("{}() missing {count} required positional argument{plural}: {list}", self.function)
    }

    fn too_many(&self, given: usize) -> String {
        let (least, most) = (self.before - self.optional_before + self.required, self.before + N);
        let takes =
            if least == most { most.to_string() } else { format!("from {least} to {most}") };
        let plural = if most == 1 { "" } else { "s" };
        let given = given + self.before;
        format!(
            "{}() takes {takes} positional argument{plural} but {given} were given",
            self.function
        )
    }
}

/// The first undefined thing in a value, or inside its containers, as an error.
pub(crate) fn settled(value: &Value) -> Result<(), Error> {
    if value.is_settled() {
        return Ok(());
    }
    match value {
        Value::Undef(undefined) => Err(Error::undefined(undefined)),
        Value::List(items) | Value::Tuple(items) => items.iter().try_for_each(settled),
        Value::Dict(dict) => dict.values().try_for_each(settled),
        _ => Ok(()),
    }
}

/// Everything that iterating gives, where stock goes through a whole list at once: something
/// undefined among its items is an error (deeper, or in a tuple, it isn't).
pub(crate) fn each(ctx: &Context<'_>, value: &Value) -> Result<Vec<Value>, Error> {
    let items = ctx.iterate(value)?;
    if matches!(value, Value::List(_)) && !value.is_settled() {
        for item in &items {
            ctx.defined(item)?;
        }
    }
    Ok(items)
}

/// The same for a dict's values.
pub(crate) fn each_value(dict: &nafal_base::Dict) -> Result<(), Error> {
    dict.values().try_for_each(|value| match value {
        Value::Undef(undefined) => Err(Error::undefined(undefined)),
        _ => Ok(()),
    })
}

/// A flag that may be missing, by Python's truth.
pub(crate) fn flag(value: Option<&Value>, default: bool) -> bool {
    value.map_or(default, Value::is_true)
}

/// An int, or Python's complaint.
pub(crate) fn int(value: &Value) -> Result<i64, Error> {
    value.as_int().ok_or_else(|| {
        Error::new(format!("'{}' object cannot be interpreted as an integer", value.type_name()))
    })
}

/// An int that may be missing or None.
pub(crate) fn int_or(value: Option<&Value>, default: i64) -> Result<i64, Error> {
    match value {
        None | Some(Value::None) => Ok(default),
        Some(value) => int(value),
    }
}

/// Python's `str(x)`; something undefined inside is an error.
pub(crate) fn text(value: &Value) -> Result<std::borrow::Cow<'_, str>, Error> {
    settled(value)?;
    Ok(value.to_text())
}

/// Python's `str(x)` of something that may be missing (None is written out).
pub(crate) fn text_or<'a>(
    value: Option<&'a Value>,
    default: &'a str,
) -> Result<std::borrow::Cow<'a, str>, Error> {
    value.map_or(Ok(default.into()), text)
}

/// An option that may be missing: None and missing are the same.
pub(crate) fn given(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_none())
}

/// A count from an int that may be negative.
pub(crate) fn count(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// A tuple.
pub(crate) fn tuple(items: Vec<Value>) -> Value {
    Value::Tuple(List::from(items))
}

/// A value as a dict's key, or Python's complaint.
pub(crate) fn key(value: Value) -> Result<Key, Error> {
    Key::new(value).map_err(|value| Error::new(format!("unhashable type: '{}'", value.type_name())))
}

/// How stock's messages name the type of a value: containers that come from variables are lazy
/// ones there.
pub(crate) fn class_name(value: &Value) -> String {
    match value {
        Value::List(_) => "_AnsibleLazyTemplateList".to_owned(),
        Value::Dict(_) => "_AnsibleLazyTemplateDict".to_owned(),
        other => other.type_name().to_owned(),
    }
}

/// The same as Python writes a class.
pub(crate) fn class_repr(value: &Value) -> String {
    match value {
        Value::List(_) | Value::Dict(_) => format!(
            "<class 'ansible._internal._templating._lazy_containers.{}'>",
            class_name(value)
        ),
        other => format!("<class '{}'>", other.type_name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nafal_base::Text;

    const REPLACE: Signature<3> = Signature {
        function: "do_replace",
        names: ["old", "new", "count"],
        required: 2,
        before: 2,
        optional_before: 0,
    };

    fn bind(positional: &[Value], named: &[(Text, Value)]) -> Result<usize, String> {
        let args = Args { positional, named };
        REPLACE.bind(args).map(|b| b.iter().flatten().count()).map_err(|e| e.message())
    }

    #[test]
    fn binds_as_python() {
        let one = || Value::Int(1);
        assert_eq!(bind(&[one(), one()], &[]), Ok(2));
        assert_eq!(bind(&[one()], &[("new".into(), one())]), Ok(2));
        assert_eq!(
            bind(&[], &[]),
            Err("do_replace() missing 2 required positional arguments: 'old' and 'new'".into())
        );
        assert_eq!(
            bind(&[one(), one(), one(), one()], &[]),
            Err("do_replace() takes from 4 to 5 positional arguments but 6 were given".into())
        );
        assert_eq!(
            bind(&[one()], &[("old".into(), one())]),
            Err("do_replace() got multiple values for argument 'old'".into())
        );
    }
}
