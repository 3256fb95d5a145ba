//! Inventory scripts: programs that write JSON for `--list`, and for `--host NAME` when the list
//! has no `_meta`.

use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use nafal_base::{Diagnostic, Dict, Severity, Source, Span, Value};

use crate::data::HostId;
use crate::error::Error;
use crate::fields;
use crate::source::Loader;

/// Whether a file is a program: it may be run, and starts as scripts do or is binary.
pub(crate) fn is_script(path: &Path) -> bool {
    let is_executable =
        path.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o111 != 0);
    let mut start = [0; 2];
    is_executable
        && std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok()
        && (&start == b"#!" || start == [0x7f, b'E'])
}

struct Reader<'a, 'b> {
    loader: &'a mut Loader<'b>,
    source: &'a Arc<str>,
    span: Span,
    hosts: Vec<HostId>,
}

/// Runs a script and takes what it says.
pub(crate) fn read(source: &Arc<str>, loader: &mut Loader) -> Result<(), Error> {
    let described = format!("<inventory script output from '{source}'>");
    let span = Span::whole(&Source::new(described, ""));
    let list = run(source, &["--list"])?;
    let mut reader = Reader { loader, source, span, hosts: Vec::new() };
    let mut meta = None;
    for (name, value) in &list {
        let name = name.as_str().unwrap_or_default();
        if name == "_meta" {
            meta = Some(hostvars(value)?);
        } else {
            reader.group(name, value)?;
        }
    }
    match meta {
        Some(meta) => reader.host_variables(&meta),
        None => reader.ask_each_host(),
    }
}

fn hostvars(meta: &Value) -> Result<Dict, Error> {
    let inside = meta.as_dict().and_then(|meta| meta.get("hostvars")).unwrap_or(&Value::None);
    expect_dict(inside, "_meta.hostvars").cloned()
}

fn expect_dict<'v>(value: &'v Value, path: &str) -> Result<&'v Dict, Error> {
    value.as_dict().ok_or_else(|| wrong(value, path, "dict"))
}

fn wrong(value: &Value, path: &str, expected: &str) -> Error {
    let kind = value.type_name();
    Error::source(format!("Value contains '{path}' which is '{kind}' instead of '{expected}'."))
}

impl Reader<'_, '_> {
    fn deprecated(&mut self, message: String) {
        let note = "This feature will be removed from inventory plugin 'script' in ansible-core \
                    version 2.23.";
        self.loader.warnings.push(
            Diagnostic::new(Severity::Deprecation, format!("{message} {note}"))
                .at(self.span.clone()),
        );
    }

    fn group(&mut self, name: &str, value: &Value) -> Result<(), Error> {
        let id = self.loader.data.ensure_group(name);
        let group = match value {
            Value::Dict(dict) => dict.clone(),
            other => {
                let kind = other.type_name();
                self.deprecated(format!("Group '{name}' was converted to 'dict' from '{kind}'."));
                std::iter::once(("hosts", other.clone())).collect()
            }
        };
        let is_group = ["hosts", "vars", "children"].iter().any(|key| group.contains(key));
        if !is_group {
            self.deprecated(format!(
                "Treating malformed group '{name}' as the sole host of that group. Variables \
                 provided in this manner cannot be templated."
            ));
            let host = self.host(name);
            self.loader.data.add_host_to(id, host);
            for (key, value) in &group {
                self.loader.data.set_host_variable(host, &*key.value().to_text(), value.clone());
            }
            return Ok(());
        }
        if let Some(hosts) = group.get("hosts") {
            let Value::List(hosts) = hosts else {
                return Err(wrong(hosts, &format!("{name}.hosts"), "list"));
            };
            for host in hosts {
                let host = self.host(&host.to_text());
                self.loader.data.add_host_to(id, host);
            }
        }
        if let Some(vars) = group.get("vars") {
            let vars = expect_dict(vars, &format!("{name}.vars"))?;
            for (key, value) in vars {
                let value = fields::trust(value.clone(), &self.span);
                self.loader.data.set_group_variable(id, &*key.value().to_text(), value);
            }
        }
        if let Some(children) = group.get("children") {
            let Value::List(children) = children else {
                return Err(wrong(children, &format!("{name}.children"), "list"));
            };
            for child in children {
                let child = self.loader.data.ensure_group(&child.to_text());
                self.loader.data.add_child(id, child)?;
            }
        }
        Ok(())
    }

