//! What the system says of a file, under the keys that `stat` and `find` share. Must not know
//! either.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

use nafal_base::Dict;

/// `mode` and what kind of file it is.
pub fn add_kind(stat: &mut Dict, metadata: &Metadata) {
    let bits = metadata.mode();
    let kind = bits & 0o170_000;
    // Unlike elsewhere, without a zero before the sticky bit.
    stat.insert("mode", format!("{:04o}", bits & 0o7777).into());
    let kinds = [
        ("isdir", 0o040_000),
        ("ischr", 0o020_000),
        ("isblk", 0o060_000),
        ("isreg", 0o100_000),
        ("isfifo", 0o010_000),
        ("islnk", 0o120_000),
        ("issock", 0o140_000),
    ];
    for (name, value) in kinds {
        stat.insert(name, (kind == value).into());
    }
}

/// Owner, size, place and times.
pub fn add_numbers(stat: &mut Dict, metadata: &Metadata) {
    stat.insert("uid", metadata.uid().into());
    stat.insert("gid", metadata.gid().into());
    stat.insert("size", metadata.size().into());
    stat.insert("inode", metadata.ino().into());
    stat.insert("dev", metadata.dev().into());
    stat.insert("nlink", metadata.nlink().into());
    stat.insert("atime", seconds(metadata.atime(), metadata.atime_nsec()).into());
    stat.insert("mtime", seconds(metadata.mtime(), metadata.mtime_nsec()).into());
    stat.insert("ctime", seconds(metadata.ctime(), metadata.ctime_nsec()).into());
}

/// Every permission by its name.
pub fn add_permissions(stat: &mut Dict, metadata: &Metadata) {
    let permissions = [
        ("wusr", 0o200),
        ("rusr", 0o400),
        ("xusr", 0o100),
        ("wgrp", 0o020),
        ("rgrp", 0o040),
        ("xgrp", 0o010),
        ("woth", 0o002),
        ("roth", 0o004),
        ("xoth", 0o001),
        ("isuid", 0o4000),
        ("isgid", 0o2000),
    ];
    for (name, bit) in permissions {
        stat.insert(name, (metadata.mode() & bit != 0).into());
    }
}

/// What it takes on the disk.
pub fn add_blocks(stat: &mut Dict, metadata: &Metadata) {
    stat.insert("blocks", metadata.blocks().into());
    stat.insert("disk_usage_bytes", (metadata.blocks() * 512).into());
}

/// Seconds as Python's `st_mtime` has them.
pub fn seconds(whole: i64, nanoseconds: i64) -> f64 {
    whole as f64 + 1e-9 * nanoseconds as f64
}
