//! What a file has beside mode and owner: ACLs, SELinux labels, other extended attributes. Must
//! not know modules.

use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::XattrFlags;
use rustix::io::Errno;

/// The name under which SELinux keeps its label.
const SELINUX: &str = "security.selinux";

/// Gives `to` every extended attribute of `from`. File systems without them are fine, and so are
/// attributes that only the system may set.
pub fn keep_all(from: &Path, to: &File) -> io::Result<()> {
    let mut names = vec![0_u8; 4096];
    let length = match rustix::fs::listxattr(from, &mut names[..]) {
        Ok(length) => length,
        Err(_) => return Ok(()),
    };
    for name in names[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        // Capabilities are the old program's: a write in place would drop them, too.
        if name == b"security.capability" {
            continue;
        }
        let name = std::ffi::OsStr::from_bytes(name);
        let mut value = vec![0_u8; 64 * 1024];
        let Ok(length) = rustix::fs::getxattr(from, name, &mut value[..]) else {
            continue;
        };
        match rustix::fs::fsetxattr(to, name, &value[..length], XattrFlags::empty()) {
            Ok(()) | Err(Errno::NOTSUP | Errno::PERM | Errno::ACCESS | Errno::INVAL) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Whether SELinux is at work here.
pub fn selinux_is_enabled() -> bool {
    fs::metadata("/sys/fs/selinux/enforce").is_ok()
}

/// A file's SELinux label (`user:role:type:level`), of the link itself if it is one.
pub fn selinux_label(path: &Path) -> Option<String> {
    let mut value = vec![0_u8; 4096];
    let length = rustix::fs::lgetxattr(path, SELINUX, &mut value[..]).ok()?;
    let label = String::from_utf8_lossy(&value[..length]);
    Some(label.trim_end_matches('\0').to_owned())
}

/// Sets a file's SELinux label.
pub fn set_selinux_label(path: &Path, label: &str) -> io::Result<()> {
    let mut value = label.as_bytes().to_vec();
    value.push(0);
    Ok(rustix::fs::lsetxattr(path, SELINUX, &value, XattrFlags::empty())?)
}

/// The label that the policy has for a path.
pub fn default_selinux_label(path: &Path) -> Option<String> {
    let gave = super::tools::run("matchpathcon", &["-n".as_ref(), path.as_os_str()])?;
    let label = gave.stdout.trim();
    (gave.code == 0 && !label.is_empty() && label != "<<none>>").then(|| label.to_owned())
}
