//! The submodules of a checkout: whether they are where they should be, and getting them there.

use std::path::Path;

use super::command::Git;
use super::settings::Settings;
use crate::files::{Failure, Result};

impl Git<'_> {
    /// Whether submodules have to be updated; fetches what is new for them.
    pub fn submodules_differ(&self, settings: &Settings<'_>, folder: &Path) -> Result<bool> {
        let listed = folder.join(".gitmodules");
        if settings.is_bare() || !settings.args.is("recursive") || !listed.exists() {
            return Ok(false);
        }
        let modules = self.submodules(folder)?;
        if modules.iter().any(|(_, path)| !folder.join(path).join(".git").exists()) {
            return Ok(true);
        }
        self.run(Some(folder), &["submodule", "foreach", &self.program(), "fetch"])?.good()?;
        if !settings.args.is("track_submodules") {
            let ran = self.run(Some(folder), &["submodule", "status"])?.good()?;
            return Ok(ran.stdout.lines().any(|line| !line.starts_with(' ')));
        }
        for (name, path) in modules {
            let place = folder.join(path);
            let key = format!("submodule.{name}.branch");
            let ran = self.run(Some(folder), &["config", "-f", ".gitmodules", &key])?;
            let branch = if ran.is_good() { ran.text() } else { "HEAD" };
            let theirs =
                self.run(Some(&place), &["rev-parse", &format!("origin/{branch}")])?.good()?;
            if theirs.text() != self.version(&place)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Names and paths.
    fn submodules(&self, folder: &Path) -> Result<Vec<(String, String)>> {
        let words = ["config", "-f", ".gitmodules", "-z", "--get-regexp", r"^submodule\..*\.path$"];
        let ran = self.run(Some(folder), &words)?;
        let entries = ran.stdout.split('\0').filter_map(|entry| entry.split_once('\n'));
        Ok(entries
            .filter_map(|(key, path)| {
                let name = key.strip_prefix("submodule.")?.strip_suffix(".path")?;
                Some((name.to_owned(), path.to_owned()))
            })
            .collect())
    }

    /// Brings all submodules to their versions.
    pub fn update_submodules(&self, settings: &Settings<'_>, folder: &Path) -> Result<()> {
        self.run(Some(folder), &["submodule", "sync"])?.good()?;
        let mut words = vec!["submodule", "update", "--init", "--recursive"];
        if settings.args.is("track_submodules") {
            words.push("--remote");
        }
        if settings.args.is("force") {
            words.push("--force");
        }
        let ran = self.run(Some(folder), &words)?;
        if ran.is_good() {
            return Ok(());
        }
        let told = format!("{}{}", ran.stdout, ran.stderr);
        Err(Failure::new(super::command::discreet(&format!(
            "Failed to init/update submodules: {told}"
        ))))
    }
}
