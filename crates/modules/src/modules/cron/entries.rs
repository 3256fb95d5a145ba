//! The lines of a crontab: jobs below a comment with their name, variables. Must not know where they are kept.

/// What stands before a job's name, in the line above the job.
const MARK: &str = "#Ansible: ";

/// A crontab's lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entries {
    lines: Vec<String>,
}

/// Where a new variable goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// Above everything else.
    Top,
    /// Below a variable.
    After(&'a str),
    /// Above a variable.
    Before(&'a str),
}

/// There is no variable of this name to go by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSuchVariable(pub String);

fn comment(name: &str) -> String {
    format!("{MARK}{name}")
}

impl Entries {
    /// A crontab's text.
    pub fn read(text: &str) -> Entries {
        Entries { lines: text.lines().map(str::to_owned).collect() }
    }

    /// The text again, with one end of line at its end.
    pub fn text(&self) -> String {
        let text = self.lines.join("\n");
        match text.trim_end_matches(['\r', '\n']) {
            "" if text.is_empty() => text,
            text => format!("{text}\n"),
        }
    }

    /// The names of jobs.
    pub fn jobs(&self) -> Vec<&str> {
        self.lines.iter().filter_map(|line| line.strip_prefix(MARK)).collect()
    }

    /// The names of variables.
    pub fn variables(&self) -> Vec<&str> {
        let names = self.lines.iter().filter_map(|line| line.split_once('='));
        let is_name = |name: &str| !name.is_empty() && !name.contains(char::is_whitespace);
        names.map(|(name, _)| name).filter(|name| is_name(name)).collect()
    }

    /// Where the jobs of this name are. The line below a comment is its job, whatever it says.
    fn find(&self, name: &str) -> Vec<usize> {
        let mut found = Vec::new();
        let mut above: Option<&str> = None;
        for (index, line) in self.lines.iter().enumerate() {
            match above.take() {
                Some(owner) if owner == name => found.push(index),
                Some(_) => {}
                None => above = line.strip_prefix(MARK),
            }
        }
        found
    }

    /// Gives the job of this name this line; says whether that changes anything. The same line without a
    /// name gets one.
    pub fn set_job(&mut self, name: &str, job: &str) -> bool {
        let found = self.find(name);
        if let Some(first) = found.first() {
            let changed = self.lines[*first] != job;
            for index in found.into_iter().filter(|_| changed) {
                job.clone_into(&mut self.lines[index]);
            }
            return changed;
        }
        for index in 0..self.lines.len() {
            if self.lines[index] != job {
                continue;
            }
            let above = index.checked_sub(1).map(|above| self.lines[above].as_str());
            if above == Some(&comment("None")) {
                self.lines[index - 1] = comment(name);
                return true;
            }
            if above.is_none_or(|above| !above.starts_with(MARK)) {
                self.lines.insert(index, comment(name));
                return true;
            }
        }
        self.lines.extend([comment(name), job.to_owned()]);
        true
    }

    /// Removes the jobs of this name; says whether there were any.
    pub fn remove_job(&mut self, name: &str) -> bool {
        let found = self.find(name);
        for index in found.iter().rev() {
            self.lines.drain(index - 1..=*index);
        }
        !found.is_empty()
    }

    fn variable(&self, name: &str) -> Option<usize> {
        self.lines.iter().position(|line| is_variable(line, name))
    }

    /// Gives the variable this value; says whether that changes anything.
    pub fn set_variable(
        &mut self,
        name: &str,
        value: &str,
        place: Place<'_>,
    ) -> Result<bool, NoSuchVariable> {
        let line = format!("{name}=\"{value}\"");
        if let Some(index) = self.variable(name) {
            let changed = self.lines[index] != line;
            for present in self.lines.iter_mut().filter(|present| is_variable(present, name)) {
                present.clone_from(&line);
            }
            return Ok(changed);
        }
        let find =
            |other: &str| self.variable(other).ok_or_else(|| NoSuchVariable(other.to_owned()));
        let index = match place {
            Place::Top => 0,
            Place::After(other) => find(other)? + 1,
            Place::Before(other) => find(other)?,
        };
        self.lines.insert(index, line);
        Ok(true)
    }

    /// Removes a variable; says whether it was there.
    pub fn remove_variable(&mut self, name: &str) -> bool {
        let before = self.lines.len();
        self.lines.retain(|line| !is_variable(line, name));
        self.lines.len() != before
    }
}

fn is_variable(line: &str, name: &str) -> bool {
    line.strip_prefix(name).is_some_and(|rest| rest.starts_with('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, edit: impl FnOnce(&mut Entries) -> bool) -> (bool, String) {
        let mut entries = Entries::read(text);
        let changed = edit(&mut entries);
        (changed, entries.text())
    }

    #[test]
    fn jobs() {
        let set = |text: &str| edited(text, |entries| entries.set_job("a", "* job"));
        for (before, changed, after) in [
            ("", true, "#Ansible: a\n* job\n"),
            ("x\n#Ansible: a\n* job\n\n\n", false, "x\n#Ansible: a\n* job\n"),
            ("#Ansible: a\n#Ansible: b\ny", true, "#Ansible: a\n* job\ny\n"),
            ("#Ansible: a\ny\n#Ansible: a\nz\n", true, "#Ansible: a\n* job\n#Ansible: a\n* job\n"),
            ("#Ansible: a", true, "#Ansible: a\n#Ansible: a\n* job\n"),
            ("x\n* job\n", true, "x\n#Ansible: a\n* job\n"),
            ("#Ansible: None\n* job\n", true, "#Ansible: a\n* job\n"),
            ("#Ansible: b\n* job\n", true, "#Ansible: b\n* job\n#Ansible: a\n* job\n"),
        ] {
            assert_eq!(set(before), (changed, after.to_owned()), "{before}");
        }
        let remove = |text: &str| edited(text, |entries| entries.remove_job("a"));
        assert_eq!(remove("x\n#Ansible: a\ny\n"), (true, "x\n".to_owned()));
        assert_eq!(remove("#Ansible: a\ny\n"), (true, String::new()));
        assert!(!remove("#Ansible: b\n#Ansible: a\ny\n").0);
    }

    #[test]
    fn variables() {
        let text = "Q=1\nR = 2\n#T=4\n#Ansible: x=y\n* * a=b\n";
        assert_eq!(Entries::read(text).variables(), ["Q", "#T"]);
        assert_eq!(Entries::read(text).jobs(), ["x=y"]);
        let set = |name: &str, place| {
            let mut entries = Entries::read("Q=1\nS=\"2\"\n");
            entries.set_variable(name, "2", place).map(|changed| (changed, entries.text()))
        };
        assert_eq!(set("S", Place::Top), Ok((false, "Q=1\nS=\"2\"\n".to_owned())));
        assert_eq!(set("Q", Place::Top), Ok((true, "Q=\"2\"\nS=\"2\"\n".to_owned())));
        assert_eq!(set("R", Place::After("Q")), Ok((true, "Q=1\nR=\"2\"\nS=\"2\"\n".to_owned())));
        assert_eq!(set("R", Place::Before("X")), Err(NoSuchVariable("X".to_owned())));
    }
}
