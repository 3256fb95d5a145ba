//! `include_vars`: variables of a file or a folder, for the rest of the run.

use std::path::{Path, PathBuf};

use nafal_base::{Dict, Key, Outcome, Span, Text, Value};
use nafal_templating::filters::dicts::{Depth, ListMerge, merge};
use nafal_templating::python_regex::{Flags, Regex};

use crate::arguments::to_bool;
use crate::context::ActionContext;
use crate::effect::{Effect, Performed};

/// What goes with a folder.
const OF_FOLDER: &[&str] =
    &["depth", "dir", "extensions", "files_matching", "ignore_files", "ignore_unknown_extensions"];
/// What goes with a file.
const OF_FILE: &[&str] = &["_raw_params", "file"];
/// What goes with both.
const OF_BOTH: &[&str] = &["hash_behaviour", "name"];

/// What a file that can't be used ends with: stock says why beside the message, not in it.
const UNKNOWN: &str = "Task failed: Action failed: Unknown error.";

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, &args).unwrap_or_else(|refused| refused)
}

/// What was read so far.
struct Read {
    files: Vec<String>,
    variables: Dict,
    /// Whether one of them is a vault: the result isn't shown then.
    vaulted: bool,
}

fn perform(context: &ActionContext<'_>, args: &Dict) -> Result<Performed, Performed> {
    check(context, args)?;
    let merges = args.get("hash_behaviour").and_then(Value::as_str) == Some("merge");
    let mut read = Read { files: Vec::new(), variables: Dict::new(), vaulted: false };
    let fault = match args.get("dir").filter(|dir| dir.is_true()) {
        Some(dir) => Folder::new(context, args, dir)?.read_all(context, &mut read)?,
        None => one_file(context, args, &mut read)?,
    };
    let mut variables = read.variables;
    if let Some(name) = args.get("name").filter(|name| name.is_true()) {
        let inner = std::mem::take(&mut variables);
        let key = match name {
            Value::Str(text) => Key::from(text.clone()),
            other => Key::from(&*other.to_text()),
        };
        variables.insert(key, Value::Dict(inner));
    }
    if let Some(message) = fault {
        return Err(Outcome::failed(UNKNOWN)
            .with("ansible_facts", Value::Dict(without_read(&variables, args)))
            .with("ansible_included_var_files", read.files)
            .with("message", message)
            .into());
    }
    if merges {
        variables = over_known(context, &variables);
    }
    let outcome = Outcome::ok()
        .with("ansible_facts", Value::Dict(variables.clone()))
        .with("ansible_included_var_files", read.files);
    let outcome = if read.vaulted { outcome.with("_ansible_no_log", true) } else { outcome };
    Ok(Performed::from(outcome).effect(Effect::IncludedVariables(variables)))
}

/// What a failure tells of the variables: nothing but the name that they were to have.
fn without_read(variables: &Dict, args: &Dict) -> Dict {
    let mut told = Dict::new();
    if args.get("name").is_some_and(Value::is_true)
        && let Some(name) = variables.keys().next()
    {
        told.insert(name.clone(), Value::Dict(Dict::new()));
    }
    told
}

/// The variables over those of the same names that the host has already.
fn over_known(context: &ActionContext<'_>, variables: &Dict) -> Dict {
    let known: Dict = variables
        .keys()
        .filter_map(|key| Some((key.clone(), context.scope.get(key.as_str()?)?)))
        .collect();
    merge(&known, variables, Depth::Recursive, ListMerge::Replace)
}

fn check(context: &ActionContext<'_>, args: &Dict) -> Result<(), Performed> {
    let names: Vec<&str> = args.keys().filter_map(|key| key.as_str()).collect();
    let known =
        |name: &&str| OF_FOLDER.contains(name) || OF_FILE.contains(name) || OF_BOTH.contains(name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        let written = context.written.entry(unknown);
        let span = written.and_then(|(key, _)| key.as_text()?.span().cloned());
        let message = format!("{unknown} is not a valid option in include_vars");
        return Err(Performed::raised(message, span, None));
    }
    let has = |list: &[&str]| names.iter().any(|name| list.contains(name));
    if has(OF_FOLDER) && (has(OF_FILE) || context.raw.is_some()) {
        let message = "You are mixing file only and dir only arguments, these are incompatible";
        return Err(Performed::raised(message, None, None));
    }
    Ok(())
}

/// Reads one file; the fault that the result tells.
fn one_file(
    context: &ActionContext<'_>,
    args: &Dict,
    read: &mut Read,
) -> Result<Option<String>, Performed> {
    let named = OF_FILE.iter().find_map(|name| args.get(name).filter(|value| value.is_true()));
    let file = match (named, &context.raw) {
        (Some(Value::Str(text)), _) if !text.is_empty() => text.clone(),
        (None, Some(text)) if !text.trim().is_empty() => trimmed(text),
        (Some(other), _) if other.as_str().is_none() => {
            let message = format!("a file's name can't be of type '{}'", other.type_name());
            return Err(Performed::raised(message, None, None));
        }
        _ => return Ok(Some("Could not find file on the Ansible Controller.".to_owned())),
    };
    let Some(path) = context.effects.find(&["vars"], &file) else {
        return Ok(Some(super::copy::not_found(context, "vars", &file)));
    };
    Ok(load(context, &path, read).err())
}

/// Free-form text has no blanks around it.
fn trimmed(text: &Text) -> Text {
    if text.trim().len() == text.len() { text.clone() } else { Text::new(text.trim()) }
}

