//! Owns the description of files that a case leaves: the twin of what `tests/record` writes to
//! `files.yml`. It must not know why they are there.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde::Deserialize;

use crate::Fault;
use crate::normalise::Normaliser;

/// What is at one path: in the case's folder, or (with its owner) of a sandbox.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub path: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub owner: Option<String>,
    pub mode: Option<String>,
    pub target: Option<String>,
    pub content: Option<String>,
    pub base64: Option<String>,
    /// Lines that a sandbox's file lacks.
    pub less: Option<String>,
    /// Lines that it has beside those of this machine's.
    pub more: Option<String>,
}

impl Entry {
    pub fn new(path: &str, kind: &str) -> Self {
        Self { path: path.to_owned(), kind: kind.to_owned(), ..Self::default() }
    }

    pub fn with_content(mut self, content: Vec<u8>) -> Self {
        match String::from_utf8(content) {
            Ok(text) => self.content = Some(text),
            Err(binary) => self.base64 = Some(base64(binary.as_bytes())),
        }
        self
    }

    fn show(&self, normaliser: &Normaliser<'_>) -> String {
        let text = |text: &str| indented(&normaliser.normalise(text));
        let detail = match (&self.target, &self.content, &self.base64) {
            (Some(target), _, _) => format!("-> {target}"),
            (_, Some(content), _) => text(content),
            (_, _, Some(encoded)) => format!("{} characters of base64 {encoded}", encoded.len()),
            _ => String::new(),
        };
        let mode = self.mode.as_deref().unwrap_or("-");
        let owner = self.owner.as_deref().unwrap_or_default();
        let mut shown = format!("{} {} {mode} {owner}{detail}\n", self.path, self.kind);
        for (what, lines) in [("less", &self.less), ("more", &self.more)] {
            if let Some(lines) = lines.as_deref().filter(|lines| !lines.is_empty()) {
                shown.push_str(&format!("  {what}:{}\n", text(lines)));
            }
        }
        shown
    }
}

/// The recorded tree as text, to be compared with that of what is found now.
pub fn recorded(path: &Path, normaliser: &Normaliser<'_>) -> Result<String, Fault> {
    let text = fs::read_to_string(path).map_err(|fault| format!("{}: {fault}", path.display()))?;
    let entries: Vec<Entry> = serde_yaml::from_str(&text)?;
    Ok(shown(&entries, normaliser))
}

/// Entries as text.
pub fn shown(entries: &[Entry], normaliser: &Normaliser<'_>) -> String {
    entries.iter().map(|entry| entry.show(normaliser)).collect()
}

/// What is at a path of the work folder and below it. What is missing is left out, as at record.
pub fn found(work: &Path, path: &str) -> Result<Vec<Entry>, Fault> {
    let mut entries = Vec::new();
    if fs::symlink_metadata(work.join(path)).is_ok() {
        walk(&work.join(path), path, &mut entries)?;
    }
    Ok(entries)
}

fn walk(path: &Path, name: &str, entries: &mut Vec<Entry>) -> Result<(), Fault> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_symlink() {
        let target = Some(fs::read_link(path)?.to_string_lossy().into_owned());
        entries.push(Entry { target, ..Entry::new(name, "link") });
        return Ok(());
    }
    let mode = Some(format!("{:04o}", metadata.permissions().mode() & 0o7777));
    if !metadata.is_dir() {
        entries.push(Entry { mode, ..Entry::new(name, "file") }.with_content(fs::read(path)?));
        return Ok(());
    }
    entries.push(Entry { mode, ..Entry::new(name, "directory") });
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    for below in names {
        walk(&path.join(&below), &format!("{name}/{below}"), entries)?;
    }
    Ok(())
}

/// Each line of a file on a line of its own, the missing newline at the end visible.
fn indented(content: &str) -> String {
    let mut shown = String::new();
    for line in content.split_inclusive('\n') {
        shown.push_str("\n    | ");
        shown.push_str(line.strip_suffix('\n').unwrap_or(line));
        if !line.ends_with('\n') {
            shown.push_str("\n    (no newline)");
        }
    }
    shown
}

/// A crate for these lines would be one dependency more for the sake of a test.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            if place <= chunk.len() {
                let letter = LETTERS[(group >> (18 - 6 * place)) as usize & 63];
                encoded.push(char::from(letter));
            } else {
                encoded.push('=');
            }
        }
    }
    encoded
}
