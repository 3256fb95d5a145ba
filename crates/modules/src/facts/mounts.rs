//! What is mounted where, with how much room.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use nafal_base::{Dict, Value};

use super::{Survey, environment::single, sources};

/// The stack of a thread that asks one mount.
const STACK: usize = 128 * 1024;

/// Whoever answers at once is heard, however little time there is.
const LEAST: Duration = Duration::from_millis(50);

/// All mounts of devices and of other hosts. A server that is gone can keep one waiting for ever:
/// each mount is asked on a thread of its own, and left there when this is over.
pub fn mounts(survey: Survey<'_>) -> Dict {
    let table = sources::text("/etc/mtab").or_else(|| sources::text("/proc/mounts"));
    let uuids = Arc::new(Uuids::read());
    let bound = bound(&sources::text("/proc/self/mountinfo").unwrap_or_default());
    let mut mounts: Vec<Mount> = Vec::new();
    for line in table.unwrap_or_default().lines() {
        let fields: Vec<String> = line.split_whitespace().map(without_octal).collect();
        let Some(found) = mount(&fields, &bound) else { continue };
        // Of several mounts at one place the last is seen.
        match mounts.iter_mut().find(|known| known.place == found.place) {
            Some(known) => *known = found,
            None => mounts.push(found),
        }
    }
    let (out, answers) = mpsc::channel();
    let mut asked = 0_usize;
    for (index, mount) in mounts.iter().enumerate() {
        let (device, place) = (mount.device.clone(), mount.place.clone());
        let (out, uuids) = (out.clone(), Arc::clone(&uuids));
        let ask = move || {
            let _ = out.send((index, told_by(&device, &place, &uuids)));
        };
        asked += usize::from(thread::Builder::new().stack_size(STACK).spawn(ask).is_ok());
    }
    let end = Instant::now() + survey.patience;
    for _ in 0..asked {
        let left = end.saturating_duration_since(Instant::now()).max(LEAST);
        let Ok((index, answer)) = answers.recv_timeout(left) else { break };
        if let Some(mount) = mounts.get_mut(index) {
            mount.told = Some(answer);
        }
    }
    for silent in mounts.iter().filter(|mount| mount.told.is_none()) {
        survey.ctx.warn(format!("Timeout exceeded when getting mount info for {}", silent.place));
    }
    single("mounts", mounts.into_iter().map(Mount::facts).collect::<Vec<Value>>())
}

/// One line of the table that is wanted.
struct Mount {
    device: String,
    place: String,
    /// What the table says.
    written: Dict,
    /// What the file system itself says, if it did in time.
    told: Option<Dict>,
}

impl Mount {
    fn facts(self) -> Value {
        let mut facts = self.written;
        match self.told {
            Some(told) => told.iter().for_each(|(key, value)| {
                facts.insert(key.clone(), value.clone());
            }),
            None => {
                let note = "Could not get extra information due to timeout";
                facts.insert("note", note.into());
            }
        }
        facts.into()
    }
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

fn mount(fields: &[String], bound: &HashSet<String>) -> Option<Mount> {
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
    let written: [(&str, Value); 6] = [
        ("mount", place.as_str().into()),
        ("device", device.as_str().into()),
        ("fstype", kind.as_str().into()),
        ("options", options.as_str().into()),
        ("dump", number(dump)),
        ("passno", number(pass)),
    ];
    Some(Mount {
        device: device.clone(),
        place: place.clone(),
        written: written.into_iter().collect(),
        told: None,
    })
}

/// What only the file system itself can tell.
fn told_by(device: &str, place: &str, uuids: &Uuids) -> Dict {
    let mut facts = room(place).unwrap_or_default();
    facts.insert("uuid", uuids.of(device).unwrap_or("N/A").into());
    facts
}

/// How much room there is at a place, if anything is mounted there.
pub fn room(place: &str) -> Option<Dict> {
    let room = rustix::fs::statvfs(place).ok()?;
    let facts = [
        ("size_total", room.f_frsize * room.f_blocks),
        ("size_available", room.f_frsize * room.f_bavail),
        ("block_size", room.f_bsize),
        ("block_total", room.f_blocks),
        ("block_available", room.f_bavail),
        ("block_used", room.f_blocks.saturating_sub(room.f_bavail)),
        ("inode_total", room.f_files),
        ("inode_available", room.f_favail),
        ("inode_used", room.f_files.saturating_sub(room.f_favail)),
    ];
    Some(facts.into_iter().map(|(name, number)| (name, Value::from(number))).collect())
}

/// The identifiers of file systems by their devices.
pub struct Uuids(HashMap<PathBuf, String>);

impl Uuids {
    /// Reads them.
    pub fn read() -> Uuids {
        let folder = Path::new("/dev/disk/by-uuid");
        let found = sources::names(folder)
            .into_iter()
            .filter_map(|uuid| Some((fs::canonicalize(folder.join(&uuid)).ok()?, uuid)));
        Uuids(found.collect())
    }

    /// That of a device, by whichever of its names.
    pub fn of(&self, device: &str) -> Option<&str> {
        let real = fs::canonicalize(device).unwrap_or_else(|_| PathBuf::from(device));
        self.0.get(&real).map(String::as_str)
    }
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
