//! What is mounted where, with how much room.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use nafal_base::{Dict, Value};

use super::{environment::single, sources};

/// All mounts of devices and of other hosts.
pub fn mounts() -> Dict {
    let table = sources::text("/etc/mtab").or_else(|| sources::text("/proc/mounts"));
    let uuids = uuids();
    let bound = bound(&sources::text("/proc/self/mountinfo").unwrap_or_default());
    // Of several mounts at one place the last is seen.
    let mut mounts = Dict::new();
    for line in table.unwrap_or_default().lines() {
        let fields: Vec<String> = line.split_whitespace().map(without_octal).collect();
        if let Some(facts) = mount(&fields, &uuids, &bound) {
            mounts.insert(fields.get(1).cloned().unwrap_or_default(), facts);
        }
    }
    single("mounts", mounts.values().cloned().collect::<Vec<Value>>())
}

/// The places at which a part of a file system is mounted, not its root.
fn bound(table: &str) -> HashSet<String> {
    let fields = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    fields
        .filter(|fields| fields.get(3).is_some_and(|root| *root != "/"))
        .filter_map(|fields| fields.get(4).map(|place| without_octal(place)))
        .collect()
}

/// Octal escapes (`\040`) become characters.
pub fn without_octal(field: &str) -> String {
    let mut out = String::new();
    let mut rest = field;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let code = after.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match code {
            Some(code) => {
                out.push(char::from(code));
                rest = &after[3..];
            }
            None => {
                out.push('\\');
                rest = after;
            }
        }
    }
    out + rest
}

fn mount(
    fields: &[String],
    uuids: &HashMap<PathBuf, String>,
    bound: &HashSet<String>,
) -> Option<Value> {
    let [device, place, kind, options, dump, pass] = fields else { return None };
    let is_wanted = device.starts_with(['/', '\\']) || device.contains(":/");
    if !is_wanted || kind == "none" {
        return None;
    }
    let mut options = options.clone();
    if bound.contains(place) && !options.split(',').any(|option| option == "bind") {
        options.push_str(",bind");
    }
    let number = |text: &str| Value::Int(text.parse().unwrap_or_default());
    let mut facts: Dict = [
        ("mount", Value::from(place.as_str())),
        ("device", device.as_str().into()),
        ("fstype", kind.as_str().into()),
        ("options", options.as_str().into()),
        ("dump", number(dump)),
        ("passno", number(pass)),
    ]
    .into_iter()
    .collect();
    if let Ok(room) = rustix::fs::statvfs(place.as_str()) {
        facts.insert("size_total", (room.f_frsize * room.f_blocks).into());
        facts.insert("size_available", (room.f_frsize * room.f_bavail).into());
        facts.insert("block_size", room.f_bsize.into());
        facts.insert("block_total", room.f_blocks.into());
        facts.insert("block_available", room.f_bavail.into());
        facts.insert("block_used", room.f_blocks.saturating_sub(room.f_bavail).into());
        facts.insert("inode_total", room.f_files.into());
        facts.insert("inode_available", room.f_favail.into());
        facts.insert("inode_used", room.f_files.saturating_sub(room.f_favail).into());
    }
    let real = fs::canonicalize(device).unwrap_or_else(|_| PathBuf::from(device));
    facts.insert("uuid", uuids.get(&real).map_or("N/A", String::as_str).into());
    Some(facts.into())
}

fn uuids() -> HashMap<PathBuf, String> {
    let folder = Path::new("/dev/disk/by-uuid");
    sources::names(folder)
        .into_iter()
        .filter_map(|uuid| Some((fs::canonicalize(folder.join(&uuid)).ok()?, uuid)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_in_paths() {
        assert_eq!(without_octal(r"/a\040b\134c"), r"/a b\c");
    }

    #[test]
    fn parts_that_are_mounted() {
        let found =
            bound("22 1 8:1 / / rw - ext4 /dev/a rw\n23 22 8:1 /x /y rw - ext4 /dev/a rw\n");
        assert!(found.contains("/y") && found.len() == 1);
    }
}
