//! A name among the lines of a distribution's file. Must not know where the files are.

/// How a line of a file holds the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// `HOSTNAME=name`.
    Network,
    /// `hostname="name"`.
    OpenRc,
}

impl Entry {
    fn key(self) -> &'static str {
        match self {
            Entry::Network => "HOSTNAME",
            Entry::OpenRc => "hostname",
        }
    }

    /// The value of a line that holds the name. Blanks around the sign count for one of the two alone.
    fn value(self, line: &str) -> Option<&str> {
        let (key, value) = line.trim().split_once('=')?;
        match self {
            Entry::Network => (key.trim() == self.key()).then(|| value.trim()),
            Entry::OpenRc => (key == self.key()).then(|| value.trim().trim_matches('"')),
        }
    }

    fn line(self, name: &str) -> String {
        match self {
            Entry::Network => format!("{}={name}", self.key()),
            Entry::OpenRc => format!("{}=\"{name}\"", self.key()),
        }
    }

    /// The name that is in the file.
    pub fn find(self, text: &str) -> Option<&str> {
        text.lines().find_map(|line| self.value(line))
    }

    /// The file with this name in each line that holds one.
    pub fn replace(self, text: &str, name: &str) -> String {
        let lines = text.lines().map(|line| match self.value(line) {
            Some(_) => self.line(name) + "\n",
            None => line.to_owned() + "\n",
        });
        let text: String = lines.collect();
        // OpenRC's file has one line at least (module-hostname).
        if text.is_empty() && self == Entry::OpenRc { "\n".to_owned() } else { text }
    }
}

#[cfg(test)]
mod tests {
    use super::Entry;

    #[test]
    fn names_in_lines() {
        let text = "A=b\nHOSTNAME=\"old\"\n HOSTNAME = x\n#HOSTNAME=c\n";
        assert_eq!(Entry::Network.find(text), Some("\"old\""));
        let new = "A=b\nHOSTNAME=n\nHOSTNAME=n\n#HOSTNAME=c\n";
        assert_eq!(Entry::Network.replace(text, "n"), new);
        assert_eq!(Entry::Network.find("hostname=x"), None);
        let text = "a=b\n hostname=\"old\"";
        assert_eq!(Entry::OpenRc.find(text), Some("old"));
        assert_eq!(Entry::OpenRc.replace(text, "n"), "a=b\nhostname=\"n\"\n");
        assert_eq!(Entry::OpenRc.find("hostname = old\n"), None);
    }
}
