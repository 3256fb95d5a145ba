//! What dnf says that it will do: the table that it prints before. Must not know why.

/// A package in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its architecture.
    pub arch: String,
    /// Its version, with an epoch that isn't zero.
    pub version: String,
}

impl Entry {
    /// As stock writes it.
    pub fn shown(&self) -> String {
        format!("{}-{}.{}", self.name, self.version, self.arch)
    }
}

/// What is installed and removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    /// What comes, in the place of an older or newer one too.
    pub installed: Vec<Entry>,
    /// What takes another version's place.
    pub replacing: Vec<Entry>,
    /// What takes a newer version's place: stands in the other two as well.
    pub downgraded: Vec<Entry>,
    /// What goes.
    pub removed: Vec<Entry>,
}

/// What a part of the table tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Installed,
    Replacing,
    Downgraded,
    Removed,
    Other,
}

impl Part {
    fn of(title: &str) -> Part {
        // Groups, streams of modules and what is skipped are in the table too.
        let is_packages = !["Groups", "groups", "module streams", "profiles"]
            .iter()
            .any(|word| title.ends_with(word));
        match title.split_whitespace().next() {
            Some("Installing") if is_packages => Part::Installed,
            Some("Upgrading" | "Reinstalling") if is_packages => Part::Replacing,
            Some("Downgrading") if is_packages => Part::Downgraded,
            Some("Removing") if is_packages => Part::Removed,
            _ => Part::Other,
        }
    }
}

impl Transaction {
    /// From all that dnf printed.
    pub fn read(printed: &str) -> Transaction {
        let mut transaction = Transaction::default();
        let mut part = Part::Other;
        let mut words: Vec<&str> = Vec::new();
        let table = printed.lines().skip_while(|line| !is_head(line)).skip(1);
        for line in table.take_while(|line| !line.starts_with("Transaction Summary")) {
            let depth = line.len() - line.trim_start().len();
            let line_words: Vec<&str> = line.split_whitespace().collect();
            match (depth, line_words.first()) {
                (_, None) => {}
                (0, Some(_)) => {
                    transaction.add(part, &std::mem::take(&mut words));
                    if let Some(title) = line.trim_end().strip_suffix(':') {
                        part = Part::of(title);
                    }
                }
                (_, Some(&"replacing")) => {
                    transaction.add(part, &std::mem::take(&mut words));
                    transaction.add_replaced(&line_words[1..]);
                }
                (1, Some(_)) => {
                    transaction.add(part, &words);
                    words = line_words;
                }
                // A name that is too long for its column has a line of its own.
                _ => words.extend(line_words),
            }
        }
        transaction.add(part, &words);
        transaction
    }

    fn add(&mut self, part: Part, words: &[&str]) {
        let [name, arch, version, ..] = words else { return };
        let entry = entry(name, arch, version);
        match part {
            Part::Installed => self.installed.push(entry),
            Part::Replacing | Part::Downgraded => {
                self.installed.push(entry.clone());
                if part == Part::Downgraded {
                    self.downgraded.push(entry.clone());
                }
                self.replacing.push(entry);
            }
            Part::Removed => self.removed.push(entry),
            Part::Other => {}
        }
    }

    /// What another run does too.
    pub fn extend(&mut self, other: Transaction) {
        self.installed.extend(other.installed);
        self.replacing.extend(other.replacing);
        self.downgraded.extend(other.downgraded);
        self.removed.extend(other.removed);
    }

    /// `NAME.ARCH  VERSION` of dnf 4, `NAME ARCH VERSION …` of dnf 5.
    fn add_replaced(&mut self, words: &[&str]) {
        let found = match words {
            [both, version] => both.rsplit_once('.').map(|(name, arch)| entry(name, arch, version)),
            [name, arch, version, ..] => Some(entry(name, arch, version)),
            _ => None,
        };
        if let Some(found) = found.filter(|found| !self.removed.contains(found)) {
            self.removed.push(found);
        }
    }
}

fn entry(name: &str, arch: &str, version: &str) -> Entry {
    let version = version.strip_prefix("0:").unwrap_or(version);
    Entry { name: name.to_owned(), arch: arch.to_owned(), version: version.to_owned() }
}

/// The line above the table.
fn is_head(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.next() == Some("Package") && words.next().is_some_and(|word| word.starts_with("Arch"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DNF4: &str = "\
Dependencies resolved.
================================================================================
 Package         Architecture       Version              Repository        Size
================================================================================
Installing:
 two             noarch             1.0-1                base             5.9 k
     replacing  older.noarch 0.9-1
 a-very-long-name-that-has-no-room-in-its-column
                 noarch             1:3.0-1              base             5.9 k
Upgrading:
 one             noarch             2.0-1                base             5.9 k
Removing unused dependencies:
 leaf            noarch             1.0-1                @base              6  
Installing Groups:
 Test Tools

Transaction Summary
================================================================================
Install  2 Packages
";

    #[test]
    fn the_table_of_dnf_4() {
        let read = Transaction::read(DNF4);
        let shown = |entries: &[Entry]| entries.iter().map(Entry::shown).collect::<Vec<_>>();
        let long = "a-very-long-name-that-has-no-room-in-its-column-1:3.0-1.noarch";
        assert_eq!(shown(&read.installed), ["two-1.0-1.noarch", long, "one-2.0-1.noarch"]);
        assert_eq!(shown(&read.replacing), ["one-2.0-1.noarch"]);
        assert_eq!(shown(&read.removed), ["older-0.9-1.noarch", "leaf-1.0-1.noarch"]);
        assert_eq!(Transaction::read("Nothing to do.\n"), Transaction::default());
    }

    #[test]
    fn the_table_of_dnf_5() {
        let printed = " Package  Arch   Version  Repository      Size\nUpgrading:\n one      noarch 0:2.0-1  base         6.0   B\n   replacing one noarch 0:1.0-1 base    6.0   B\n\nTransaction Summary:\n Upgrading: 1 package\n";
        let read = Transaction::read(printed);
        assert_eq!(read.installed.first().map(Entry::shown).as_deref(), Some("one-2.0-1.noarch"));
        assert_eq!(read.removed.first().map(Entry::shown).as_deref(), Some("one-1.0-1.noarch"));
    }
}
