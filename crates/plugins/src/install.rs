//! An ansible-core of nafal's own, for those who have none: unpacked from the wheel of the version whose
//! behaviour this is, and only from that. Must not know where the wheel comes from.

use std::fs;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use thiserror::Error;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::ansible_core::{AnsibleCore, data_folder};

/// Where PyPI has the wheel of ansible-core 2.21.5.
pub const WHEEL: &str = "https://files.pythonhosted.org/packages/57/6f/7321059b2d1a5ea3c7e60807a5269942d93b2c11a2fc89ba8e4a3e827891/ansible_core-2.21.5-py3-none-any.whl";

/// Its SHA-256, as PyPI tells it.
const DIGEST: &str = "08886f9f3e23d129aa98a01271c4a47833516e1cb7c737a246788cb474f41222";

/// Why there is no ansible-core of nafal's own.
#[derive(Debug, Error)]
pub enum InstallError {
    /// The file isn't the one that is meant.
    #[error(
        "this is not the wheel of ansible-core {version}: its SHA-256 is {found}, not {DIGEST}"
    )]
    OtherFile {
        /// The version that it should be.
        version: &'static str,
        /// What it has.
        found: String,
    },
    /// Neither XDG_DATA_HOME nor HOME says where data belongs.
    #[error("there is no data folder: HOME is not set")]
    NoFolder,
    /// The archive can't be unpacked.
    #[error("the wheel can't be unpacked into {}: {reason}", folder.display())]
    Unpack {
        /// Where it goes.
        folder: PathBuf,
        /// Why not.
        reason: ZipError,
    },
    /// The folder can't be put in place.
    #[error("{} can't be put in place: {reason}", folder.display())]
    Place {
        /// Which.
        folder: PathBuf,
        /// Why not.
        reason: io::Error,
    },
}

impl AnsibleCore {
    /// Unpacks the wheel into nafal's data folder, in place of what was there: the whole of it, or nothing.
    pub fn install(wheel: &[u8]) -> Result<AnsibleCore, InstallError> {
        let found = hex::encode(Sha256::digest(wheel));
        if found != DIGEST {
            let version = nafal_base::reference::VERSION;
            return Err(InstallError::OtherFile { version, found });
        }
        place(wheel, &data_folder().ok_or(InstallError::NoFolder)?)
    }
}

fn place(wheel: &[u8], data: &Path) -> Result<AnsibleCore, InstallError> {
    let target = data.join("python");
    let at = |folder: &Path| {
        let folder = folder.to_owned();
        move |reason: io::Error| InstallError::Place { folder, reason }
    };
    fs::create_dir_all(data).map_err(at(data))?;
    let new = tempfile::Builder::new().prefix(".python-").tempdir_in(data).map_err(at(data))?;
    let unpacked = new.path().join("new");
    ZipArchive::new(Cursor::new(wheel))
        .and_then(|mut archive| archive.extract(&unpacked))
        .map_err(|reason| InstallError::Unpack { folder: unpacked.clone(), reason })?;
    // What was there goes with the temporary folder.
    if fs::symlink_metadata(&target).is_ok() {
        fs::rename(&target, new.path().join("old")).map_err(at(&target))?;
    }
    fs::rename(&unpacked, &target).map_err(at(&target))?;
    let missing = || at(&target)(io::ErrorKind::NotFound.into());
    AnsibleCore::at(&target).ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn wheel(name: &str) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(b"x").unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn another_file_is_refused() {
        let error = AnsibleCore::install(&wheel("ansible/module_utils/basic.py")).unwrap_err();
        assert!(error.to_string().contains("not the wheel of ansible-core 2.21.5"), "{error}");
    }

    #[test]
    fn what_was_there_is_replaced() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir_all(data.path().join("python/ansible/old")).unwrap();
        let core = place(&wheel("ansible/module_utils/basic.py"), data.path()).unwrap();
        assert_eq!(core.package, data.path().join("python/ansible"));
        assert!(!core.package.join("old").exists());
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_broken_wheel_leaves_what_was_there() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir_all(data.path().join("python/ansible/old")).unwrap();
        assert!(place(b"no archive", data.path()).is_err());
        assert!(place(&wheel("../../out"), data.path()).is_err());
        assert!(data.path().join("python/ansible/old").is_dir());
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1);
    }
}
