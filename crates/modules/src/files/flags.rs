//! What `lsattr` shows and `chattr` sets. Must not know modules.

use std::path::Path;

use super::tools;

/// A file's flags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flags {
    /// Its generation.
    pub version: String,
    /// Its letters: `ei`.
    pub names: String,
}

/// Letters and what they stand for, as results name them.
const NAMES: [(char, &str); 23] = [
    ('A', "noatime"),
    ('a', "append"),
    ('c', "compressed"),
    ('C', "nocow"),
    ('d', "nodump"),
    ('D', "dirsync"),
    ('e', "extents"),
    ('E', "encrypted"),
    ('h', "blocksize"),
    ('i', "immutable"),
    ('I', "indexed"),
    ('j', "journalled"),
    ('N', "inline"),
    ('s', "zero"),
    ('S', "synchronous"),
    ('t', "notail"),
    ('T', "blockroot"),
    ('u', "undelete"),
    ('X', "compressedraw"),
    ('Z', "compresseddirty"),
    ('F', "casefold"),
    ('P', "project"),
    ('V', "verity"),
];

impl Flags {
    /// The names of the letters that have one, as stock knows them.
    pub fn long_names(&self) -> Vec<&'static str> {
        let known = &NAMES[..20];
        self.names
            .chars()
            .filter_map(|letter| known.iter().find(|(short, _)| *short == letter))
            .map(|(_, long)| *long)
            .collect()
    }
}

/// The flags of a file; None where file system or command have none.
pub fn of(path: &Path) -> Option<Flags> {
    let gave = tools::run("lsattr", &["-vd".as_ref(), path.as_os_str()])?;
    let mut words = gave.stdout.split_whitespace();
    let (version, letters) = (words.next()?, words.next()?);
    if gave.code != 0 {
        return None;
    }
    let names = letters.chars().filter(|letter| *letter != '-').collect();
    Some(Flags { version: version.to_owned(), names })
}

/// Sets flags; gives back what the command complained of.
pub fn set(chattr: &Path, path: &Path, operator: char, names: &str) -> Result<(), String> {
    let change = format!("{operator}{names}");
    let name = chattr.to_string_lossy();
    match tools::run(&name, &[change.as_ref(), path.as_os_str()]) {
        Some(gave) if gave.code == 0 => Ok(()),
        Some(gave) => {
            Err(format!("Error while setting attributes: {}{}", gave.stdout, gave.stderr))
        }
        None => Err("chattr can't be run".to_owned()),
    }
}
