//! `group_vars/` and `host_vars/`: which files belong to a name, and what is in them. Folders are
//! listed once, files read once.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use nafal_base::{Diagnostic, Dict, Source};
use nafal_parser::vault::Secrets;

use crate::error::Error;
use crate::rules::EXTENSIONS;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    File,
    Folder,
}

type Listing = Arc<BTreeMap<String, Entry>>;

/// What was listed and read so far.
#[derive(Debug, Default)]
pub(crate) struct Files {
    listings: Mutex<HashMap<PathBuf, Listing>>,
    contents: Mutex<HashMap<PathBuf, Result<Dict, Error>>>,
    warnings: Mutex<Vec<Diagnostic>>,
    pub secrets: Arc<Secrets>,
}

/// The files of a folder of variables, in the order in which they are merged: `group_vars/web/`, a role's
/// `defaults/main/`. Settings have no say in their names (case `settings-yaml-extensions`).
pub fn variables_files(folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    Files::default().inside(folder, &EXTENSIONS.map(str::to_owned), &mut paths);
    paths
}

impl Files {
    pub fn new(secrets: &Arc<Secrets>) -> Files {
        Files { secrets: Arc::clone(secrets), ..Files::default() }
    }

    /// The variables that files of this name in `folder`/`kind` give, weakest first.
    pub fn variables(
        &self,
        folder: &Path,
        kind: &str,
        name: &str,
        extensions: &[String],
    ) -> Result<Vec<Dict>, Error> {
        let folder = folder.join(kind);
        let listing = self.listing(&folder);
        if listing.is_empty() || name.contains('/') {
            return Ok(Vec::new());
        }
        let there = |name: String| listing.get(&name).map(|entry| (folder.join(name), *entry));
        let with = |extension: &String| {
            // Only the name itself gets a dot that somebody left out.
            let dot = if extension.contains('.') { "" } else { "." };
            there(format!("{name}{dot}{extension}"))
        };
        let found = there(name.to_owned()).or_else(|| extensions.iter().find_map(with));
        let mut paths = Vec::new();
        match found {
            None => {}
            Some((path, Entry::File)) => paths.push(path),
            Some((path, Entry::Folder)) => self.inside(&path, extensions, &mut paths),
        }
        paths.into_iter().map(|path| self.read(path)).collect()
    }

    /// The variables files inside a folder, in order; folders with an extension don't count.
    fn inside(&self, folder: &Path, extensions: &[String], paths: &mut Vec<PathBuf>) {
        for (name, entry) in &*self.listing(folder) {
            if name.starts_with('.') || name.ends_with('~') {
                continue;
            }
            let extension = name.rfind('.').filter(|at| *at > 0).map_or("", |at| &name[at..]);
            match entry {
                Entry::Folder if extension.is_empty() => {
                    self.inside(&folder.join(name), extensions, paths);
                }
                Entry::File
                    if extension.is_empty() || extensions.iter().any(|own| own == extension) =>
                {
                    paths.push(folder.join(name));
                }
                _ => {}
            }
        }
    }

    /// What a folder contains; nothing when there is no such folder.
    fn listing(&self, folder: &Path) -> Listing {
        let mut listings = self.listings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listing) = listings.get(folder) {
            return Arc::clone(listing);
        }
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let listing: Listing = Arc::new(
            entries
                .filter_map(|entry| {
                    let name = entry.file_name().into_string().ok()?;
                    // Links count as what they lead to.
                    let metadata = fs::metadata(entry.path()).ok()?;
                    Some((name, if metadata.is_dir() { Entry::Folder } else { Entry::File }))
                })
                .collect(),
        );
        listings.insert(folder.to_owned(), Arc::clone(&listing));
        listing
    }

    fn read(&self, path: PathBuf) -> Result<Dict, Error> {
        let mut contents = self.contents.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = contents.get(&path) {
            return known.clone();
        }
        let result = self.read_new(&path);
        contents.insert(path, result.clone());
        result
    }

    fn read_new(&self, path: &Path) -> Result<Dict, Error> {
        let text = fs::read(path).map_err(|error| {
            Error::source(format!("Unable to read '{}': {error}", path.display()))
        })?;
        let text = self.secrets.open(text).map_err(|error| Error::source(error.to_string()))?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let source = Source::new(path.display().to_string(), text);
        match nafal_parser::load_variables(&source) {
            Ok((vars, mut warnings)) => {
                let mut all = self.warnings.lock().unwrap_or_else(PoisonError::into_inner);
                all.append(&mut warnings);
                Ok(vars)
            }
            Err(errors) => Err(errors.first().map_or_else(
                || Error::source(format!("Unable to read '{}'", path.display())),
                |error| match error {
                    // Stock merges before it looks what it merges.
                    nafal_parser::Error::NotVariables { .. } => Error::source(format!(
                        "Could not process '{}': failed to combine variables, expected dicts but got a 'dict' and a '_AnsibleTaggedList'.",
                        path.display()
                    )),
                    error => Error::Variables(Box::new(error.diagnostic())),
                },
            )),
        }
    }

    pub fn take_warnings(&self) -> Vec<Diagnostic> {
        std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
