//! What `update-alternatives --query` says. Must not know what is wanted.

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
    pub link: String,
    pub path: String,
}

/// One of the programs.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub path: String,
    pub priority: i64,
    pub subs: Vec<Sub>,
}

/// A command and the programs that it can be.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub link: String,
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
                let link = link.map_or("", |(_, link)| link).to_owned();
                Sub { name: name.to_owned(), link, path: path.to_owned() }
            });
            Choice {
                path: field(block, "Alternative"),
                priority: field(block, "Priority").parse().unwrap_or_default(),
                subs: subs.collect(),
            }
        };
        Group {
            link: field(head, "Link"),
            mode: if field(head, "Status") == "auto" { Mode::Automatic } else { Mode::Manual },
            value: field(head, "Value"),
            choices: blocks.filter(|block| !block.trim().is_empty()).map(choice).collect(),
        }
    }
}

/// Whether these are the same commands, in any order.
pub(super) fn are_same(one: &[Sub], other: &[Sub]) -> bool {
    let sorted = |subs: &[Sub]| {
        let mut subs = subs.to_vec();
        subs.sort();
        subs
    };
    sorted(one) == sorted(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said() {
        let said = "Name: x\nLink: /l/x\nSlaves:\n x.1 /l/x.1\nStatus: manual\nBest: /p/b\nValue: /p/a\n\n\
                    Alternative: /p/a\nPriority: 10\nSlaves:\n x.1 /p/a.1\n\nAlternative: /p/b\nPriority: 20\n";
        let group = Group::read(said);
        assert_eq!((group.link.as_str(), group.value.as_str()), ("/l/x", "/p/a"));
        assert_eq!(group.mode, Mode::Manual);
        assert_eq!(group.choices.len(), 2);
        let sub = Sub { name: "x.1".into(), link: "/l/x.1".into(), path: "/p/a.1".into() };
        assert!(are_same(&group.choices[0].subs, &[sub]));
        assert_eq!((group.choices[1].priority, group.choices[1].subs.len()), (20, 0));
    }
}
