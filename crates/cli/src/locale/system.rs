//! The locales that the system has: folders, and the archive that holds many in one file. Must not
//! know which of them is asked for.

use std::fs;
use std::path::{Path, PathBuf};

/// Where a locale's encoding stands among the items of its file for characters.
const ENCODING_ITEM: usize = 14;
/// How an archive begins.
const ARCHIVE_MARK: u32 = 0xde02_0109;

/// Where locales are looked for.
pub struct Locales {
    folders: Vec<PathBuf>,
    /// The file that holds many; those who name folders don't ask it.
    archive: Option<PathBuf>,
    /// There is nothing to look in: the C library isn't one that has locales' files, and takes any name.
    takes_any: bool,
}

impl Locales {
    /// Those of the folders of `LOCPATH`, and of the system's own.
    pub fn new(named: Option<&str>, own: &Path) -> Locales {
        let archive = own.join("locale-archive");
        let mut folders: Vec<PathBuf> =
            named.into_iter().flat_map(|named| named.split(':')).map(PathBuf::from).collect();
        folders.push(own.to_owned());
        let takes_any = named.is_none() && !own.is_dir();
        Locales { folders, archive: named.is_none().then_some(archive), takes_any }
    }

    /// The encoding of a locale; none if there is no such locale, or if it is one without encoding.
    pub fn encoding(&self, name: &str) -> Option<String> {
        let name = Name::read(name)?;
        let encoding = name.encoding.map(str::to_owned);
        // Every C library that has it has it without files, or beside them.
        if name.place == "C" && encoding.as_deref().is_some_and(|known| plain(known) == "utf8") {
            return encoding;
        }
        if self.takes_any {
            return Some(encoding.unwrap_or_else(|| "UTF-8".to_owned()));
        }
        let spellings = name.spellings();
        self.in_archive(&spellings).or_else(|| {
            let found = self.in_folders(&spellings)?;
            let fits = name.encoding.is_none_or(|asked| plain(asked) == plain(&found));
            fits.then_some(found)
        })
    }

    fn in_folders(&self, spellings: &[String]) -> Option<String> {
        spellings.iter().find_map(|spelling| {
            let mut files =
                self.folders.iter().map(|folder| folder.join(spelling).join("LC_CTYPE"));
            let file = files.find(|file| file.is_file())?;
            match Name::read(spelling)?.encoding {
                Some(encoding) => Some(encoding.to_owned()),
                None => encoding_of(&fs::read(file).ok()?),
            }
        })
    }

    fn in_archive(&self, spellings: &[String]) -> Option<String> {
        let archive = archived(self.archive.as_deref()?)?;
        let (name, place) = spellings.iter().find_map(|spelling| {
            archive.iter().find(|(name, _)| name == spelling).map(|(name, place)| (name, *place))
        })?;
        let encoding = |name: &str| Name::read(name)?.encoding.map(str::to_owned);
        // What has no encoding in its name stands there a second time with it.
        encoding(name).or_else(|| {
            archive.iter().filter(|(_, other)| *other == place).find_map(|(name, _)| encoding(name))
        })
    }
}

/// A locale's name in its parts: `de_DE.UTF-8@euro`.
struct Name<'t> {
    place: &'t str,
    encoding: Option<&'t str>,
    variant: Option<&'t str>,
}

impl Name<'_> {
    fn read(name: &str) -> Option<Name<'_>> {
        let (rest, variant) = match name.split_once('@') {
            Some((rest, variant)) => (rest, Some(variant).filter(|variant| !variant.is_empty())),
            None => (name, None),
        };
        let (place, encoding) = match rest.split_once('.') {
            Some((place, encoding)) => (place, Some(encoding)),
            None => (rest, None),
        };
        let is_path = name.contains('/') || place.is_empty();
        (!is_path).then_some(Name { place, encoding, variant })
    }

    /// What it may be called where it is kept, the closest first.
    fn spellings(&self) -> Vec<String> {
        let encodings = self.encoding.map(|encoding| [format!(".{encoding}"), dotted(encoding)]);
        let variants = self.variant.map(|variant| format!("@{variant}"));
        let mut all = Vec::new();
        for variant in variants.iter().map(String::as_str).chain([""]) {
            for encoding in encodings.iter().flatten().map(String::as_str).chain([""]) {
                all.push(format!("{}{encoding}{variant}", self.place));
            }
        }
        all
    }
}

fn dotted(encoding: &str) -> String {
    format!(".{}", plain(encoding))
}

