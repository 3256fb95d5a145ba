//! The magic variable `hostvars`: every host's variables, made when asked for and never all at
//! once. What a play or task defines isn't in it.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use nafal_base::{
    Dict, HostName, Object, ObjectKind, ObjectRef, Scope, Text, Undefined, UndefinedReason, Value,
};

use crate::play_context::PlayContext;
use crate::scope::TaskScope;
use crate::store::Store;

/// `hostvars`.
pub struct HostVars {
    store: Arc<Store>,
    play: Arc<PlayContext>,
}

impl HostVars {
    pub(crate) fn value(store: &Arc<Store>, play: &Arc<PlayContext>) -> Value {
        let object = HostVars { store: Arc::clone(store), play: Arc::clone(play) };
        Value::Obj(ObjectRef::new(object))
    }

    /// The variables of one host, when there is such a host.
    fn of(&self, name: &str) -> Option<Value> {
        let inventory = self.store.inventory();
        let host = inventory.host(name)?;
        let scope = TaskScope::hostvars(&self.store, &host.name, &self.play);
        let object = HostVarsVars { scope: Arc::new(scope) };
        Some(Value::Obj(ObjectRef::new(object)))
    }

    /// The value of a missing host: undefined, in stock's words.
    fn missing(name: &str) -> Value {
        let message = format!("hostvars[{}]", nafal_base::value::string_repr(name));
        let reason = UndefinedReason::Message(message);
        Value::Undef(Arc::new(Undefined { reason, span: None }))
    }
}

impl fmt::Debug for HostVars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostVars")
    }
}

impl Object for HostVars {
    fn type_name(&self) -> &str {
        "HostVars"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Mapping
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        Some(self.of(name).unwrap_or_else(|| HostVars::missing(name)))
    }

    fn item(&self, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        Some(self.of(name).unwrap_or_else(|| HostVars::missing(name)))
    }

    fn iterate(&self) -> Option<Vec<Value>> {
        let inventory = self.store.inventory();
        Some(inventory.hosts().map(|host| Value::Str(host.text.clone())).collect())
    }

    fn length(&self) -> Option<usize> {
        Some(self.store.inventory().host_count())
    }

    fn to_data(&self) -> Option<Value> {
        let inventory = self.store.inventory();
        let hosts = inventory.hosts().map(|host| host.text.clone());
        let all = hosts.filter_map(|name| Some((name.clone(), self.of(&name)?)));
        Some(Value::Dict(all.collect()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `hostvars[h]`.
pub struct HostVarsVars {
    scope: Arc<TaskScope>,
}

impl HostVarsVars {
    /// The host's own variables as a scope.
    pub fn host_scope(&self) -> &Arc<TaskScope> {
        &self.scope
    }

    /// The host.
    pub fn host(&self) -> &HostName {
        self.scope.host()
    }
}

impl fmt::Debug for HostVarsVars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HostVarsVars({})", self.host())
    }
}

impl Object for HostVarsVars {
    fn type_name(&self) -> &str {
        "HostVarsVars"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Mapping
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        self.scope.get_listed(name)
    }

    fn item(&self, key: &Value) -> Option<Value> {
        self.scope.get_listed(key.as_str()?)
    }

    fn scope(&self) -> Option<Arc<dyn Scope>> {
        Some(Arc::clone(&self.scope) as Arc<dyn Scope>)
    }

    fn iterate(&self) -> Option<Vec<Value>> {
        let mut names = Vec::new();
        self.scope.names(&mut |name: &Text| names.push(Value::Str(name.clone())));
        Some(names)
    }

    /// Unrendered: who stores it renders it in [`Object::scope`].
    fn to_data(&self) -> Option<Value> {
        let mut all = Dict::new();
        self.scope.names(&mut |name: &Text| {
            if let Some(value) = self.scope.get(name) {
                all.insert(name.clone(), value);
            }
        });
        Some(Value::Dict(all))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
