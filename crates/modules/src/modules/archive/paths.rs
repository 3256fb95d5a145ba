//! Which files are meant, and what their names in the archive begin at. Must not know formats.

use std::path::Path;

use crate::glob;

/// Paths with what patterns match in their place.
pub fn expanded(paths: &[&str]) -> Vec<String> {
    let each = paths.iter().map(|path| match path.contains(['*', '?']) {
        true => glob::all(Path::new(path)),
        false => vec![(*path).into()],
    });
    each.flatten().map(|path| path.to_string_lossy().into_owned()).collect()
}

/// The folder that all of them are in, with a slash at its end; nothing where they begin with different names.
pub fn root(paths: &[String]) -> String {
    let folders = paths.iter().map(|path| path.rfind('/').map_or("", |end| &path[..=end]));
    let common = folders.reduce(|known, folder| {
        let same = known.chars().zip(folder.chars()).take_while(|(one, other)| one == other);
        &known[..same.map(|(one, _)| one.len_utf8()).sum()]
    });
    let common = common.unwrap_or_default();
    common.rfind('/').map_or("", |end| &common[..=end]).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots() {
        let of =
            |paths: &[&str]| root(&paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["/w/single"]), "/w/");
        assert_eq!(of(&["/w/d/"]), "/w/d/");
        assert_eq!(of(&["/w/d/one.txt", "/w/e"]), "/w/");
        assert_eq!(of(&["/w/ab/x", "/w/ac/x"]), "/w/");
        assert_eq!(of(&["a.yml"]), "");
        assert_eq!(of(&["v/d", "x"]), "");
    }
}
