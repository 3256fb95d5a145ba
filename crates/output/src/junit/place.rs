//! Where a task is written, as the report tells it.

use std::path::{Component, Path, PathBuf};

use super::options::JunitOptions;

/// The class of a task at this line of this file.
pub(super) fn class(file: &str, line: u32, options: &JunitOptions) -> String {
    // What a command line says is nowhere.
    if file.is_empty() || file.starts_with('<') {
        return String::new();
    }
    let mut path = format!("{file}:{line}");
    if let Some(base) = &options.relative_to {
        path = relative(Path::new(&path), base).display().to_string();
        if let Some(instead) = options.out_of_tree.as_deref().filter(|_| path.starts_with("../")) {
            path = format!("{instead}{}", path.rsplit('/').next().unwrap_or_default());
        }
    }
    if options.class_per_file
        && let Some((file, _)) = path.rsplit_once(".yml:")
    {
        path = file.to_owned();
    }
    path
}

/// The way from one folder to a path.
fn relative(path: &Path, base: &Path) -> PathBuf {
    let steps = |path: &Path| -> Vec<String> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        path.components()
            .filter_map(|step| match step {
                Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
                _ => None,
            })
            .collect()
    };
    let (path, base) = (steps(path), steps(base));
    let shared = path.iter().zip(&base).take_while(|(a, b)| a == b).count();
    let up = base.iter().skip(shared).map(|_| "..".to_owned());
    up.chain(path.iter().skip(shared).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(options: JunitOptions, expected: &str) {
        assert_eq!(class("/a/b/c.yml", 4, &options), expected);
    }

    #[test]
    fn places() {
        let base = |path: &str| Some(PathBuf::from(path));
        check(JunitOptions::default(), "/a/b/c.yml:4");
        check(JunitOptions { class_per_file: true, ..JunitOptions::default() }, "/a/b/c");
        check(JunitOptions { relative_to: base("/a"), ..JunitOptions::default() }, "b/c.yml:4");
        let other = JunitOptions { relative_to: base("/a/x/y"), ..JunitOptions::default() };
        check(other.clone(), "../../b/c.yml:4");
        check(JunitOptions { out_of_tree: Some("OUT:".to_owned()), ..other }, "OUT:c.yml:4");
        assert_eq!(class("<adhoc>", 4, &JunitOptions::default()), "");
    }
}
