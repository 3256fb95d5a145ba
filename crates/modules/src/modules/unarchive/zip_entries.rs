//! What zipinfo and `unzip -v` say of an archive's entries. Must not touch files.

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
}

/// An entry of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name; a folder's ends with a slash.
    pub name: String,
    /// What it is.
    pub sort: Sort,
    /// Its permissions.
    pub bits: u32,
    /// Its length.
    pub size: u64,
    /// When it was changed: `20200102.030406`, in no zone.
    pub time: String,
    /// The checksum of its content.
    pub crc: Option<u32>,
}

/// The entries by what `zipinfo -T -s` and `unzip -v` print; the second knows the checksums.
pub fn entries(listing: &str, table: &str, umask: u32) -> Vec<Entry> {
    let sums: Vec<Option<u32>> = table.lines().filter_map(checksum).collect();
    let mut entries: Vec<Entry> = listing.lines().filter_map(|line| entry(line, umask)).collect();
    // Both print an entry a line in the archive's order.
    if entries.len() == sums.len() {
        for (entry, sum) in entries.iter_mut().zip(sums) {
            entry.crc = sum;
        }
    }
    entries
}

/// `-rw-r--r--  3.0 unx        4 tx stor 20200102.030406 a.txt`.
fn entry(line: &str, umask: u32) -> Option<Entry> {
    let (permissions, rest) = word(line)?;
    let (_version, rest) = word(rest)?;
    let (_system, rest) = word(rest)?;
    let (size, rest) = word(rest)?;
    let (_kind, rest) = word(rest)?;
    let (_method, rest) = word(rest)?;
    let (time, name) = rest.trim_start_matches(' ').split_once(' ')?;
    let is_time = time.len() == 15 && time.as_bytes().get(8) == Some(&b'.');
    let size = size.parse().ok().filter(|_| is_time)?;
    let sort = match permissions.as_bytes().first()? {
        b'd' => Sort::Folder,
        b'l' => Sort::Link,
        b'-' | b'?' => Sort::File,
        _ => return None,
    };
    let letters = permissions.get(1..)?;
    let bits = match letters.len() {
        9 => unix_bits(letters),
        _ => dos_bits(letters, sort) & !umask,
    };
    let (name, time) = (name.to_owned(), time.to_owned());
    Some(Entry { name, sort, bits, size, time, crc: None })
}

/// The next word and what follows it.
fn word(text: &str) -> Option<(&str, &str)> {
    text.trim_start_matches(' ').split_once(' ')
}

/// `rwxr-xr-x`. What stands for setuid, setgid and sticky is not restored by unzip.
fn unix_bits(letters: &str) -> u32 {
    letters.chars().fold(0, |bits, letter| {
        (bits << 1) | u32::from(matches!(letter, 'r' | 'w' | 'x' | 's' | 't'))
    })
}

/// `rw-a--` of systems that know no owners.
fn dos_bits(letters: &str, sort: Sort) -> u32 {
    let writable = if letters.as_bytes().get(1) == Some(&b'w') { 0o222 } else { 0 };
    let searchable = if sort == Sort::Folder { 0o111 } else { 0 };
    0o444 | writable | searchable
}

/// The checksum in a line of `unzip -v`: `4  Stored  4   0% 2020-01-02 03:04 5f3dd8d8  a.txt`.
fn checksum(line: &str) -> Option<Option<u32>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_entry = words.len() >= 8
        && words[0].bytes().all(|byte| byte.is_ascii_digit())
        && words[3].ends_with('%')
        && words[5].contains(':');
    is_entry.then(|| u32::from_str_radix(words[6], 16).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "Archive:  /a.zip
Zip file size: 525 bytes, number of entries: 3
-rwsr-xr-x  3.0 unx        4 tx stor 20200102.030406 a b.txt
drwxrwxrwt  3.0 unx        0 b- stor 20200702.030408 e/
-rw-a--     2.0 fat        1 b- defN 20200102.030406 d/b.txt
3 files, 5 bytes uncompressed, 5 bytes compressed:  0.0%
";
    const TABLE: &str = "Archive:  /a.zip
 Length   Method    Size  Cmpr    Date    Time   CRC-32   Name
--------  ------  ------- ---- ---------- ----- --------  ----
       4  Stored        4   0% 2020-01-02 03:04 7a6c86f1  a b.txt
       0  Stored        0   0% 2020-07-02 03:04 00000000  e/
       1  Defl:N        1   0% 2020-01-02 03:04 fbdb2615  d/b.txt
--------          -------  ---                            -------
       5                5   0%                            3 files
";

    #[test]
    fn both_tables_together() {
        let found = entries(LISTING, TABLE, 0o022);
        let short: Vec<_> = found.iter().map(|e| (e.name.as_str(), e.sort, e.bits)).collect();
        assert_eq!(
            short,
            [
                ("a b.txt", Sort::File, 0o755),
                ("e/", Sort::Folder, 0o777),
                ("d/b.txt", Sort::File, 0o644)
            ]
        );
        assert_eq!((found[0].size, found[0].crc), (4, Some(0x7a6c_86f1)));
        assert_eq!(found[0].time, "20200102.030406");
    }
}
