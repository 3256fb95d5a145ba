//! Stock's names for the types of what a file says: they stand in its messages. Must not know
//! which message.

use nafal_base::Value;

/// `<class '…'>` as Python prints the type of a value that comes from YAML.
pub(super) fn class(value: &Value) -> String {
    let tagged = match value {
        Value::Str(_) => "Str",
        Value::Int(_) | Value::Big(_) => "Int",
        Value::Float(_) => "Float",
        Value::List(_) => "List",
        Value::Tuple(_) => "Tuple",
        Value::Dict(_) => "Dict",
        Value::Bytes(_) => "Bytes",
        Value::Obj(object) if object.type_name() == "date" => "Date",
        Value::Obj(_) => "DateTime",
        other => return format!("<class '{}'>", other.type_name()),
    };
    format!("<class 'ansible.module_utils._internal._datatag._AnsibleTagged{tagged}'>")
}
