//! Owns the description of what is other in a sandbox than on this machine: the twin of `changes`
//! in `tests/record`. It must not know how a sandbox is made.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, Metadata};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use crate::Fault;
use crate::tree::Entry;

/// What is other below `root` at this absolute path and below it, than at the path itself.
pub fn found(path: &str, root: &Path) -> Result<Vec<Entry>, Fault> {
    let mut entries = Vec::new();
    walk(path, root, &mut entries)?;
    Ok(entries)
}

fn walk(path: &str, root: &Path, entries: &mut Vec<Entry>) -> Result<(), Fault> {
    let inside = root.join(path.trim_start_matches('/'));
    let old = fs::symlink_metadata(path).ok();
    let Ok(new) = fs::symlink_metadata(&inside) else {
        if old.is_some() {
            entries.push(Entry::new(path, "absent"));
        }
        return Ok(());
    };
    let kept = old.filter(|old| old.file_type() == new.file_type());
    let is_other = kept.as_ref().is_none_or(|old| owner(old) != owner(&new));
    let mut entry = Entry { owner: Some(owner(&new)), ..Entry::new(path, "special") };
    if new.is_symlink() {
        let target = fs::read_link(&inside)?;
        if is_other || fs::read_link(path)? != target {
            entry.kind = "link".to_owned();
            entry.target = Some(target.to_string_lossy().into_owned());
            entries.push(entry);
        }
        return Ok(());
    }
    entry.mode = Some(mode(&new));
    let is_other = is_other || kept.as_ref().is_none_or(|old| mode(old) != mode(&new));
    if new.is_dir() {
        if is_other {
            entries.push(Entry { kind: "directory".to_owned(), ..entry });
        }
        let mut names = names_in(&inside)?;
        if kept.is_some() {
            names.extend(names_in(Path::new(path))?);
        }
        for name in names {
            walk(&format!("{}/{name}", path.trim_end_matches('/')), root, entries)?;
        }
        return Ok(());
    }
    if new.is_file() {
        entries.extend(file(entry, fs::read(&inside)?, kept.is_some(), is_other)?);
    } else if is_other {
        entries.push(entry);
    }
    Ok(())
}

fn file(
    entry: Entry,
    content: Vec<u8>,
    is_old: bool,
    is_other: bool,
) -> Result<Option<Entry>, Fault> {
    if !is_old {
        return Ok(Some(Entry { kind: "file".to_owned(), ..entry }.with_content(content)));
    }
    let before = fs::read(&entry.path)?;
    if before == content {
        let entry = Entry { kind: "changed".to_owned(), ..entry };
        return Ok(is_other.then_some(entry));
    }
    match (std::str::from_utf8(&before), std::str::from_utf8(&content)) {
        (Ok(old), Ok(new)) => {
            let (less, more) = (Some(only_in(old, new)), Some(only_in(new, old)));
            Ok(Some(Entry { kind: "changed".to_owned(), less, more, ..entry }))
        }
        _ => Ok(Some(Entry { kind: "file".to_owned(), ..entry }.with_content(content))),
    }
}

/// Lines that the other side doesn't have, as often as they are more.
fn only_in(text: &str, other: &str) -> String {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for line in other.split_inclusive('\n') {
        *counts.entry(line).or_default() += 1;
    }
    let mut lines = String::new();
    for line in text.split_inclusive('\n') {
        match counts.get_mut(line) {
            Some(count) if *count > 0 => *count -= 1,
            _ => lines.push_str(line),
        }
    }
    lines
}

fn owner(metadata: &Metadata) -> String {
    format!("{}:{}", metadata.uid(), metadata.gid())
}

fn mode(metadata: &Metadata) -> String {
    format!("{:04o}", metadata.permissions().mode() & 0o7777)
}

fn names_in(folder: &Path) -> Result<BTreeSet<String>, Fault> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        names.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}
