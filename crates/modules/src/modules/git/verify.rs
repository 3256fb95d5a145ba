//! Whether a version is signed by whom it should be. Must not know how signatures are made.

use std::path::Path;

use super::command::Git;
use super::settings::Settings;
use crate::files::{Failure, Result};

impl Git<'_> {
    /// Refuses a version without a good signature, or one of somebody else.
    pub fn verify(&self, settings: &Settings<'_>, folder: &Path) -> Result<()> {
        let version = settings.version;
        let words = ["for-each-ref", "refs/tags/", "--format", "%(objecttype):%(refname:short)"];
        let tags = self.run(Some(folder), &words)?.good()?;
        let tag = format!("tag:{version}");
        let is_tag = tags.stdout.lines().any(|line| line == tag);
        let allowed = settings.args.texts("gpg_allowlist");
        let mut words = vec![if is_tag { "verify-tag" } else { "verify-commit" }];
        if !allowed.is_empty() {
            words.push("--raw");
        }
        words.push(version);
        let ran = self.run(Some(folder), &words)?;
        if !ran.is_good() {
            let message = format!("Failed to verify GPG signature of commit/tag \"{version}\"");
            return Err(ran.failure(message));
        }
        if allowed.is_empty() {
            return Ok(());
        }
        let key = signer(&ran.stderr).unwrap_or_default();
        if allowed.contains(&key) {
            return Ok(());
        }
        Err(Failure::new(format!(
            "The gpg_allowlist does not include the public key \"{key}\" for this commit"
        ))
        .with("stdout", ran.stdout.as_str())
        .with("stderr", ran.stderr.as_str())
        .with("rc", ran.code))
    }
}

/// The fingerprint of the key that signed, in what GnuPG tells programs.
fn signer(status: &str) -> Option<&str> {
    status.lines().find_map(|line| line.strip_prefix("[GNUPG:] VALIDSIG ")?.split(' ').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_that_signed() {
        let status = "[GNUPG:] NEWSIG\n[GNUPG:] VALIDSIG ABC123 2020-01-01 1 0 4 0 1 8 00 DEF\n";
        assert_eq!(signer(status), Some("ABC123"));
        assert_eq!(signer("gpg: no"), None);
    }
}
