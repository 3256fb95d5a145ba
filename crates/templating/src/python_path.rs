//! What Python's `os.path` and `ntpath` do with text. Never looks at files.

/// `os.path.split`.
pub fn split(path: &str) -> (&str, &str) {
    let at = path.rfind('/').map_or(0, |at| at + 1);
    let (head, tail) = path.split_at(at);
    let trimmed = head.trim_end_matches('/');
    (if trimmed.is_empty() { head } else { trimmed }, tail)
}

/// `os.path.splitext`.
pub fn split_extension(path: &str) -> (&str, &str) {
    let name = path.rfind('/').map_or(0, |at| at + 1);
    let leading = path[name..].len() - path[name..].trim_start_matches('.').len();
    match path[name + leading..].rfind('.') {
        Some(dot) => path.split_at(name + leading + dot),
        None => (path, ""),
    }
}

/// `os.path.normpath`.
pub fn normal(path: &str) -> String {
    let slashes = match path.len() - path.trim_start_matches('/').len() {
        0 => 0,
        // POSIX lets exactly two mean something else.
        2 => 2,
        _ => 1,
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part != ".." || (slashes == 0 && parts.is_empty()) || parts.last() == Some(&"..") {
            parts.push(part);
        } else {
            parts.pop();
        }
    }
    let text = "/".repeat(slashes) + &parts.join("/");
    if text.is_empty() { ".".to_owned() } else { text }
}

/// `os.path.join`.
pub fn join<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let mut out = String::new();
    for (index, part) in parts.into_iter().enumerate() {
        if part.starts_with('/') || index == 0 {
            out.clear();
        } else if !out.is_empty() && !out.ends_with('/') {
            out.push('/');
        }
        out.push_str(part);
    }
    out
}

/// `os.path.abspath` from this folder.
pub fn absolute(path: &str, folder: &str) -> String {
    if path.starts_with('/') { normal(path) } else { normal(&join([folder, path])) }
}

/// `os.path.relpath` of absolute paths.
pub fn relative(path: &str, start: &str) -> String {
    fn parts(path: &str) -> Vec<&str> {
        path.split('/').filter(|part| !part.is_empty()).collect()
    }
    let (path, start) = (parts(path), parts(start));
    let common = path.iter().zip(&start).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", start.len() - common);
    let joined: Vec<&str> = up.chain(path[common..].iter().copied()).collect();
    if joined.is_empty() { ".".to_owned() } else { joined.join("/") }
}

/// `os.path.commonpath`.
pub fn common(paths: &[&str]) -> Result<String, String> {
    let Some(first) = paths.first() else {
        return Err("commonpath() arg is an empty sequence".to_owned());
    };
    let absolute = first.starts_with('/');
    if paths.iter().any(|path| path.starts_with('/') != absolute) {
        return Err("Can't mix absolute and relative paths".to_owned());
    }
    let split = |path: &'_ str| -> Vec<String> {
        path.split('/').filter(|part| !part.is_empty() && *part != ".").map(str::to_owned).collect()
    };
    let mut shared = split(first);
    for path in &paths[1..] {
        let other = split(path);
        let length = shared.iter().zip(&other).take_while(|(a, b)| a == b).count();
        shared.truncate(length);
    }
    Ok((if absolute { "/" } else { "" }).to_owned() + &shared.join("/"))
}

/// `ntpath.splitdrive`: letters and UNC shares.
pub fn split_drive(path: &str) -> (&str, &str) {
    let slash = |c: char| matches!(c, '\\' | '/');
    let bytes = path.as_bytes();
    if bytes.get(1) == Some(&b':') {
        return path.split_at(2);
    }
    if path.starts_with(slash) && path[1..].starts_with(slash) {
        let Some(share) = path[2..].find(slash).map(|at| at + 2) else {
            return (path, "");
        };
        return match path[share + 1..].find(slash) {
            Some(end) => path.split_at(share + 1 + end),
            None => (path, ""),
        };
    }
    ("", path)
}

/// `ntpath.split`.
pub fn split_windows(path: &str) -> (String, &str) {
    let slash = |c: char| matches!(c, '\\' | '/');
    let (drive, rest) = split_drive(path);
    let at = rest.rfind(slash).map_or(0, |at| at + 1);
    let (head, tail) = rest.split_at(at);
    let trimmed = head.trim_end_matches(slash);
    (format!("{drive}{}", if trimmed.is_empty() { head } else { trimmed }), tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_python() {
        assert_eq!(split("/a/b"), ("/a", "b"));
        assert_eq!(split("/a"), ("/", "a"));
        assert_eq!(split("a"), ("", "a"));
        assert_eq!(split_extension("/a/b.tar.gz"), ("/a/b.tar", ".gz"));
        assert_eq!(split_extension("/a/.bashrc"), ("/a/.bashrc", ""));
        assert_eq!(normal("/a/../b/./c"), "/b/c");
        assert_eq!(normal("../../a"), "../../a");
        assert_eq!(join(["/a", "b", "/c", "d"]), "/c/d");
        assert_eq!(join(["a", ""]), "a/");
        assert_eq!(relative("/a/b", "/a/c"), "../b");
        assert_eq!(common(&["/a/b/c", "/a/b/d"]), Ok("/a/b".to_owned()));
        assert_eq!(split_windows("C:\\a\\b.txt"), ("C:\\a".to_owned(), "b.txt"));
        assert_eq!(split_drive("\\\\h\\s\\x"), ("\\\\h\\s", "\\x"));
    }
}