    fn host(&mut self, name: &str) -> HostId {
        let id = self.loader.data.ensure_host(name, Some(self.source));
        if !self.hosts.contains(&id) {
            self.hosts.push(id);
        }
        id
    }

    fn set(&mut self, host: HostId, vars: &Dict) {
        for (key, value) in vars {
            let value = fields::trust(value.clone(), &self.span);
            self.loader.data.set_host_variable(host, &*key.value().to_text(), value);
        }
    }

    fn host_variables(&mut self, meta: &Dict) -> Result<(), Error> {
        for host in std::mem::take(&mut self.hosts) {
            let name = self.loader.data.host(host).name.clone();
            if let Some(vars) = meta.get(name.as_str()) {
                let path = format!("_meta.hostvars.{name}");
                self.set(host, expect_dict(vars, &path)?);
            }
        }
        Ok(())
    }

    fn ask_each_host(&mut self) -> Result<(), Error> {
        self.deprecated(
            "Inventory scripts should always provide 'meta.hostvars'. Host variables will be \
             collected by running the inventory script with the '--host' option for each host."
                .into(),
        );
        for host in std::mem::take(&mut self.hosts) {
            let name = self.loader.data.host(host).name.clone();
            let vars = run(self.source, &["--host", name.as_str()])?;
            self.set(host, &vars);
        }
        Ok(())
    }
}

/// What the script writes, as a dict.
fn run(script: &str, arguments: &[&str]) -> Result<Dict, Error> {
    let output = Command::new(script).args(arguments).output().map_err(|error| Error::Caused {
        message: format!("Failed to execute inventory script command '{script}'"),
        cause: error.to_string(),
        span: None,
    })?;
    if !output.status.success() {
        let code = output.status.code().unwrap_or(-1);
        return Err(Error::source(format!("Inventory script returned non-zero exit code {code}.")));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    if text.trim().is_empty() && arguments.len() > 1 {
        return Ok(Dict::new());
    }
    let value: Value = serde_json::from_str::<serde_json::Value>(&text)
        .map_err(|error| {
            Error::source(format!(
                "Unable to get JSON decoder for inventory script result: Value could not be \
                 parsed as JSON: {}",
                json_problem(&text, &error)
            ))
        })
        .map(from_json)?;
    match value {
        Value::Dict(dict) => Ok(dict),
        other => Err(Error::source(format!(
            "Unable to get JSON decoder for inventory script result: Value is '{}' instead of \
             'dict'.",
            other.type_name()
        ))),
    }
}

fn from_json(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::None,
        serde_json::Value::Bool(flag) => Value::Bool(flag),
        serde_json::Value::Number(number) => {
            let text = number.to_string();
            match text.parse::<num_bigint::BigInt>() {
                Ok(number) => Value::from_big(number),
                Err(_) => Value::Float(text.parse().unwrap_or(f64::NAN)),
            }
        }
        serde_json::Value::String(text) => Value::from(text),
        serde_json::Value::Array(items) => Value::List(items.into_iter().map(from_json).collect()),
        serde_json::Value::Object(entries) => {
            Value::Dict(entries.into_iter().map(|(key, value)| (key, from_json(value))).collect())
        }
    }
}

/// What is wrong with JSON; Python's words for text that isn't JSON at all.
fn json_problem(text: &str, error: &serde_json::Error) -> String {
    match text.trim_start().chars().next() {
        Some('{' | '[' | '"' | '-' | '0'..='9') => error.to_string(),
        _ => "Expecting value: line 1 column 1 (char 0)".to_owned(),
    }
}
