//! What stands in `name`: packages, files, groups. Must not know what becomes of them.

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A package, with whatever says which.
    Package(String),
    /// A file of rpm's, here or behind an address.
    File(String),
    /// A group, an environment or a stream of modules, without its `@`.
    Group(String),
}

/// Commas may stand in the items too, save in addresses.
pub fn wanted(names: &[&str]) -> Vec<Wanted> {
    let split = names.iter().flat_map(|name| match name.contains("://") {
        true => vec![*name],
        false => name.split(',').collect(),
    });
    let given = split.map(str::trim).filter(|name| !name.is_empty());
    given.map(one).collect()
}

fn one(name: &str) -> Wanted {
    let is_file = name.contains("://") || (name.ends_with(".rpm") && name.contains('/'));
    match name.strip_prefix('@') {
        Some(group) => Wanted::Group(group.to_owned()),
        None if is_file => Wanted::File(name.to_owned()),
        None => Wanted::Package(name.to_owned()),
    }
}

/// `name >= 1.0` in its parts.
pub fn relation(spec: &str) -> Option<(&str, &str, &str)> {
    let mut words = spec.split_whitespace();
    let parts = (words.next()?, words.next()?, words.next()?);
    let is_relation = ["<", "<=", "=", ">", ">="].contains(&parts.1) && words.next().is_none();
    is_relation.then_some(parts)
}

/// Each way to read `NAME-VERSION[-RELEASE][.ARCH]` as a name and a version.
pub fn name_and_version(spec: &str) -> Vec<(&str, &str)> {
    let dashes = spec.rmatch_indices('-').take(2).map(|(at, _)| at);
    let mut found: Vec<(&str, &str)> = dashes
        .map(|at| (&spec[..at], &spec[at + 1..]))
        .filter(|(name, version)| {
            !name.is_empty() && version.starts_with(|c: char| c.is_ascii_digit())
        })
        .collect();
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        let found =
            wanted(&["one,two", "@tools", "/a/b.rpm", "http://h/x,y.rpm", "/usr/bin/x", ""]);
        assert_eq!(
            found,
            [
                Wanted::Package("one".into()),
                Wanted::Package("two".into()),
                Wanted::Group("tools".into()),
                Wanted::File("/a/b.rpm".into()),
                Wanted::File("http://h/x,y.rpm".into()),
                Wanted::Package("/usr/bin/x".into()),
            ]
        );
    }

    #[test]
    fn versions_in_names() {
        assert_eq!(relation("one >= 1.0"), Some(("one", ">=", "1.0")));
        assert_eq!(relation("one"), None);
        assert_eq!(name_and_version("one-1.0"), [("one", "1.0")]);
        assert_eq!(
            name_and_version("a-b-1.0-1.noarch"),
            [("a-b", "1.0-1.noarch"), ("a-b-1.0", "1.noarch")]
        );
        assert_eq!(name_and_version("one-two"), []);
    }
}
