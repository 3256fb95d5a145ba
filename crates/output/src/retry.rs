//! Retry files: the hosts on which a playbook failed, to be given to `--limit`.

use std::path::{Path, PathBuf};

use nafal_base::event::HostCounts;
use nafal_base::{Diagnostic, HostName};

use crate::callback::in_words;
use crate::report_file::write_report_below;

/// Writes them.
pub struct Retry {
    /// Where they go; beside the playbook without it.
    folder: Option<PathBuf>,
    playbook: Option<PathBuf>,
}

impl Retry {
    /// Files in this folder (`retry_files_save_path`), or beside the playbooks.
    pub fn new(folder: Option<PathBuf>) -> Retry {
        Retry { folder, playbook: None }
    }

    /// A playbook begins.
    pub(crate) fn begin(&mut self, playbook: &str) {
        self.playbook = Some(PathBuf::from(playbook));
    }

    /// The line about the file of the hosts that failed; none where none did.
    pub(crate) fn end(
        &self,
        counts: &[(HostName, HostCounts)],
    ) -> Option<Result<String, Diagnostic>> {
        let is_bad = |counts: &HostCounts| counts.failed > 0 || counts.unreachable > 0;
        let mut hosts: Vec<&str> = counts
            .iter()
            .filter(|(_, counts)| is_bad(counts))
            .map(|(host, _)| host.as_str())
            .collect();
        hosts.sort_unstable();
        let playbook = self.playbook.as_deref().filter(|_| !hosts.is_empty())?;
        let whole = std::path::absolute(playbook).unwrap_or_else(|_| playbook.to_owned());
        let folder = self.folder.as_deref().or(whole.parent()).unwrap_or(Path::new("."));
        let name = Path::new(whole.file_stem()?).with_extension("retry");
        let path = folder.join(&name);
        let text: String = hosts.iter().map(|host| format!("{host}\n")).collect();
        Some(match write_report_below(folder, &name, text.as_bytes()) {
            Ok(()) => Ok(format!("\tto retry, use: --limit @{}", path.display())),
            Err(error) => {
                let (path, why) = (path.display(), in_words(&error));
                let what = format!("Could not create retry file '{path}'.\n\t{why}: '{path}'\n");
                Err(Diagnostic::warning(what))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_failed() {
        let folder = tempfile::tempdir().unwrap();
        let mut retry = Retry::new(Some(folder.path().join("new")));
        retry.begin("site.yml");
        let bad = HostCounts { failed: 1, ..HostCounts::default() };
        let gone = HostCounts { unreachable: 1, ..HostCounts::default() };
        let fine = HostCounts { ok: 1, ..HostCounts::default() };
        assert!(retry.end(&[("a".into(), fine)]).is_none());
        let told = retry.end(&[("c".into(), gone), ("b".into(), bad), ("a".into(), fine)]);
        assert!(told.unwrap().unwrap().ends_with("/new/site.retry"));
        let text = std::fs::read_to_string(folder.path().join("new/site.retry")).unwrap();
        assert_eq!(text, "b\nc\n");
    }
}
