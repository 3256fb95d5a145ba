//! Mode, owner, group, SELinux label and file attributes: what is wanted against what is there.
//! The order of steps and the words of failures are stock's. Must not know modules.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use nafal_base::wire::WireMode;
use nafal_base::{Dict, Value};

use super::failure::{Failure, Result, errno_bytes, errno_text};
use super::mode::{Mode, ModeError, PERMISSION_BITS, Present, mode_text, wanted_text};
use super::{flags, labels, owner};

/// What a file shall have; what is None stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// `mode` as it was given.
    pub mode: Option<Value>,
    /// A name or a number.
    pub owner: Option<String>,
    /// A name or a number.
    pub group: Option<String>,
    /// `seuser`, `serole`, `setype`, `selevel`.
    pub label: [Option<String>; 4],
    /// `attributes`, as chattr takes them.
    pub flags: Option<String>,
}

/// What differs, for a result's `diff`.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// What was there.
    pub before: Dict,
    /// What is there now, or would be.
    pub after: Dict,
}

impl Differences {
    /// One thing that differs.
    pub fn note(&mut self, key: &str, before: impl Into<Value>, after: impl Into<Value>) {
        self.before.insert(key, before.into());
        self.after.insert(key, after.into());
    }

    /// As results have it.
    pub fn into_value(self) -> Value {
        let mut dict = Dict::new();
        dict.insert("before", Value::Dict(self.before));
        dict.insert("after", Value::Dict(self.after));
        Value::Dict(dict)
    }
}

/// Whose attributes, and in what surroundings.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The file.
    pub path: &'a Path,
    /// Whether anything may be changed.
    pub mode: WireMode,
    /// The mask for symbolic modes that name nobody.
    pub umask: u32,
}

impl Subject<'_> {
    fn shown(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    fn failure(&self, message: impl Into<Box<str>>) -> Failure {
        Failure::new(message).with("path", self.shown())
    }

    /// In check mode a file that isn't there yet would get what is wanted.
    fn would_be_made(&self) -> bool {
        self.mode == WireMode::Check && fs::symlink_metadata(self.path).is_err()
    }

    fn metadata(&self) -> Result<fs::Metadata> {
        fs::symlink_metadata(self.path)
            .map_err(|error| self.failure(errno_text(&error, Some(&self.shown()))))
    }
}

impl Wanted {
    /// Gives the file what is wanted; says whether that changed anything.
    pub fn apply(&self, subject: Subject<'_>, differences: &mut Differences) -> Result<bool> {
        let mut changed = self.apply_label(subject, differences)?;
        changed |= self.apply_owner(subject, differences)?;
        changed |= self.apply_group(subject, differences)?;
        changed |= self.apply_mode(subject, differences)?;
        changed |= self.apply_flags(subject, differences)?;
        Ok(changed)
    }

    /// The permissions that a new file may have from the start: what it will have in the end.
    pub fn ceiling(&self, umask: u32) -> Option<u32> {
        let mode = Mode::from_value(self.mode.as_ref()?).ok()?;
        let bits = mode.apply(Present { bits: 0o666 & !umask, is_folder: false, umask }).ok()?;
        Some((bits & i64::from(PERMISSION_BITS)) as u32)
    }

    fn apply_label(&self, subject: Subject<'_>, differences: &mut Differences) -> Result<bool> {
        if !labels::selinux_is_enabled() || subject.would_be_made() {
            return Ok(false);
        }
        let Some(present) = labels::selinux_label(subject.path) else {
            return Ok(false);
        };
        let default = match self.label.iter().flatten().any(|part| part == "_default") {
            true => labels::default_selinux_label(subject.path).unwrap_or_default(),
            false => String::new(),
        };
        let parts =
            |text: &str| -> Vec<String> { text.splitn(4, ':').map(str::to_owned).collect() };
        let (mut new, default) = (parts(&present), parts(&default));
        for (index, wanted) in self.label.iter().enumerate() {
            let wanted = match wanted.as_deref() {
                Some("_default") => default.get(index),
                _ => wanted.as_ref(),
            };
            if let (Some(slot), Some(wanted)) = (new.get_mut(index), wanted) {
                slot.clone_from(wanted);
            }
        }
        let new = new.join(":");
        if new == present {
            return Ok(false);
        }
        differences.note("secontext", parts(&present), parts(&new));
        if subject.mode == WireMode::Apply {
            labels::set_selinux_label(subject.path, &new).map_err(|error| {
                subject
                    .failure("set selinux context failed")
                    .with("details", errno_text(&error, None))
            })?;
        }
        Ok(true)
    }

