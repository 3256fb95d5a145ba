//! What `update-alternatives` says: `--query` of Debian's, `--display` of RHEL's. Must not know what is wanted.

/// Who chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// The highest priority.
    Automatic,
    /// A person.
    Manual,
}

/// A command that goes along.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sub {
    pub name: String,
    /// Unknown where it isn't told.
    pub link: Option<String>,
    pub path: String,
}

/// One of the programs.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub path: String,
    pub priority: i64,
    /// Programs of a family are chosen together; Debian's have none.
    pub family: Option<String>,
    pub subs: Vec<Sub>,
}

/// A command and the programs that it can be.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Unknown where it isn't told.
    pub link: Option<String>,
    pub mode: Mode,
    /// The program that it is.
    pub value: String,
    pub choices: Vec<Choice>,
}

/// The names and paths of a `Slaves:` list.
fn pairs(block: &str) -> Vec<(&str, &str)> {
    let lines = block.lines().skip_while(|line| !line.starts_with("Slaves:")).skip(1);
    let lines = lines.take_while(|line| line.starts_with(' '));
    lines.filter_map(|line| line.trim().split_once(' ')).collect()
}

impl Group {
    pub fn read(said: &str) -> Group {
        let mut blocks = said.split("\n\n");
        let head = blocks.next().unwrap_or_default();
        let field = |block: &str, name: &str| {
            let mut lines = block.lines();
            let found = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            found.unwrap_or_default().to_owned()
        };
        let links = pairs(head);
        let choice = |block: &str| {
            let subs = pairs(block).into_iter().map(|(name, path)| {
                let link = links.iter().find(|(known, _)| *known == name);
                let link = link.map(|(_, link)| (*link).to_owned());
                Sub { name: name.to_owned(), link, path: path.to_owned() }
            });
            Choice {
                path: field(block, "Alternative"),
                priority: field(block, "Priority").parse().unwrap_or_default(),
                family: None,
                subs: subs.collect(),
            }
        };
        Group {
            link: Some(field(head, "Link")),
            mode: if field(head, "Status") == "auto" { Mode::Automatic } else { Mode::Manual },
            value: field(head, "Value"),
            choices: blocks.filter(|block| !block.trim().is_empty()).map(choice).collect(),
        }
    }
}

impl Group {
    /// From what RHEL's prints, which doesn't tell links.
    pub fn read_display(said: &str) -> Option<Group> {
        let (_, mode) = said.lines().next()?.split_once(" - status is ")?;
        let mode = if mode.starts_with("auto") { Mode::Automatic } else { Mode::Manual };
        let points =
            said.lines().find_map(|line| line.trim().strip_prefix("link currently points to "));
        let mut choices: Vec<Choice> = Vec::new();
        for line in said.lines().skip(1) {
            if let Some(choice) = choice_in(line) {
                choices.push(choice);
            } else if let Some(choice) = choices.last_mut() {
                choice.subs.extend(sub_in(line));
            }
        }
        let value = points.unwrap_or_default().to_owned();
        Some(Group { link: None, mode, value, choices })
    }
}

/// `PATH - [family NAME] priority NUMBER`.
fn choice_in(line: &str) -> Option<Choice> {
    let (path, rest) = line.split_once(" - ").filter(|(path, _)| path.starts_with('/'))?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    let (family, priority) = match words.as_slice() {
        ["priority", number] => (None, number),
        ["family", family, "priority", number] => (Some((*family).to_owned()), number),
        _ => return None,
    };
    let priority = priority.parse().ok()?;
    Some(Choice { path: path.to_owned(), priority, family, subs: Vec::new() })
}

/// ` slave NAME: PATH`; newer ones say `follower`.
fn sub_in(line: &str) -> Option<Sub> {
    let rest = line.trim();
    let rest = rest.strip_prefix("slave ").or_else(|| rest.strip_prefix("follower "))?;
    let (name, path) = rest.split_once(": ").filter(|(_, path)| *path != "(null)")?;
    Some(Sub { name: name.to_owned(), link: None, path: path.to_owned() })
}

/// Whether these are the same commands, in any order, as far as their links are known.
pub(super) fn are_same(one: &[Sub], other: &[Sub]) -> bool {
    let is_same = |sub: &Sub, known: &Sub| {
        let links = sub.link.as_ref().zip(known.link.as_ref());
        sub.name == known.name
            && sub.path == known.path
            && links.is_none_or(|(link, known)| link == known)
    };
    one.len() == other.len() && one.iter().all(|sub| other.iter().any(|known| is_same(sub, known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said() {
        let said = "Name: x\nLink: /l/x\nSlaves:\n x.1 /l/x.1\nStatus: manual\nBest: /p/b\nValue: /p/a\n\n\
                    Alternative: /p/a\nPriority: 10\nSlaves:\n x.1 /p/a.1\n\nAlternative: /p/b\nPriority: 20\n";
        let group = Group::read(said);
        assert_eq!((group.link.as_deref(), group.value.as_str()), (Some("/l/x"), "/p/a"));
        assert_eq!(group.mode, Mode::Manual);
        assert_eq!(group.choices.len(), 2);
        let sub = Sub { name: "x.1".into(), link: Some("/l/x.1".into()), path: "/p/a.1".into() };
        assert!(are_same(&group.choices[0].subs, &[sub]));
        assert_eq!((group.choices[1].priority, group.choices[1].subs.len()), (20, 0));
    }

    #[test]
    fn what_the_one_with_families_says() {
        let said = "java - status is manual.\n link currently points to /j/8\n/j/8 - family java-8 priority 1800\n \
                    slave jre: /j/8/jre\n follower man: (null)\n/j/11 - priority 100\nCurrent `best' version is /j/8.\n";
        let group = Group::read_display(said).unwrap();
        assert_eq!((group.mode, group.value.as_str()), (Mode::Manual, "/j/8"));
        assert_eq!(group.choices[0].family.as_deref(), Some("java-8"));
        assert_eq!(group.choices[0].subs.len(), 1);
        assert_eq!((group.choices[1].priority, &group.choices[1].family), (100, &None));
        assert!(Group::read_display("").is_none());
    }
}
