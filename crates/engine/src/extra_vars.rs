//! `-e` in all its forms: `k=v` text, JSON or YAML, `@file`.

use std::path::Path;
use std::sync::Arc;

use nafal_base::{Diagnostic, Dict, Source, Span, Text, Value, python_words};

use nafal_inventory::HashBehaviour;
use nafal_parser::vault::Secrets;

use crate::error::Error;

/// What stands for the name of a file.
const SHOWN: &str = "<CLI option '-e'>";

/// The variables of all `-e`, later ones over earlier ones.
pub(crate) fn parse(
    all: &[String],
    secrets: &Secrets,
    hashes: HashBehaviour,
) -> Result<Dict, Error> {
    let mut vars = Dict::new();
    for one in all {
        hashes.lay_over(&mut vars, &parse_one(one, secrets)?);
    }
    Ok(vars)
}

fn parse_one(text: &str, secrets: &Secrets) -> Result<Dict, Error> {
    if text.is_empty() {
        return Ok(Dict::new());
    }
    if let Some(path) = text.strip_prefix('@') {
        return from_file(path, secrets);
    }
    let source = Source::new(SHOWN, text);
    if text.starts_with(['/', '.']) {
        let message = format!("Please prepend extra_vars filename '{text}' with '@'");
        return Err(Error::load(Diagnostic::error(message), 1));
    }
    if text.starts_with(['[', '{']) {
        return from_yaml(&source, text);
    }
    let pairs = nafal_parser::split_key_values(text).map_err(|error| {
        Error::load(Diagnostic::error(error.to_string()).at(Span::new(&source, 1, 1)), 4)
    })?;
    let span = Span::new(&source, 1, 1);
    let trusted = |text: &str| Value::Str(Text::trusted(text, Some(span.clone())));
    let key = |key: &str| Text::placed(key, Span::whole(&Source::new(SHOWN, key)));
    Ok(pairs.args.iter().map(|(name, value)| (key(name), trusted(value))).collect())
}

fn from_file(path: &str, secrets: &Secrets) -> Result<Dict, Error> {
    // No path is this folder, as for Python.
    let path = if path.is_empty() { "." } else { path };
    let bytes = std::fs::read(path).map_err(|error| {
        let absolute = std::path::absolute(Path::new(path)).unwrap_or_default();
        let path = absolute.display();
        if error.kind() == std::io::ErrorKind::IsADirectory {
            let said = python_words(&error);
            let message =
                format!("An error occurred while trying to read the file '{path}': {said}: '{path}'");
            return Error::load(Diagnostic::error(message), 4);
        }
        let message = format!(
            "Unable to retrieve file contents. Could not find or access '{path}' on the Ansible Controller: [Errno 2] No such file or directory: '{path}' If you are using a module and expect the file to exist on the remote, see the remote_src option."
        );
        Error::load(Diagnostic::error(message), 1)
    })?;
    let absolute = std::path::absolute(Path::new(path)).unwrap_or_default().display().to_string();
    let bytes = secrets.open(bytes).map_err(|error| {
        let place = Span::whole(&Source::new(absolute.as_str(), ""));
        Error::load(Diagnostic::error(error.to_string()).at(place), 1)
    })?;
    let text = nafal_parser::yaml::decode(bytes)
        .map_err(|error| Error::Load { diagnostics: error.told(&absolute).into(), code: 4 })?;
    from_yaml(&Source::new(absolute.as_str(), text), &format!("@{absolute}"))
}

fn from_yaml(source: &Arc<Source>, shown: &str) -> Result<Dict, Error> {
    let (document, _) = nafal_parser::yaml::load_one(source).map_err(|errors| Error::Load {
        diagnostics: errors.iter().map(nafal_parser::Error::diagnostic).collect(),
        code: 4,
    })?;
    match document.map(|document| document.value) {
        Some(Value::Dict(dict)) => Ok(dict),
        _ => {
            let message = format!(
                "Invalid extra vars data supplied. '{shown}' could not be made into a dictionary"
            );
            Err(Error::load(Diagnostic::error(message), 5))
        }
    }
}
