//! What a template file sees of itself: `ansible_managed` and `template_*`. Must not know who
//! renders it.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::SystemTime;

use nafal_base::dates::{DateTime, Moment};
use nafal_base::{Dict, Scope, Value};

use crate::effects::Effects;
use crate::error::Error;
use crate::managed::{Properties, managed};

/// A template file and where its text goes.
#[derive(Clone, Copy, Debug)]
pub struct TemplateFile<'f> {
    /// As the task names it.
    pub name: &'f str,
    /// Where it was found.
    pub path: &'f Path,
    /// `dest` of the template module.
    pub destination: Option<&'f str>,
}

/// The variables; those of `scope` named alike stay.
pub fn document_variables(
    effects: &dyn Effects,
    scope: &dyn Scope,
    file: TemplateFile<'_>,
) -> Result<Dict, Error> {
    let metadata = effects.metadata(file.path).ok();
    let changed = metadata.as_ref().and_then(|metadata| metadata.modified().ok());
    let owner = metadata.map_or(Value::None, |metadata| owner(effects, metadata.uid()));
    let host = host(effects);
    let mut variables = Dict::new();
    if scope.get("ansible_managed").is_none() {
        let setting = effects.setting("DEFAULT_MANAGED_STR");
        let properties = Properties {
            file: file.name,
            uid: &owner.to_text(),
            host: &host.to_text(),
            changed: &moment(effects, changed.unwrap_or(SystemTime::UNIX_EPOCH)),
        };
        let text = setting.unwrap_or_else(|| Value::from("Ansible managed"));
        let text = managed(&text.to_text(), &properties)?;
        variables.insert("ansible_managed", Value::Str(text));
    }
    variables.insert("template_host", host);
    variables.insert("template_path", Value::from(file.name));
    variables.insert("template_mtime", changed.map_or(Value::None, |time| local(effects, time)));
    variables.insert("template_uid", owner);
    variables.insert("template_run_date", local(effects, effects.now()));
    variables.insert("template_destpath", file.destination.map_or(Value::None, Value::from));
    variables.insert("template_fullpath", Value::from(file.path.display().to_string()));
    Ok(variables)
}

fn host(effects: &dyn Effects) -> Value {
    let name = effects.read(Path::new("/proc/sys/kernel/hostname")).unwrap_or_default();
    Value::from(String::from_utf8_lossy(&name).trim_end())
}

/// A user's name, or its number when nobody has it.
fn owner(effects: &dyn Effects, id: u32) -> Value {
    let users = effects.read(Path::new("/etc/passwd")).unwrap_or_default();
    let users = String::from_utf8_lossy(&users);
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(id)).then_some(name)
    });
    name.map_or_else(|| Value::Int(i64::from(id)), Value::from)
}

/// A time as Python's `datetime.fromtimestamp` has it.
fn local(effects: &dyn Effects, time: SystemTime) -> Value {
    DateTime { moment: moment(effects, time), offset: None }.into()
}

fn moment(effects: &dyn Effects, time: SystemTime) -> Moment {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or_default();
    let ahead = i128::from(crate::local_time::offset_at(effects, seconds).0) * 1_000_000;
    let microseconds = i128::try_from(since.as_micros()).unwrap_or_default();
    Moment::from_microseconds(microseconds + ahead)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::NoEffects;

    #[test]
    fn what_is_set_stays() {
        let file = TemplateFile { name: "a.j2", path: Path::new("/x/a.j2"), destination: None };
        let variables = document_variables(&NoEffects, &nafal_base::EmptyScope, file).unwrap();
        assert_eq!(variables.get("ansible_managed"), Some(&Value::from("Ansible managed")));
        assert_eq!(variables.get("template_path"), Some(&Value::from("a.j2")));
    }
}
