//! The lines of fstab. Must not know what is mounted.

/// What a line shall say.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub source: Option<String>,
    pub place: String,
    pub kind: Option<String>,
    pub options: String,
    pub dump: String,
    pub pass: String,
}

impl Entry {
    fn source(&self) -> &str {
        self.source.as_deref().unwrap_or_default()
    }

    fn fields(&self) -> [String; 6] {
        let kind = self.kind.as_deref().unwrap_or_default();
        [self.source(), &self.place, kind, &self.options, &self.dump, &self.pass].map(escaped)
    }

    /// Whether a line's fields are those of the same place. Swap has none, so its source counts.
    fn is_at(&self, fields: &[&str]) -> bool {
        let [source, place, kind, ..] = fields else { return false };
        let is_other_swap = self.place == "none"
            && *kind == "swap"
            && self.source.is_some()
            && *source != escaped(self.source());
        *place == escaped(&self.place) && !is_other_swap
    }
}

/// A field as fstab has it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\134").replace(' ', "\\040")
}

/// The file.
pub(super) struct Fstab {
    lines: Vec<String>,
}

/// The fields of a line; none of a comment.
fn fields(line: &str) -> Vec<&str> {
    if line.trim_start().starts_with('#') {
        return Vec::new();
    }
    line.split_whitespace().collect()
}

impl Fstab {
    pub fn read(text: &str) -> Fstab {
        Fstab { lines: text.split_inclusive('\n').map(str::to_owned).collect() }
    }

    pub fn text(&self) -> String {
        self.lines.concat()
    }

    /// The place's lines say what is wanted, or a new one does; tells whether that changed anything.
    pub fn set(&mut self, entry: &Entry) -> bool {
        let wanted = entry.fields();
        let new = format!("{}\n", wanted.join(" "));
        let (mut is_there, mut changed) = (false, false);
        for line in &mut self.lines {
            let mut found = fields(line);
            // What stands behind a number sign is a comment here, and isn't where a line is to go.
            found.truncate(found.iter().position(|f| f.starts_with('#')).unwrap_or(found.len()));
            if !(4..=6).contains(&found.len()) || !entry.is_at(&found) {
                continue;
            }
            is_there = true;
            if found != wanted {
                line.clone_from(&new);
                changed = true;
            }
        }
        if changed || !is_there {
            self.end_last();
        }
        if !is_there {
            self.lines.push(new);
        }
        changed || !is_there
    }

    /// The place has no line.
    pub fn unset(&mut self, entry: &Entry) -> bool {
        let count = self.lines.len();
        self.lines.retain(|line| {
            let found = fields(line);
            found.len() != 6 || !entry.is_at(&found)
        });
        self.lines.len() != count
    }

    fn end_last(&mut self) {
        if let Some(last) = self.lines.last_mut().filter(|last| !last.ends_with('\n')) {
            last.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(source: &str, place: &str) -> Entry {
        Entry {
            source: Some(source.to_owned()),
            place: place.to_owned(),
            kind: Some("ext4".to_owned()),
            options: "defaults".to_owned(),
            dump: "0".to_owned(),
            pass: "0".to_owned(),
        }
    }

    #[test]
    fn lines() {
        let text = "# /a\n/dev/a  /a\text4 defaults 0 0 # x\n/dev/b /b\\040c ext4 ro";
        let mut fstab = Fstab::read(text);
        assert!(!fstab.set(&entry("/dev/a", "/a")));
        assert!(!fstab.unset(&entry("/dev/a", "/a")));
        assert!(fstab.set(&entry("/dev/b", "/b c")));
        assert!(fstab.text().ends_with("/dev/b /b\\040c ext4 defaults 0 0\n"));
        assert!(fstab.unset(&entry("/dev/b", "/b c")));
        assert!(fstab.text().ends_with("# x\n"));
    }

    #[test]
    fn swap() {
        let text = "/dev/s none swap sw 0 0\n";
        let mut fstab = Fstab::read(text);
        assert!(!fstab.unset(&entry("/dev/other", "none")));
        assert!(fstab.unset(&Entry { source: None, ..entry("", "none") }));
        assert_eq!(fstab.text(), "");
    }
}
