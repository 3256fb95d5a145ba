//! What the controller asks for: a module that isn't native, with the bundles that it is made of. Must not
//! know processes.

use nafal_base::wire::PYTHON;
use nafal_base::{Dict, Value};

use crate::files::{Failure, Result};

/// How a module is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Python that imports `ansible.module_utils`, under the warm process.
    Python,
    /// A file that is run, with the path of a file of arguments: as JSON or `k=v`, as the controller wrote them.
    File,
    /// A file that has its arguments inside, or wants none.
    Bare,
}

/// What runs a foreign module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runner {
    /// The target's Python.
    Python,
    /// Another interpreter, as the user or the file's first line names it.
    Other(String),
    /// Its file is started.
    Itself,
}

/// A foreign module to run.
#[derive(Clone, Debug)]
pub struct Foreign {
    /// How.
    pub style: Style,
    /// Python modules: the name that it is imported by (`ansible.legacy.x`).
    pub name: String,
    /// What runs it.
    pub interpreter: Runner,
    /// The bundle that has `ansible.module_utils`.
    pub base: String,
    /// Bundles whose folders are searched for imports.
    pub paths: Vec<String>,
    /// Bundles whose folders stand in for `ansible.module_utils`.
    pub module_utils: Vec<String>,
    /// The module's own bundle, and its path in there.
    pub file: (String, String),
    /// What stands in the file for its arguments; empty when they don't go there.
    pub marker: String,
    /// Its arguments, as it takes them.
    pub arguments: String,
    /// How its arguments and its result travel, by ansible-core's name for that.
    pub profile: String,
    /// The folder that it makes its temporary ones in, as the user writes it.
    pub remote_tmp: String,
    /// Bundles that came along: hash and the file that they are in.
    pub uploads: Vec<(String, String)>,
}

impl Foreign {
    /// Reads a request.
    pub fn of(args: &Dict) -> Result<Foreign> {
        let style = match args.get("style").and_then(Value::as_str) {
            Some("python") => Style::Python,
            Some("file") => Style::File,
            Some("bare") => Style::Bare,
            _ => return Err(Failure::new("a module of an unknown style was asked for")),
        };
        let text = |key: &str| args.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let list = |key: &str| -> Vec<String> {
            let items = args.get(key).and_then(Value::as_list);
            items
                .into_iter()
                .flat_map(|items| items.iter())
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        let uploads = args.get("uploads").and_then(Value::as_dict);
        let uploads = uploads.into_iter().flat_map(Dict::iter).filter_map(|(hash, path)| {
            Some((hash.as_str()?.to_owned(), path.as_str()?.to_owned()))
        });
        Ok(Foreign {
            style,
            name: text("name"),
            interpreter: match args.get("interpreter").and_then(Value::as_str) {
                _ if args.get(PYTHON).is_some_and(Value::is_true) => Runner::Python,
                Some(named) => Runner::Other(named.to_owned()),
                None => Runner::Itself,
            },
            base: text("base"),
            paths: list("paths"),
            module_utils: list("module_utils"),
            file: (text("bundle"), text("file")),
            marker: text("marker"),
            arguments: text("arguments"),
            profile: text("profile"),
            remote_tmp: text("remote_tmp"),
            uploads: uploads.collect(),
        })
    }

    /// Every bundle that it needs, each once.
    pub fn bundles(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        let each = [self.base.as_str(), self.file.0.as_str()].into_iter();
        for hash in each.chain(self.paths.iter().chain(&self.module_utils).map(String::as_str)) {
            if !hash.is_empty() && !all.contains(&hash) {
                all.push(hash);
            }
        }
        all
    }
}
