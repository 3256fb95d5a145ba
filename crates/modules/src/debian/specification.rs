//! A package as tasks write it: `name`, `name=1.2*`, `name>=1.2`. Must not know what is installed.

/// How a version is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// It is like the pattern.
    Like,
    /// It is as high or higher.
    AtLeast,
}

/// A package, perhaps in a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Specification<'a> {
    /// The name.
    pub name: &'a str,
    /// The version that is wanted.
    pub version: Option<(Comparison, &'a str)>,
}

impl Specification<'_> {
    /// Takes one apart.
    pub fn parse(text: &str) -> Specification<'_> {
        if let Some((name, version)) = text.split_once(">=") {
            return Specification { name, version: Some((Comparison::AtLeast, version)) };
        }
        match text.split_once('=') {
            Some((name, version)) => {
                Specification { name, version: Some((Comparison::Like, version)) }
            }
            None => Specification { name: text, version: None },
        }
    }

    /// Whether the name is a pattern.
    pub fn is_pattern(&self) -> bool {
        self.name.contains(['*', '?', '[', '!'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_apart() {
        let parsed = Specification::parse("a>=1.0");
        assert_eq!(parsed.version, Some((Comparison::AtLeast, "1.0")));
        let parsed = Specification::parse("a:i386=1.*");
        assert_eq!((parsed.name, parsed.version), ("a:i386", Some((Comparison::Like, "1.*"))));
        assert!(Specification::parse("lib*").is_pattern());
    }
}