    fn apply_owner(&self, subject: Subject<'_>, differences: &mut Differences) -> Result<bool> {
        let Some(wanted) = &self.owner else {
            return Ok(false);
        };
        if subject.would_be_made() {
            return Ok(true);
        }
        let present = subject.metadata()?.uid();
        let uid = owner::uid_of(wanted).ok_or_else(|| {
            subject.failure(format!("chown failed: failed to look up user {wanted}"))
        })?;
        if present == uid {
            return Ok(false);
        }
        differences.note("owner", present, uid);
        if subject.mode == WireMode::Apply {
            std::os::unix::fs::lchown(subject.path, Some(uid), None).map_err(|error| {
                subject.failure("chown failed").because(&error, &subject.shown())
            })?;
        }
        Ok(true)
    }

    fn apply_group(&self, subject: Subject<'_>, differences: &mut Differences) -> Result<bool> {
        let Some(wanted) = &self.group else {
            return Ok(false);
        };
        if subject.would_be_made() {
            return Ok(true);
        }
        let present = subject.metadata()?.gid();
        let gid = owner::gid_of(wanted).ok_or_else(|| {
            subject.failure(format!("chgrp failed: failed to look up group {wanted}"))
        })?;
        if present == gid {
            return Ok(false);
        }
        differences.note("group", present, gid);
        if subject.mode == WireMode::Apply {
            std::os::unix::fs::lchown(subject.path, None, Some(gid))
                .map_err(|_| subject.failure("chgrp failed"))?;
        }
        Ok(true)
    }

    fn apply_mode(&self, subject: Subject<'_>, differences: &mut Differences) -> Result<bool> {
        let Some(wanted) = &self.mode else {
            return Ok(false);
        };
        if subject.would_be_made() {
            return Ok(true);
        }
        let metadata = subject.metadata()?;
        let present = metadata.mode() & PERMISSION_BITS;
        let is_folder = metadata.is_dir();
        let bits = Mode::from_value(wanted)
            .and_then(|mode| mode.apply(Present { bits: present, is_folder, umask: subject.umask }))
            .map_err(|error| refuse_mode(subject, &error))?;
        if bits == i64::from(present) {
            return Ok(false);
        }
        differences.note("mode", mode_text(present), wanted_text(bits));
        if subject.mode == WireMode::Check {
            return Ok(true);
        }
        // Linux has no permissions for links: what is asked of one changes nothing.
        if metadata.is_symlink() {
            return Ok(false);
        }
        let permissions = (bits & i64::from(PERMISSION_BITS)) as u32;
        fs::set_permissions(subject.path, fs::Permissions::from_mode(permissions)).map_err(
            |error| match error.raw_os_error() {
                // Stock's module doesn't expect that it may not.
                Some(1) => Failure::raised([errno_bytes(&error, &subject.shown())]),
                _ => {
                    let details = errno_text(&error, Some(&subject.shown()));
                    subject.failure("chmod failed").with("details", details)
                }
            },
        )?;
        Ok(subject.metadata()?.mode() & PERMISSION_BITS != present)
    }

    fn apply_flags(&self, subject: Subject<'_>, differences: &mut Differences) -> Result<bool> {
        let Some(wanted) = &self.flags else {
            return Ok(false);
        };
        if subject.would_be_made() {
            return Ok(true);
        }
        let (operator, names) = match wanted.chars().next() {
            Some(operator @ ('-' | '+')) => (operator, &wanted[1..]),
            Some('=') => ('=', &wanted[1..]),
            _ => ('=', wanted.as_str()),
        };
        let present = flags::of(subject.path).map_or_else(String::new, |found| found.names);
        if present == names && operator != '-' {
            return Ok(false);
        }
        let Some(chattr) = super::tools::find("chattr") else {
            return Ok(false);
        };
        differences.note("attributes", present.as_str(), format!("{operator}{names}"));
        if subject.mode == WireMode::Apply {
            flags::set(&chattr, subject.path, operator, names)
                .map_err(|details| subject.failure("chattr failed").with("details", details))?;
        }
        Ok(true)
    }
}

fn refuse_mode(subject: Subject<'_>, error: &ModeError) -> Failure {
    subject.failure("mode must be in octal or symbolic form").with("details", error.to_string())
}

/// The file that attributes are for: of a link that is followed, the one at its end.
pub fn end_of_links(path: &Path) -> PathBuf {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => super::paths::real_path(path),
        _ => path.to_owned(),
    }
}
