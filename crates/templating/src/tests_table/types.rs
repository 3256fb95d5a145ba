//! Tests of what a value is.

use nafal_base::{ObjectKind, Value};

use super::test;
use crate::arguments::Signature;
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, OnMembers, OnUndefined, Test};
use crate::registry;

/// The tests.
pub const TESTS: &[Test] = &[
    Test {
        names: &["defined"],
        undefined: OnUndefined::Accept,
        members: OnMembers::Leave,
        doc: "whether the value is there",
        run: defined,
    },
    Test {
        names: &["undefined"],
        undefined: OnUndefined::Accept,
        members: OnMembers::Leave,
        doc: "whether the value is missing",
        run: undefined,
    },
    test(&["none"], "whether it is None", none),
    test(&["boolean"], "whether it is a bool", boolean),
    test(&["true"], "whether it is the bool true", true_),
    test(&["false"], "whether it is the bool false", false_),
    test(&["integer"], "whether it is an int, bools excluded", integer),
    test(&["float"], "whether it is a float", float),
    test(&["number"], "whether it is a number, bools included", number).leaving_members(),
    test(&["string"], "whether it is text", string).leaving_members(),
    test(&["mapping"], "whether it is a dict", mapping).leaving_members(),
    test(&["sequence"], "whether it has items in order, or keys", sequence).leaving_members(),
    test(&["iterable"], "whether it can be gone through", iterable).leaving_members(),
    test(&["callable"], "whether it can be called", callable),
    test(&["escaped"], "whether it is marked as safe in HTML", escaped),
    test(&["filter"], "whether there is a filter of this name", filter),
    test(&["test"], "whether there is a test of this name", is_test),
];

fn kind(value: &Value) -> Option<ObjectKind> {
    match value {
        Value::Obj(object) => Some(object.kind()),
        _ => None,
    }
}

macro_rules! simple {
    ($($name:ident, $python:literal, |$value:ident| $says:expr;)*) => {$(
        fn $name(_: &Context<'_>, $value: &Value, args: Args<'_>) -> Result<bool, Error> {
            let [] = Signature::filter($python, [], 0).bind(args)?;
            Ok($says)
        }
    )*};
}

simple! {
    defined, "test_defined", |value| !value.is_undefined();
    undefined, "test_undefined", |value| value.is_undefined();
    none, "test_none", |value| value.is_none();
    boolean, "test_boolean", |value| matches!(value, Value::Bool(_));
    true_, "test_true", |value| matches!(value, Value::Bool(true));
    false_, "test_false", |value| matches!(value, Value::Bool(false));
    integer, "test_integer", |value| matches!(value, Value::Int(_) | Value::Big(_));
    float, "test_float", |value| matches!(value, Value::Float(_));
    number, "test_number", |value| matches!(value, Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_));
    string, "test_string", |value| matches!(value, Value::Str(_));
    mapping, "test_mapping", |value| matches!(value, Value::Dict(_)) || kind(value) == Some(ObjectKind::Mapping);
    sequence, "test_sequence", |value| is_iterable(value);
    iterable, "test_iterable", |value| is_iterable(value);
    callable, "callable", |value| kind(value) == Some(ObjectKind::Callable);
    escaped, "test_escaped", |value| value.marks().contains(nafal_base::Marks::MARKUP);
}

fn is_iterable(value: &Value) -> bool {
    match value {
        Value::Str(_)
        | Value::Bytes(_)
        | Value::List(_)
        | Value::Tuple(_)
        | Value::Dict(_)
        | Value::Range(_) => true,
        Value::Obj(object) => matches!(object.kind(), ObjectKind::Mapping | ObjectKind::Sequence),
        _ => false,
    }
}

fn filter(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [] = Signature::filter("test_filter", [], 0).with_environment().bind(args)?;
    Ok(value.as_str().is_some_and(|name| registry::filter(name).is_some()))
}

fn is_test(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [] = Signature::filter("test_test", [], 0).with_environment().bind(args)?;
    Ok(value.as_str().is_some_and(|name| registry::test(name).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iterables() {
        assert!(is_iterable(&Value::from("")));
        assert!(!is_iterable(&Value::Int(5)));
    }
}
