//! Facts kept between runs as stock's `jsonfile` keeps them: a file a host, which both can read. Must not
//! know who asks for facts.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Diagnostic, Dict, HostName, Severity, Text, Value};
use nafal_variables::FactCache;

use crate::settings::FactCacheSettings;

/// The name of stock's format, which stands before each host's.
const SCHEMA: &str = "s1_";
/// What stock writes of a value with marks.
const TYPE: &str = "__ansible_type";

/// The cache that the settings name, or what is wrong with them, of which a run only warns; None for the
/// memory of the run.
pub(crate) fn open(
    settings: &FactCacheSettings,
) -> Result<Option<Arc<dyn FactCache>>, Box<Diagnostic>> {
    let warn = |message: String| Box::new(Diagnostic::new(Severity::Warning, message));
    let plugin = settings.plugin.as_str();
    match plugin.strip_prefix("ansible.builtin.").unwrap_or(plugin) {
        "memory" => return Ok(None),
        "jsonfile" => {}
        _ => return Err(warn(format!("Unable to load the cache plugin '{plugin}'."))),
    }
    let Some(folder) = &settings.place else {
        return Err(warn(
            "Required config '_uri' for 'jsonfile' cache plugin not provided.".to_owned(),
        ));
    };
    if let Err(error) = fs::create_dir_all(folder)
        && !folder.exists()
    {
        let shown = folder.display();
        return Err(warn(format!(
            "error in 'jsonfile' cache plugin while trying to create cache dir {shown} : {error}"
        )));
    }
    if !folder.is_dir() || tempfile::tempfile_in(folder).is_err() {
        return Err(warn(format!(
            "''jsonfile'' cache, configured path ({}) does not have necessary permissions (rwx), disabling plugin",
            folder.display()
        )));
    }
    Ok(Some(Arc::new(JsonFiles {
        folder: folder.clone(),
        prefix: settings.prefix.clone(),
        timeout: settings.timeout,
        known: Mutex::default(),
    })))
}

/// A folder with a file a host.
#[derive(Debug)]
struct JsonFiles {
    folder: PathBuf,
    prefix: String,
    /// How old a file may be; zero for any age.
    timeout: Duration,
    known: Mutex<HashMap<HostName, Dict>>,
}

impl FactCache for JsonFiles {
    fn load(&self, host: &HostName) -> Dict {
        let facts = self.read(&self.path(host)).unwrap_or_default();
        self.known().insert(host.clone(), facts.clone());
        facts
    }

    fn add(&self, host: &HostName, facts: &Dict) {
        let all = {
            let mut known = self.known();
            let all = known.entry(host.clone()).or_default();
            all.lay_over(facts);
            all.clone()
        };
        self.write(host, &all);
    }

    fn clear(&self, host: &HostName) {
        self.known().insert(host.clone(), Dict::new());
        self.write(host, &Dict::new());
    }
}

impl JsonFiles {
    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<HostName, Dict>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, host: &HostName) -> PathBuf {
        self.folder.join(format!("{}{SCHEMA}{}", self.prefix, host.as_str()))
    }

    /// None for what isn't there, is too old, or is no cache.
    fn read(&self, path: &Path) -> Option<Dict> {
        let age = fs::metadata(path).ok()?.modified().ok()?.elapsed().unwrap_or_default();
        if !self.timeout.is_zero() && age > self.timeout {
            return None;
        }
        let text = fs::read_to_string(path).ok()?;
        let outer = serde_json::from_str::<Value>(&text).ok()?;
        let payload = outer.as_dict()?.get("__payload__")?.as_str()?.to_owned();
        let facts = untagged(serde_json::from_str::<Value>(&payload).ok()?);
        facts.as_dict().cloned()
    }

    /// What can't be written is lost, as with stock: the run has its facts all the same.
    fn write(&self, host: &HostName, facts: &Dict) {
        let payload = to_json(&tagged(&Value::Dict(facts.clone())), Style::LINE);
        let outer: Dict = [("__payload__", Value::from(payload))].into_iter().collect();
        let text = to_json(&Value::Dict(outer), Style::LINE);
        let _ = replace(&self.path(host), text.as_bytes());
    }
}

fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o644))
        .tempfile_in(folder)?;
    file.write_all(content)?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// Values as stock marks them: of what it knows of a text, whether it may be a template.
fn tagged(value: &Value) -> Value {
    match value {
        Value::Str(text) if text.is_trusted() => {
            let tag: Dict = [(TYPE, Value::from("TrustedAsTemplate"))].into_iter().collect();
            let all = [
                ("value", Value::from(text.as_str())),
                ("tags", Value::from(vec![Value::Dict(tag)])),
                (TYPE, "_AnsibleTaggedStr".into()),
            ];
            Value::Dict(all.into_iter().collect())
        }
        Value::List(items) => Value::from(items.iter().map(tagged).collect::<Vec<Value>>()),
        Value::Tuple(items) => Value::from(items.iter().map(tagged).collect::<Vec<Value>>()),
        Value::Dict(dict) => {
            let entries = dict.iter().map(|(key, value)| (key.clone(), tagged(value)));
            Value::Dict(entries.collect())
        }
        other => other.clone(),
    }
}

/// The values alone; a text that may be a template stays one.
fn untagged(value: Value) -> Value {
    match value {
        Value::List(items) => {
            Value::from(items.iter().cloned().map(untagged).collect::<Vec<Value>>())
        }
        Value::Dict(dict) => {
            let kind = dict.get(TYPE).and_then(Value::as_str).unwrap_or_default().to_owned();
            match (dict.get("value"), kind.starts_with("_AnsibleTagged")) {
                (Some(inner), true) => trusted(untagged(inner.clone()), dict.get("tags")),
                _ => {
                    let entries =
                        dict.iter().map(|(key, value)| (key.clone(), untagged(value.clone())));
                    Value::Dict(entries.collect())
                }
            }
        }
        other => other,
    }
}

fn trusted(value: Value, tags: Option<&Value>) -> Value {
    let Some(Value::List(tags)) = tags else { return value };
    let is_trust = |tag: &Value| {
        let kind = tag.as_dict().and_then(|tag| tag.get(TYPE)).and_then(Value::as_str);
        kind == Some("TrustedAsTemplate")
    };
    match value {
        Value::Str(text) if tags.iter().any(is_trust) => {
            Value::Str(Text::trusted(text.as_str(), None))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(folder: &Path, timeout: u64) -> JsonFiles {
        JsonFiles {
            folder: folder.to_owned(),
            prefix: "p_".to_owned(),
            timeout: Duration::from_secs(timeout),
            known: Mutex::default(),
        }
    }

    #[test]
    fn facts_come_back_with_their_trust() {
        let folder = tempfile::tempdir().unwrap();
        let host = HostName::from("h1");
        let facts: Dict = [
            ("plain", Value::from("{{ text }}")),
            ("own", Value::Str(Text::trusted("{{ x }}", None))),
            ("list", Value::from(vec![Value::from(1), Value::None])),
        ]
        .into_iter()
        .collect();
        cache(folder.path(), 0).add(&host, &facts);
        let loaded = cache(folder.path(), 0).load(&host);
        let is_trusted = |name: &str| match loaded.get(name) {
            Some(Value::Str(text)) => text.is_trusted(),
            _ => panic!("{name}"),
        };
        assert!(is_trusted("own") && !is_trusted("plain"));
        assert_eq!(loaded.get("list"), facts.get("list"));
        assert!(folder.path().join("p_s1_h1").exists());
    }

    #[test]
    fn what_stock_wrote_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let payload = r#"{"n": {"value": 1, "tags": [{"path": "/x", "line_num": 7, "col_num": 15, "__ansible_type": "Origin"}], "__ansible_type": "_AnsibleTaggedInt"}}"#;
        let outer: Dict = [("__payload__", Value::from(payload))].into_iter().collect();
        let text = to_json(&Value::Dict(outer), Style::LINE);
        fs::write(folder.path().join("p_s1_h"), text).unwrap();
        let cache = cache(folder.path(), 60);
        assert_eq!(cache.load(&HostName::from("h")).get("n"), Some(&Value::Int(1)));
        cache.clear(&HostName::from("h"));
        assert!(cache.load(&HostName::from("h")).is_empty());
        assert!(cache.load(&HostName::from("other")).is_empty());
    }
}
