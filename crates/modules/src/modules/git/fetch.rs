//! Bringing the repository here: all of it at first, what is new later. Must not check anything out.

use std::path::Path;

use super::command::Git;
use super::remote::Side;
use super::settings::Settings;
use crate::files::Result;

impl Git<'_> {
    /// Clones into a folder whose parent is made when it isn't there.
    pub fn clone_to(&self, settings: &Settings<'_>, dest: &Path) -> Result<()> {
        let parent = dest.parent().unwrap_or(Path::new("/"));
        // When it can't be made, git says why.
        let _ = std::fs::create_dir_all(parent);
        let mut words = vec!["clone".to_owned()];
        match settings.is_bare() {
            true => words.push("--bare".into()),
            false => words.extend(["--origin".into(), settings.remote.into()]),
        }
        let version = settings.version;
        let is_named = self.remote_branch(settings, Side::Url, version)?.is_some()
            || self.has_remote_tag(settings, Side::Url, version)?;
        let is_shallow = version == "HEAD" || settings.refspec().is_some() || is_named;
        let depth = settings.depth.filter(|_| is_shallow);
        if settings.depth.is_some() && !is_shallow {
            self.ctx.warn(
                "Ignoring depth argument. Shallow clones are only available for HEAD, branches, tags or in combination with refspec.",
            );
        }
        if let Some(depth) = depth {
            words.extend(["--depth".into(), depth.to_string()]);
        }
        if let Some(reference) = settings.args.text("reference") {
            words.extend(["--reference".into(), reference.into()]);
        }
        let single = settings.args.is("single_branch");
        if single {
            words.push("--single-branch".into());
        }
        if is_named && (single || depth.is_some()) {
            words.extend(["--branch".into(), version.into()]);
        }
        if let Some(separate) = &settings.separate {
            words.push(format!("--separate-git-dir={}", separate.display()));
        }
        words.extend([settings.url.clone(), dest.to_string_lossy().into_owned()]);
        self.run(Some(parent), &words)?.good()?;
        self.complete(settings, dest, depth)
    }

    /// What clone itself doesn't do: another remote of a bare repository, and the refspec.
    fn complete(&self, settings: &Settings<'_>, dest: &Path, depth: Option<i64>) -> Result<()> {
        let remote = settings.remote;
        if settings.is_bare() && remote != "origin" {
            self.run(Some(dest), &["remote", "add", remote, &settings.url])?.good()?;
        }
        let Some(refspec) = settings.refspec() else { return Ok(()) };
        let mut words = vec!["fetch".to_owned()];
        if let Some(depth) = depth {
            words.extend(["--depth".into(), depth.to_string()]);
        }
        words.extend([remote.to_owned(), refspec.to_owned()]);
        self.run(Some(dest), &words)?.good()?;
        Ok(())
    }

    /// Fetches what is new.
    pub fn fetch(&self, settings: &Settings<'_>, folder: &Path) -> Result<()> {
        let mut words = vec!["fetch".to_owned()];
        let shallow = match settings.depth {
            Some(_) => self.shallow(settings, folder)?,
            None => Vec::new(),
        };
        let mut refspecs = shallow;
        match settings.depth.filter(|_| !refspecs.is_empty()) {
            Some(depth) => words.extend(["--depth".into(), depth.to_string()]),
            None if settings.is_bare() => {
                let all = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
                refspecs.extend(all.map(str::to_owned));
                refspecs.extend(settings.refspec().map(str::to_owned));
            }
            None => {
                words.push("--tags".into());
                refspecs.extend(settings.refspec().map(str::to_owned));
            }
        }
        if settings.args.is("force") {
            words.push("--force".into());
        }
        words.push(settings.remote.to_owned());
        words.extend(refspecs);
        let ran = self.run(Some(folder), &words)?;
        if ran.is_good() {
            return Ok(());
        }
        Err(ran.failure_of_words(super::command::discreet(&format!(
            "Failed to download remote objects and refs: {} {}",
            ran.stdout, ran.stderr
        ))))
    }

    /// The refspecs with which little is fetched; none when the version is a commit.
    fn shallow(&self, settings: &Settings<'_>, folder: &Path) -> Result<Vec<String>> {
        let version = settings.version;
        if let Some(refspec) = settings.refspec() {
            return Ok(vec![refspec.to_owned()]);
        }
        let current = self.current_branch(folder, settings.remote)?;
        if version == "HEAD" {
            return Ok(current.into_iter().collect());
        }
        if self.remote_branch(settings, Side::Url, version)?.is_some() {
            let theirs =
                format!("+refs/heads/{version}:refs/remotes/{}/{version}", settings.remote);
            // git doesn't fetch into the branch that is checked out.
            let is_out = !settings.is_bare() && current.as_deref() == Some(version);
            return Ok(match is_out {
                true => vec![theirs],
                false => vec![format!("+refs/heads/{version}:refs/heads/{version}"), theirs],
            });
        }
        if self.has_remote_tag(settings, Side::Url, version)? {
            return Ok(vec![format!("+refs/tags/{version}:refs/tags/{version}")]);
        }
        Ok(Vec::new())
    }
}
