//! What `groupby` gives for each group: a pair that also has the names `grouper` and `list`.

use std::any::Any;

use nafal_base::{Object, ObjectKind, ObjectRef, Value};

use crate::arguments::tuple;

#[derive(Clone, Debug)]
struct GroupTuple {
    grouper: Value,
    items: Value,
}

/// The pair of a group.
pub(crate) fn pair(grouper: Value, items: Vec<Value>) -> Value {
    Value::Obj(ObjectRef::new(GroupTuple { grouper, items: items.into() }))
}

impl Object for GroupTuple {
    fn type_name(&self) -> &str {
        "GroupTuple"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Sequence
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        match name {
            "grouper" => Some(self.grouper.clone()),
            "list" => Some(self.items.clone()),
            _ => None,
        }
    }

    fn item(&self, key: &Value) -> Option<Value> {
        match key.as_int()? {
            0 | -2 => Some(self.grouper.clone()),
            1 | -1 => Some(self.items.clone()),
            _ => None,
        }
    }

    fn iterate(&self) -> Option<Vec<Value>> {
        Some(vec![self.grouper.clone(), self.items.clone()])
    }

    fn to_data(&self) -> Option<Value> {
        Some(tuple(vec![self.grouper.clone(), self.items.clone()]))
    }

    fn compare(&self, other: &Value) -> Option<std::cmp::Ordering> {
        let other = match other {
            Value::Obj(object) => object.to_data()?,
            other => other.clone(),
        };
        self.to_data()?.compare(&other).ok()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
