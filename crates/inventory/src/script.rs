//! Inventory scripts: programs that write JSON for `--list`, and for `--host NAME` when the list
//! has no `_meta`.

use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use nafal_base::charset::Charset;
use nafal_base::{Diagnostic, Dict, Severity, Source, Span, Value, system_words};

use crate::data::HostId;
use crate::error::Error;
use crate::script_json;
use crate::source::{Loader, ScriptErrors};
use crate::structured::items;

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
    let said = Said::by(source, &["--list"])?;
    let list = script_json::list(&said.out, &span).map_err(|error| said.beside(error, source))?;
    said.show_errors(loader);
    let mut reader = Reader { loader, source, span, hosts: Vec::new() };
    let mut meta = None;
    for (name, value) in &list {
        let name = name.as_str().unwrap_or_default();
        if name == "_meta" {
            meta = value.as_dict().and_then(|meta| meta.get("hostvars"));
        } else {
            reader.group(name, value)?;
        }
    }
    match meta {
        Some(hostvars) => reader.host_variables(expect_dict(hostvars, "_meta.hostvars")?),
        None => reader.ask_each_host(),
    }
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
                self.loader.data.set_group_variable(id, &*key.value().to_text(), value.clone());
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
                self.loader.data.set_group_variable(id, &*key.value().to_text(), value.clone());
            }
        }
        if let Some(children) = group.get("children") {
            for child in items(children)? {
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
            self.loader.data.set_host_variable(host, &*key.value().to_text(), value.clone());
        }
    }

    fn host_variables(&mut self, meta: &Dict) -> Result<(), Error> {
        for host in std::mem::take(&mut self.hosts) {
            let name = self.loader.data.host(host).name.clone();
            match meta.get(name.as_str()) {
                Some(Value::Dict(vars)) => self.set(host, vars),
                Some(other) => {
                    return Err(Error::source(format!(
                        "Invalid data from file, expected dictionary and got:\n\n{}",
                        other.to_text()
                    )));
                }
                None => {}
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
            let said = Said::by(self.source, &["--host", name.as_str()])?;
            let vars = script_json::host(&said.out, name.as_str(), self.source, &self.span)
                .map_err(|error| said.beside(error, self.source))?;
            said.show_errors(self.loader);
            self.set(host, &vars);
        }
        Ok(())
    }
}

/// What a script wrote.
struct Said {
    out: String,
    errors: String,
}

impl Said {
    fn by(script: &str, arguments: &[&str]) -> Result<Said, Error> {
        let output = Command::new(script).args(arguments).output().map_err(|error| {
            let text = system_words(&error);
            let number = error.raw_os_error().unwrap_or_default();
            let command = [&[script], arguments].concat().join(" ");
            Error::source(format!(
                "Failed to execute inventory script command '{command}': [Errno {number}] {text}: \
                 '{script}'"
            ))
        })?;
        let errors = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        let (out, fault) = match Charset::Utf8.decode(&output.stdout) {
            Ok(out) => (out, None),
            Err(fault) => (String::new(), Some(fault)),
        };
        let said = Said { out, errors };
        if !output.status.success() {
            let code = output.status.code().unwrap_or(-1);
            let message = format!("Inventory script returned non-zero exit code {code}.");
            return Err(said.beside(Diagnostic::error(message), script));
        }
        match fault {
            None => Ok(said),
            Some(fault) => {
                let message = format!(
                    "Inventory script result contained characters that cannot be interpreted as \
                     UTF-8: {fault}"
                );
                Err(said.beside(Diagnostic::error(message), script))
            }
        }
    }

    /// What is wrong with what it wrote, and what it said of that itself.
    fn beside(&self, fault: Diagnostic, script: &str) -> Error {
        let described = format!("<inventory plugin 'script' with source '{script}'>");
        let mut fault = fault.at(Span::whole(&Source::new(described, "")));
        if !self.errors.is_empty() {
            fault = fault.hint(format!("Standard error from inventory script:\n{}", self.errors));
        }
        Error::Variables(Box::new(fault))
    }

    fn show_errors(&self, loader: &mut Loader) {
        if !self.errors.is_empty() && loader.options.script_errors == ScriptErrors::Shown {
            loader.warnings.push(Diagnostic::error(self.errors.as_str()));
        }
    }
}
