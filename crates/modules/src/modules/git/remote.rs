//! What the remote side has: its branches, tags, versions, and the URL by which it is known here.
//! Must not change the checkout.

use std::path::Path;

use super::command::{Git, discreet};
use super::settings::Settings;
use crate::files::{Failure, Result};

/// Where the remote is asked for.
#[derive(Clone, Copy)]
pub enum Side<'a> {
    /// By its URL, from wherever.
    Url,
    /// By its name, from the repository.
    Named(&'a Path),
}

impl<'a> Side<'a> {
    fn target(self, settings: &'a Settings<'_>) -> (&'a str, Option<&'a Path>) {
        match self {
            Side::Url => (&settings.url, None),
            Side::Named(folder) => (settings.remote, Some(folder)),
        }
    }
}

impl Git<'_> {
    /// The commit of a branch of the remote.
    pub fn remote_branch(
        &self,
        settings: &Settings<'_>,
        side: Side<'_>,
        branch: &str,
    ) -> Result<Option<String>> {
        let (target, folder) = side.target(settings);
        let words = ["ls-remote", target, "-h", &format!("refs/heads/{branch}")];
        let ran = self.run(folder, &words)?.good()?;
        Ok(first_name(&ran.stdout))
    }

    /// Whether the remote has this tag.
    pub fn has_remote_tag(
        &self,
        settings: &Settings<'_>,
        side: Side<'_>,
        tag: &str,
    ) -> Result<bool> {
        let (target, folder) = side.target(settings);
        let words = ["ls-remote", target, "-t", &format!("refs/tags/{tag}")];
        Ok(!self.run(folder, &words)?.good()?.text().is_empty())
    }

    /// The commit that a tag of the remote stands for.
    fn remote_tag(&self, settings: &Settings<'_>, side: Side<'_>) -> Result<Option<String>> {
        let (target, folder) = side.target(settings);
        let name = format!("refs/tags/{}", settings.version);
        let ran = self.run(folder, &["ls-remote", target, "-t", &format!("{name}*")])?.good()?;
        let named = |wanted: &str| {
            ran.stdout
                .lines()
                .filter_map(|line| line.split_once('\t'))
                .find(|(_, found)| *found == wanted)
                .map(|(commit, _)| commit.to_owned())
        };
        // An annotated tag is an object of its own, and leads to its commit.
        Ok(named(&format!("{name}^{{}}")).or_else(|| named(&name)))
    }

    /// The commit that the version would be.
    pub fn remote_version(&self, settings: &Settings<'_>, side: Side<'_>) -> Result<String> {
        let version = settings.version;
        let (target, folder) = side.target(settings);
        if version == "HEAD" {
            let found = match folder {
                None => {
                    let ran = self.run(None, &["ls-remote", target, "-h", "HEAD"])?.good()?;
                    first_name(&ran.stdout)
                }
                Some(folder) => match self.current_branch(folder, settings.remote)? {
                    Some(branch) => self.remote_branch(settings, side, &branch)?,
                    None => None,
                },
            };
            return found.ok_or_else(|| {
                Failure::new(format!("Could not determine remote revision for {version}"))
                    .with("rc", 0)
                    .with("stdout", "")
                    .with("stderr", "")
            });
        }
        if let Some(commit) = self.remote_branch(settings, side, version)? {
            return Ok(commit);
        }
        if self.has_remote_tag(settings, side, version)?
            && let Some(commit) = self.remote_tag(settings, side)?
        {
            return Ok(commit);
        }
        self.check_commit(settings, target, folder)?;
        Ok(version.to_owned())
    }

    /// A commit by its name can't be listed: it is there if it could be fetched.
    fn check_commit(
        &self,
        settings: &Settings<'_>,
        target: &str,
        folder: Option<&Path>,
    ) -> Result<()> {
        let words = ["fetch", "--dry-run", target, settings.version];
        if folder.is_some() {
            self.run(folder, &words)?.good()?;
            return Ok(());
        }
        let failed = |error: std::io::Error| Failure::new(error.to_string());
        let random = crate::files::staged::random_text().map_err(failed)?;
        let scratch = self.ctx.temporary().join(format!("repository-{random}"));
        std::fs::create_dir(&scratch).map_err(failed)?;
        let asked = self
            .run(Some(&scratch), &["init", "-q"])
            .and_then(|ran| ran.good())
            .and_then(|_| self.run(Some(&scratch), &words)?.good());
        // What stays goes with the agent's folder.
        let _ = std::fs::remove_dir_all(&scratch);
        asked.map(|_| ())
    }

    /// Whether the remote's URL isn't the wanted one.
    pub fn has_other_url(&self, settings: &Settings<'_>, folder: &Path) -> Result<bool> {
        let ran = self.run(Some(folder), &["ls-remote", "--get-url", settings.remote])?;
        Ok(ran.is_good() && !ran.text().is_empty() && plain(ran.text()) != plain(&settings.url))
    }

    /// Gives the remote the wanted URL.
    pub fn set_url(&self, settings: &Settings<'_>, folder: &Path) -> Result<()> {
        let (url, remote) = (settings.url.as_str(), settings.remote);
        let ran = self.run(Some(folder), &["remote", "set-url", remote, url])?;
        if ran.is_good() {
            return Ok(());
        }
        Err(Failure::new(discreet(&format!(
            "Failed to set a new url {url} for {remote}: {} {}",
            ran.stdout, ran.stderr
        ))))
    }
}

/// A URL without what makes no difference.
fn plain(url: &str) -> &str {
    url.strip_prefix("file://").unwrap_or(url)
}

fn first_name(listing: &str) -> Option<String> {
    listing.split_whitespace().next().map(str::to_owned)
}
