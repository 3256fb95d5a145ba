//! A folder's content in the order in which Python walks: of each folder its folders, then its files, from above. Must
//! not know archives.

use std::fs;
use std::path::Path;

/// What is below a folder, with the folder's path before each. What can't be read is passed over, as stock does.
pub fn below(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(folder, &mut found);
    found
}

fn walk(folder: &str, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let (mut folders, mut files) = (Vec::new(), Vec::new());
    for entry in entries.flatten() {
        let path =
            format!("{}/{}", folder.trim_end_matches('/'), entry.file_name().to_string_lossy());
        // A link to a folder counts as one, but isn't followed.
        if Path::new(&path).is_dir() {
            folders.push(path);
        } else {
            files.push(path);
        }
    }
    let real = |path: &&String| Path::new(path).symlink_metadata().is_ok_and(|data| data.is_dir());
    found.extend(folders.iter().cloned());
    found.extend(files);
    folders.iter().filter(real).for_each(|path| walk(path, found));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_pythons_order() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_string_lossy().into_owned();
        fs::create_dir_all(format!("{root}/d/e")).unwrap();
        fs::write(format!("{root}/a"), "").unwrap();
        fs::write(format!("{root}/d/e/x"), "").unwrap();
        std::os::unix::fs::symlink("e", format!("{root}/d/e/up")).unwrap();
        let found = below(&format!("{root}/"));
        let names: Vec<&str> = found.iter().map(|path| &path[root.len() + 1..]).collect();
        assert_eq!(&names[..3], ["d", "a", "d/e"]);
        assert_eq!(names.len(), 5);
    }
}