/// An encoding's name as files' names have it: `utf8` for `UTF-8`.
pub fn plain(encoding: &str) -> String {
    let plain: String = encoding.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    if !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("iso{plain}");
    }
    plain
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(u32::from_ne_bytes(bytes))
}

fn place(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(number(bytes, at)?).ok()
}

fn words(bytes: &[u8], at: usize) -> Option<String> {
    let text = bytes.get(at..)?;
    let end = text.iter().position(|byte| *byte == 0)?;
    String::from_utf8(text[..end].to_vec()).ok()
}

/// The encoding that a locale's file for characters names.
fn encoding_of(file: &[u8]) -> Option<String> {
    words(file, place(file, 8 + 4 * ENCODING_ITEM)?)
}

/// The names in an archive, each with where its locale is kept.
fn archived(path: &Path) -> Option<Vec<(String, u32)>> {
    let start = until_locales(path)?;
    if number(&start, 0)? != ARCHIVE_MARK {
        return None;
    }
    let (names, size) = (place(&start, 8)?, place(&start, 16)?);
    let rows = (0..size).filter_map(|row| {
        let at = names.checked_add(row.checked_mul(12)?)?;
        let (name, kept) = (place(&start, at + 4)?, number(&start, at + 8)?);
        (kept != 0).then(|| words(&start, name)).flatten().map(|name| (name, kept))
    });
    Some(rows.collect())
}

/// As much of an archive as has its names: they stand before the locales.
fn until_locales(path: &Path) -> Option<Vec<u8>> {
    use std::io::Read;
    let mut file = fs::File::open(path).ok()?;
    let mut head = vec![0; 56];
    file.read_exact(&mut head).ok()?;
    // The table of places is the last before the locales themselves.
    let end = number(&head, 32)?;
    let mut rest = Vec::new();
    file.take(u64::from(end).saturating_sub(56)).read_to_end(&mut rest).ok()?;
    head.extend(rest);
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_their_spellings() {
        let spellings = |name: &str| Name::read(name).unwrap().spellings().join(" ");
        assert_eq!(spellings("de_DE"), "de_DE");
        assert_eq!(spellings("de_DE.UTF-8"), "de_DE.UTF-8 de_DE.utf8 de_DE");
        assert_eq!(
            spellings("de_DE.8859-1@x"),
            "de_DE.8859-1@x de_DE.iso88591@x de_DE@x de_DE.8859-1 de_DE.iso88591 de_DE"
        );
        assert!(Name::read("../C").is_none());
        assert!(Name::read(".utf8").is_none());
    }

    fn folder_with(files: &[(&str, Vec<u8>)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        folder
    }

    fn numbers(numbers: &[u32]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_ne_bytes()).collect()
    }

    #[test]
    fn the_encoding_of_a_folder_without_one_in_its_name() {
        let mut file = numbers(&[0; 17]);
        file[8 + 4 * ENCODING_ITEM..][..4].copy_from_slice(&68u32.to_ne_bytes());
        file.extend(b"ISO-8859-1\0");
        let folder = folder_with(&[("en_US/LC_CTYPE", file), ("xx/LC_CTYPE", Vec::new())]);
        let locales = Locales::new(None, folder.path());
        assert_eq!(locales.encoding("en_US").as_deref(), Some("ISO-8859-1"));
        assert_eq!(locales.encoding("en_US.iso88591").as_deref(), Some("ISO-8859-1"));
        assert_eq!(locales.encoding("en_US.UTF-8"), None);
        assert_eq!(locales.encoding("xx"), None);
    }

    #[test]
    fn an_archive() {
        // A table of three rows at 56, their names at 92, the locales behind at 120.
        let mut archive = numbers(&[ARCHIVE_MARK, 0, 56, 3, 3, 92, 28, 28, 120, 0, 0, 0, 0, 0]);
        archive.extend(numbers(&[1, 92, 500, 2, 103, 500, 0, 0, 0]));
        archive.extend(b"de_DE.utf8\0de_DE\0 padding....");
        let folder = folder_with(&[("locale-archive", archive)]);
        let locales = Locales::new(None, folder.path());
        for name in ["de_DE", "de_DE.UTF-8", "de_DE.utf8"] {
            assert_eq!(locales.encoding(name).as_deref(), Some("utf8"), "{name}");
        }
        assert_eq!(locales.encoding("de_AT.UTF-8"), None);
        let cut = folder_with(&[("locale-archive", numbers(&[ARCHIVE_MARK, 0, u32::MAX]))]);
        assert_eq!(Locales::new(None, cut.path()).encoding("de_DE"), None);
    }
}
