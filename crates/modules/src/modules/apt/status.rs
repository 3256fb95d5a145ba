//! What is to be installed for what a task wants. Must not know command lines.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::ctx::Ctx;
use crate::debian::{self, Candidates, Comparison, Installed, Specification, State};
use crate::files::{Failure, Result};
use crate::glob;

/// What apt and dpkg know of the packages of a task.
pub struct Knowledge {
    installed: HashMap<String, Installed>,
    candidates: Candidates,
}

/// How a package stands to what is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The package itself, of a virtual one that which is taken.
    pub name: String,
    /// Whether what is there is what is wanted.
    pub is_satisfied: bool,
    /// The version that is there.
    pub installed: Option<String>,
    /// The version that could be installed, if that is another.
    pub installable: Option<String>,
}

/// Names that are patterns become the names that apt knows.
pub fn expand(ctx: &Ctx, packages: &[&str]) -> Result<Vec<String>> {
    let mut expanded = Vec::new();
    for package in packages {
        let specification = Specification::parse(package);
        if !specification.is_pattern() {
            expanded.push((*package).to_owned());
            continue;
        }
        let names = debian::pattern(ctx, specification.name)?;
        if names.is_empty() {
            return Err(Failure::new(format!("No package(s) matching '{package}' available")));
        }
        let version = &package[specification.name.len()..];
        expanded.extend(names.into_iter().map(|name| format!("{name}{version}")));
    }
    Ok(expanded)
}

impl Knowledge {
    /// Asks for all of them at once.
    pub fn of(ctx: &Ctx, packages: &[String], release: Option<&str>) -> Result<Knowledge> {
        let names: Vec<&str> =
            packages.iter().map(|package| Specification::parse(package).name).collect();
        let installed = debian::installed(ctx, &names)?;
        let candidates = debian::candidates(ctx, &names, release)?;
        Ok(Knowledge { installed, candidates })
    }

    /// What dpkg knows alone: enough for what only has to be there.
    pub fn installed_alone(ctx: &Ctx, packages: &[String]) -> Result<Knowledge> {
        let names: Vec<&str> =
            packages.iter().map(|package| Specification::parse(package).name).collect();
        let installed = debian::installed(ctx, &names)?;
        Ok(Knowledge { installed, candidates: Candidates::new() })
    }

    /// What dpkg knows of a package.
    pub fn installed(&self, name: &str) -> Option<&Installed> {
        self.installed.get(name)
    }

    /// The names of all that dpkg knows among them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.installed.keys().map(String::as_str).filter(|name| !name.contains(':'))
    }

    /// The version of a package that is there.
    pub fn version(&self, name: &str) -> Option<&str> {
        let package = self.installed.get(name).filter(|found| found.state == State::Installed)?;
        Some(&package.version)
    }

    /// How a package stands to what is wanted of it.
    pub fn standing(&self, ctx: &Ctx, wanted: &Specification<'_>) -> Result<Standing> {
        let installed = self.version(wanted.name);
        let known = self.candidates.get(wanted.name);
        if installed.is_none() && known.is_none_or(|known| known.versions.is_empty()) {
            return virtual_package(ctx, wanted);
        }
        let versions = known.map(|known| known.versions.as_slice()).unwrap_or_default();
        let candidate = known.and_then(|known| known.candidate.as_deref());
        let best = match wanted.version {
            None => candidate,
            Some((comparison, version)) => {
                let fits = |other: &str| match comparison {
                    Comparison::Like => glob::is_like(other, version),
                    Comparison::AtLeast => debian::compare(other, version) != Ordering::Less,
                };
                candidate.filter(|other| fits(other)).or_else(|| {
                    let fitting = versions.iter().map(String::as_str).filter(|other| fits(other));
                    fitting.max_by(|left, right| debian::compare(left, right))
                })
            }
        };
        let is_satisfied = match (installed, wanted.version) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(there), Some((Comparison::AtLeast, version))) => {
                debian::compare(there, version) != Ordering::Less
            }
            (Some(there), Some((Comparison::Like, version))) => match best {
                Some(best) => there == best,
                None => glob::is_like(there, version),
            },
        };
        // Nothing goes down to a lower candidate unless that version was asked for.
        let installable = best.filter(|best| {
            installed.is_none_or(|there| {
                *best != there
                    && (wanted.version.is_some()
                        || debian::compare(best, there) == Ordering::Greater)
            })
        });
        Ok(Standing {
            name: wanted.name.to_owned(),
            is_satisfied,
            installed: installed.map(str::to_owned),
            installable: installable.map(str::to_owned),
        })
    }
}

/// A package that is only provided by others: any of them will do that is there, else the only one.
fn virtual_package(ctx: &Ctx, wanted: &Specification<'_>) -> Result<Standing> {
    let providers = match wanted.name.is_empty() {
        true => Vec::new(),
        false => debian::providers(ctx, wanted.name)?,
    };
    if providers.is_empty() {
        let message = format!("No package matching '{}' is available", wanted.name);
        return Err(Failure::new(message));
    }
    let knowledge = Knowledge::of(ctx, &providers, None)?;
    let there = providers.iter().find_map(|name| Some((name, knowledge.version(name)?)));
    if let Some((name, version)) = there {
        return Ok(Standing {
            name: name.clone(),
            is_satisfied: true,
            installed: Some(version.to_owned()),
            installable: None,
        });
    }
    if let [only] = &providers[..] {
        let alone = Specification { name: only, version: None };
        return knowledge.standing(ctx, &alone);
    }
    Ok(Standing { name: wanted.name.to_owned(), ..Standing::default() })
}
