//! The magic variable `vars`: the scope itself as a mapping. Deprecated in stock, still read.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use nafal_base::{Dict, Object, ObjectKind, ObjectRef, Scope, Text, Value};

use crate::scope::TaskScope;

/// `vars`.
pub(crate) struct VarsObject(pub Arc<TaskScope>);

impl VarsObject {
    /// A scope as a value.
    pub fn value(scope: &TaskScope) -> Value {
        Value::Obj(ObjectRef::new(VarsObject(Arc::new(scope.clone()))))
    }
}

impl fmt::Debug for VarsObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("vars")
    }
}

impl Object for VarsObject {
    fn type_name(&self) -> &str {
        "dict"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Mapping
    }

    fn item(&self, key: &Value) -> Option<Value> {
        self.0.get_listed(key.as_str()?)
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        self.0.get_listed(name)
    }

    fn scope(&self) -> Option<Arc<dyn Scope>> {
        Some(Arc::clone(&self.0) as Arc<dyn Scope>)
    }

    fn iterate(&self) -> Option<Vec<Value>> {
        let mut names = Vec::new();
        self.0.names(&mut |name: &Text| {
            if name.as_str() != "vars" {
                names.push(Value::Str(name.clone()));
            }
        });
        Some(names)
    }

    fn to_data(&self) -> Option<Value> {
        let mut all = Dict::new();
        for name in self.iterate()? {
            if let Value::Str(name) = name
                && let Some(value) = self.0.get(&name)
            {
                all.insert(name, value);
            }
        }
        Some(Value::Dict(all))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
