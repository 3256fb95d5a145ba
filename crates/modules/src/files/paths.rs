//! Paths as Python's os.path sees them. Must not know the process's folder.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// `os.path.realpath`: links resolved as far as the path exists, the rest as it stands.
pub fn real_path(path: &Path) -> PathBuf {
    // What is relative begins where this process works, as with Python's realpath.
    match path.is_relative() {
        true => resolve(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()), 0),
        false => resolve(path, 0),
    }
}

fn resolve(path: &Path, depth: u8) -> PathBuf {
    let mut real = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                real.pop();
            }
            Component::Normal(name) => {
                let next = real.join(name);
                match fs::read_link(&next) {
                    // A loop of links stays as it stands.
                    Ok(target) if depth < 40 => real = resolve(&real.join(target), depth + 1),
                    _ => real = next,
                }
            }
            other => real.push(other),
        }
    }
    real
}

/// `os.path.normpath` for an absolute path.
pub fn normal_path(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// `os.path.dirname`.
pub fn folder_of(path: &str) -> &str {
    match path.rfind('/') {
        None => "",
        Some(0) => "/",
        Some(end) => {
            let folder = path[..end].trim_end_matches('/');
            if folder.is_empty() { &path[..end] } else { folder }
        }
    }
}

/// `os.path.basename`.
pub fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// `os.path.join` of two.
pub fn join(folder: &str, name: &str) -> String {
    if name.starts_with('/') || folder.is_empty() {
        return name.to_owned();
    }
    if folder.ends_with('/') { format!("{folder}{name}") } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_paths() {
        assert_eq!(folder_of("/a/b"), "/a");
        assert_eq!(folder_of("/a"), "/");
        assert_eq!(folder_of("a"), "");
        assert_eq!(folder_of("/a/b/"), "/a/b");
        assert_eq!(name_of("/a/b/"), "");
        assert_eq!(join("/a", "b"), "/a/b");
        assert_eq!(join("/a/", "/b"), "/b");
        assert_eq!(normal_path(Path::new("/a/../b/./c")), Path::new("/b/c"));
    }

    #[test]
    fn links_are_resolved_even_when_they_dangle() {
        let folder = tempfile::tempdir().unwrap();
        let base = real_path(folder.path());
        std::os::unix::fs::symlink("nothere/x", base.join("link")).unwrap();
        std::os::unix::fs::symlink("loop", base.join("loop")).unwrap();
        assert_eq!(real_path(&base.join("link")), base.join("nothere/x"));
        assert!(real_path(&base.join("loop")).ends_with("loop"));
    }
}
