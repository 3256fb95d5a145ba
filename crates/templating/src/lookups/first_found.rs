//! The lookup of the first file that is there.

use nafal_base::Value;

use super::terms::{bool_option, option, truth};
use crate::arguments::{fail, text};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Lookup};

/// The lookup.
pub const LOOKUPS: &[Lookup] = &[Lookup {
    names: &["first_found"],
    doc: "the first of several files that is there",
    run: first_found,
}];

/// Files to try, and whether finding none is fine.
#[derive(Default)]
struct Search {
    names: Vec<String>,
    skip: bool,
}

/// An option that is a list, or a text that is split.
fn several(value: Option<&Value>, separators: &[char]) -> Result<Vec<String>, Error> {
    match value {
        None | Some(Value::None) => Ok(Vec::new()),
        Some(Value::List(items) | Value::Tuple(items)) => {
            let mut all = Vec::new();
            for item in items {
                all.extend(several(Some(item), separators)?);
            }
            Ok(all)
        }
        Some(value) => {
            let value = text(value)?;
            Ok(value
                .split(separators)
                .map(str::trim)
                .filter(|s| !s.is_empty())
                .map(str::to_owned)
                .collect())
        }
    }
}

impl Search {
    /// Every file below every path.
    fn add(&mut self, files: Option<&Value>, paths: Option<&Value>) -> Result<(), Error> {
        let files = several(files, &[',', ';'])?;
        let paths = several(paths, &[',', ';', ':'])?;
        if paths.is_empty() {
            self.names.extend(files);
        } else {
            for path in &paths {
                let joined =
                    files.iter().map(|file| crate::python_path::join([path.as_str(), file]));
                self.names.extend(joined);
            }
        }
        Ok(())
    }

    fn take(&mut self, term: &Value) -> Result<(), Error> {
        match term {
            Value::Dict(dict) => {
                if let Some(skip) = dict.get("skip") {
                    self.skip = truth(skip);
                }
                self.add(dict.get("files"), dict.get("paths"))
            }
            Value::Str(name) => {
                self.names.push(name.to_string());
                Ok(())
            }
            Value::List(items) | Value::Tuple(items) => {
                items.iter().try_for_each(|item| self.take(item))
            }
            // A name that is missing is passed over, like a file that is.
            Value::Undef(_) => Ok(()),
            other => fail(format!(
                "Invalid term supplied. A string, dict or list is required, not '{}').",
                other.type_name()
            )),
        }
    }
}

fn first_found(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let mut search = Search { skip: bool_option(args, "skip", false), ..Search::default() };
    let (files, paths) = (option(args, "files"), option(args, "paths"));
    if args.positional.is_empty() {
        search.add(files, paths)?;
    }
    args.positional.iter().try_for_each(|term| search.take(term))?;
    // It serves what its task does (case `lookup-first-found-dependencies`).
    let kind = ctx.effects().task_folder();
    for name in &search.names {
        if let Some(path) = ctx.effects().find(&[kind], name) {
            return Ok(vec![Value::from(path.to_string_lossy().into_owned())]);
        }
    }
    if search.skip { Ok(Vec::new()) } else { fail("No file was found when using first_found.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_below_paths() {
        let mut search = Search::default();
        let dict: nafal_base::Dict =
            [("files", Value::from("a, b")), ("paths", Value::from("/x:/y"))].into_iter().collect();
        search.take(&Value::Dict(dict)).unwrap();
        assert_eq!(search.names, ["/x/a", "/x/b", "/y/a", "/y/b"]);
    }
}