/// Adds a file's variables.
fn load(context: &ActionContext<'_>, path: &Path, read: &mut Read) -> Result<(), String> {
    let loaded = context.effects.variables(path).map_err(|message| {
        if message == "Invalid variable file contents." {
            return format!("'{}' must be stored as a dictionary/hash", path.display());
        }
        message
    })?;
    read.variables = merge(&read.variables, &loaded.variables, Depth::Flat, ListMerge::Replace);
    read.files.push(path.display().to_string());
    read.vaulted |= loaded.is_vault;
    Ok(())
}

/// What is to be read of a folder.
struct Folder {
    path: PathBuf,
    depth: i64,
    matching: Option<String>,
    ignored: Vec<String>,
    extensions: Vec<String>,
    skips_unknown: bool,
}

impl Folder {
    fn new(context: &ActionContext<'_>, args: &Dict, dir: &Value) -> Result<Folder, Performed> {
        let path = place(context, &dir.to_text());
        let ignored = match args.get("ignore_files") {
            Some(Value::Str(text)) => text.split_whitespace().map(str::to_owned).collect(),
            Some(Value::List(items)) => items.iter().map(|item| item.to_text().into()).collect(),
            Some(other) if other.is_true() => {
                return Err(must_be_list(context, "ignore_files"));
            }
            _ => Vec::new(),
        };
        let extensions = match args.get("extensions") {
            Some(Value::List(items)) => items.iter().map(|item| item.to_text().into()).collect(),
            Some(_) => return Err(must_be_list(context, "extensions")),
            None => ["yaml", "yml", "json"].map(str::to_owned).to_vec(),
        };
        let depth = match args.get("depth") {
            None | Some(Value::None) => 0,
            Some(Value::Int(depth)) => *depth,
            Some(other) => {
                let message = format!("depth must be a number, not '{}'", other.type_name());
                return Err(Performed::raised(message, None, None));
            }
        };
        let matching = args.get("files_matching").map(|text| text.to_text().into_owned());
        // A pattern that can't be used is told before the folder is looked at.
        if let Some(pattern) = &matching {
            Regex::new(pattern, Flags::default(), "")
                .map_err(|message| Performed::raised(message, None, None))?;
        }
        Ok(Folder {
            path,
            depth,
            matching,
            ignored,
            extensions,
            skips_unknown: args.get("ignore_unknown_extensions").and_then(to_bool).unwrap_or(false),
        })
    }

    /// Reads everything; the fault that the result tells. What can't be parsed fails by itself.
    fn read_all(
        &self,
        context: &ActionContext<'_>,
        read: &mut Read,
    ) -> Result<Option<String>, Performed> {
        if context.effects.exists(&self.path) && context.effects.list(&self.path).is_err() {
            return Ok(Some(format!("{} is not a directory", self.path.display())));
        }
        if !context.effects.exists(&self.path) {
            return Ok(Some(format!("{} directory does not exist", self.path.display())));
        }
        self.level(context, &self.path, 1, read)
    }

    fn level(
        &self,
        context: &ActionContext<'_>,
        folder: &Path,
        depth: i64,
        read: &mut Read,
    ) -> Result<Option<String>, Performed> {
        let entries = context.effects.list(folder).unwrap_or_default();
        let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) =
            entries.into_iter().partition(|path| context.effects.list(path).is_ok());
        for file in files {
            if !self.wants(&file)? {
                continue;
            }
            if !self.has_extension(&file) {
                if self.skips_unknown {
                    continue;
                }
                return Ok(Some(format!(
                    "'{}' does not have a valid extension: {}",
                    file.display(),
                    self.extensions.join(", ")
                )));
            }
            load(context, &file, read).map_err(|message| Performed::raised(message, None, None))?;
        }
        if self.depth != 0 && depth >= self.depth {
            return Ok(None);
        }
        for inner in folders {
            let fault = self.level(context, &inner, depth + 1, read)?;
            if fault.is_some() {
                return Ok(fault);
            }
        }
        Ok(None)
    }

    fn wants(&self, file: &Path) -> Result<bool, Performed> {
        let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let found = |pattern: &str| {
            Regex::new(pattern, Flags::default(), &name)
                .and_then(|regex| regex.search(&name))
                .map(|found| found.is_some())
                .map_err(|message| Performed::raised(message, None, None))
        };
        if let Some(pattern) = &self.matching
            && !found(pattern)?
        {
            return Ok(false);
        }
        for pattern in &self.ignored {
            if found(&format!("{pattern}$"))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn has_extension(&self, file: &Path) -> bool {
        let extension = file.extension().map(|text| text.to_string_lossy()).unwrap_or_default();
        self.extensions.iter().any(|known| **known == *extension)
    }
}

/// A folder's name below the role's `vars`, else beside the file of the task.
fn place(context: &ActionContext<'_>, dir: &str) -> PathBuf {
    let role = context.scope.get("role_path");
    if let Some(role) = role.as_ref().and_then(Value::as_str) {
        let role = Path::new(role);
        let from_role = dir.split('/').next() == Some("vars");
        return if from_role { role.join(dir) } else { role.join("vars").join(dir) };
    }
    let file = context.task.span.as_ref().map(|span| PathBuf::from(&*span.source.name));
    let beside = file.as_deref().and_then(Path::parent).map(Path::to_owned);
    let folder = beside.filter(|folder| folder.is_absolute());
    folder.or_else(|| context.effects.search_path().first().cloned()).unwrap_or_default().join(dir)
}

fn must_be_list(context: &ActionContext<'_>, name: &str) -> Performed {
    let span: Option<Span> = context.written.get(name).and_then(Value::span).cloned();
    Performed::raised(format!("The '{name}' option must be a list."), span, None)
}
