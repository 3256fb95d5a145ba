//! `policy_rc_d`: whether services are started while packages are installed. Must not know packages.

use std::fs;
use std::path::{Path, PathBuf};

use super::options::Task;
use crate::files::staged::random_text;
use crate::files::{Content, Failure, Options, Result, write};

const POLICY: &str = "/usr/sbin/policy-rc.d";

/// The policy while this value lives; afterwards the old one is back.
pub struct Policy {
    kept: Option<PathBuf>,
}

impl Policy {
    /// Sets the policy that the task wants, if it wants one.
    pub fn of(task: Task<'_>) -> Result<Option<Policy>> {
        let Some(code) = task.args.int("policy_rc_d").filter(|_| !task.ctx.is_check()) else {
            return Ok(None);
        };
        let failed = |what: &str| Failure::new(format!("Fail to {what} {POLICY}"));
        let path = Path::new(POLICY);
        let kept = if path.exists() {
            let name = random_text().map_err(|_| failed("back up"))?;
            let kept = PathBuf::from(format!("{POLICY}.{name}"));
            fs::rename(path, &kept).map_err(|_| failed("back up"))?;
            Some(kept)
        } else {
            None
        };
        let policy = Policy { kept };
        let script = format!("#!/bin/sh\nexit {code}\n");
        write(path, Content::Bytes(script.as_bytes()), &Options::default())?;
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(path, mode).map_err(|_| failed("create"))?;
        Ok(Some(policy))
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        // Nobody is left to tell when this fails.
        let _ = match &self.kept {
            Some(kept) => fs::rename(kept, POLICY),
            None => fs::remove_file(POLICY),
        };
    }
}
