//! For which versions of ansible-core collections say that they are (`requires_ansible`), and what comes of one that
//! isn't for ours. Must not know who uses the collection.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Mutex;

use nafal_base::reference::VERSION;
use pep440_rs::{Version, VersionSpecifiers};

use crate::finder::{Finder, locked};

/// What is done about a collection that isn't for this version (`collections_on_ansible_version_mismatch`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mismatch {
    /// It is told when the collection is used first.
    #[default]
    Told,
    /// Nobody cares.
    Ignored,
    /// The collection isn't there.
    Refused,
}

/// What was found of the collections that were used.
#[derive(Debug, Default)]
pub(crate) struct Requirements {
    /// By `namespace.name`: why it can't be used, if it can't.
    known: Mutex<HashMap<String, Option<String>>>,
    /// What nobody was told yet.
    untold: Mutex<Vec<String>>,
}

impl Finder {
    /// The folder of a collection (`namespace.name`) that may be used.
    pub fn collection(&self, name: &str) -> Option<PathBuf> {
        let folder = self.collection_folder(name)?;
        let refused = self.asked(name, &folder).is_some();
        (!refused).then_some(folder)
    }

    /// Why a collection that is there can't be used.
    pub fn refused_collection(&self, name: &str) -> Option<String> {
        if self.places.mismatch != Mismatch::Refused {
            return None;
        }
        self.asked(name, &self.collection_folder(name)?)
    }

    /// What is to be said of the collections that were used since this was asked last.
    pub fn take_collection_warnings(&self) -> Vec<String> {
        std::mem::take(&mut *locked(&self.requirements.untold))
    }

    fn asked(&self, name: &str, folder: &Path) -> Option<String> {
        if self.places.mismatch == Mismatch::Ignored {
            return None;
        }
        if let Some(known) = locked(&self.requirements.known).get(name) {
            return known.clone();
        }
        let routing = self.routing_in(folder);
        let fault = routing.wanted().and_then(|wanted| fault(name, wanted));
        let (told, refused) = match fault {
            Some(Fault::Other(text)) if self.places.mismatch == Mismatch::Refused => {
                (None, Some(text))
            }
            Some(Fault::Other(text) | Fault::Unreadable(text)) => (Some(text), None),
            None => (None, None),
        };
        locked(&self.requirements.untold).extend(told);
        locked(&self.requirements.known).insert(name.to_owned(), refused.clone());
        refused
    }
}

/// What is wrong with a requirement, in stock's words.
#[derive(Debug, PartialEq, Eq)]
enum Fault {
    /// It names other versions.
    Other(String),
    /// It names none that can be read: never more than a warning.
    Unreadable(String),
}

fn fault(collection: &str, wanted: &str) -> Option<Fault> {
    if wanted.trim().is_empty() {
        return None;
    }
    let parts: Result<Vec<_>, String> = wanted
        .split(',')
        .filter(|part| !part.trim().is_empty())
        .map(|part| VersionSpecifiers::from_str(part).map_err(|_| part.trim().to_owned()))
        .collect();
    let (parts, own) = match (parts, Version::from_str(VERSION)) {
        (Ok(parts), Ok(own)) => (parts, own),
        (Err(part), _) => {
            return Some(Fault::Unreadable(format!(
                "Error parsing collection metadata requires_ansible value from collection {collection}: Invalid \
                 specifier: '{part}'"
            )));
        }
        (_, Err(_)) => return None,
    };
    let is_for_us = parts.iter().all(|part| part.contains(&own));
    let text = || format!("Collection {collection} does not support Ansible version {VERSION}");
    (!is_for_us).then(|| Fault::Other(text()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for fine in ["", ">=2.9.10", ">=2.15.0,<2.99", " >= 2.16 , ", "==2.21.*", ">=2.21.0.dev0"] {
            assert_eq!(fault("a.b", fine), None, "{fine}");
        }
        let other = "Collection a.b does not support Ansible version 2.21.5".to_owned();
        for wrong in [">=2.99", "<2.20", ">=2.9,!=2.21.5"] {
            assert_eq!(fault("a.b", wrong), Some(Fault::Other(other.clone())), "{wrong}");
        }
        assert!(
            matches!(fault("a.b", ">=2.9,x"), Some(Fault::Unreadable(text)) if text.ends_with("'x'"))
        );
    }
}
