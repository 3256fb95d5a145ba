//! Owns the description of files that a case leaves: the twin of what `tests/record` writes to
//! `files.yml`. It must not know why they are there.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde::Deserialize;

use crate::Fault;
use crate::normalise::Normaliser;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    #[serde(rename = "type")]
    kind: String,
    mode: Option<String>,
    target: Option<String>,
    content: Option<String>,
    base64: Option<String>,
}

/// The recorded tree as text, to be compared with that of [`found`].
pub fn recorded(path: &Path, normaliser: &Normaliser<'_>) -> Result<String, Fault> {
    let text = fs::read_to_string(path).map_err(|fault| format!("{}: {fault}", path.display()))?;
    let entries: Vec<Entry> = serde_yaml::from_str(&text)?;
    let mut shown = String::new();
    for entry in &entries {
        let detail = match (&entry.target, &entry.content, &entry.base64) {
            (Some(target), _, _) => format!("-> {target}"),
            (_, Some(content), _) => indented(&normaliser.normalise(content)),
            (_, _, Some(encoded)) => format!("{} characters of base64 {encoded}", encoded.len()),
            _ => String::new(),
        };
        show(&mut shown, &entry.path, &entry.kind, entry.mode.as_deref(), &detail);
    }
    Ok(shown)
}

/// The tree below some paths of the work folder as text. What is missing is left out, as at record.
pub fn found(work: &Path, paths: &[String], normaliser: &Normaliser<'_>) -> Result<String, Fault> {
    let mut shown = String::new();
    for path in paths {
        if fs::symlink_metadata(work.join(path)).is_ok() {
            walk(&work.join(path), path, normaliser, &mut shown)?;
        }
    }
    Ok(shown)
}

fn walk(
    path: &Path,
    name: &str,
    normaliser: &Normaliser<'_>,
    shown: &mut String,
) -> Result<(), Fault> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_symlink() {
        let target = fs::read_link(path)?;
        show(shown, name, "link", None, &format!("-> {}", target.display()));
        return Ok(());
    }
    let mode = format!("{:04o}", metadata.permissions().mode() & 0o7777);
    if !metadata.is_dir() {
        let content = fs::read(path)?;
        let detail = match String::from_utf8(content) {
            Ok(text) => indented(&normaliser.normalise(&text)),
            Err(binary) => {
                let encoded = base64(binary.as_bytes());
                format!("{} characters of base64 {encoded}", encoded.len())
            }
        };
        show(shown, name, "file", Some(&mode), &detail);
        return Ok(());
    }
    show(shown, name, "directory", Some(&mode), "");
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    for below in names {
        walk(&path.join(&below), &format!("{name}/{below}"), normaliser, shown)?;
    }
    Ok(())
}

fn show(shown: &mut String, path: &str, kind: &str, mode: Option<&str>, detail: &str) {
    shown.push_str(&format!("{path} {kind} {} {detail}\n", mode.unwrap_or("-")));
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
