//! Names of groups that no variable could have, and what the setting does to them. Must not know where they stand.

use std::borrow::Cow;

use crate::data::{Data, Inventory};

/// What becomes of such names (TRANSFORM_INVALID_GROUP_CHARS).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupNames {
    /// They stay, with a warning (`never`).
    #[default]
    Kept,
    /// They stay (`ignore`).
    KeptSilently,
    /// What is wrong in them becomes `_`, with a warning (`always`).
    Replaced,
    /// The same without the warning (`silently`).
    ReplacedSilently,
}

impl GroupNames {
    /// As the setting says it.
    pub fn named(word: &str) -> Option<GroupNames> {
        Some(match word {
            "never" => GroupNames::Kept,
            "ignore" => GroupNames::KeptSilently,
            "always" => GroupNames::Replaced,
            "silently" => GroupNames::ReplacedSilently,
            _ => return None,
        })
    }

    /// The name that a group gets.
    pub(crate) fn name(self, given: &str) -> Cow<'_, str> {
        match self {
            GroupNames::Replaced | GroupNames::ReplacedSilently if !is_safe_group_name(given) => {
                let mut safe: String =
                    given.chars().map(|c| if is_part(c) { c } else { '_' }).collect();
                if safe.starts_with(|c: char| c.is_ascii_digit()) {
                    safe.replace_range(..1, "_");
                }
                safe.into()
            }
            _ => given.into(),
        }
    }

    /// What is told where there was such a name.
    pub(crate) fn warning(self) -> Option<&'static str> {
        match self {
            GroupNames::Kept => Some(
                "Invalid characters were found in group names but not replaced, use -vvvv to see details",
            ),
            GroupNames::Replaced => Some(
                "Invalid characters were found in group names and automatically replaced, use -vvvv to see details",
            ),
            GroupNames::KeptSilently | GroupNames::ReplacedSilently => None,
        }
    }
}

fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Letters, digits and underscores; no digit first.
pub(crate) fn is_safe_group_name(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(is_part)
}

impl Inventory {
    /// What is told of its names of groups.
    pub fn group_names_warning(&self) -> Option<&'static str> {
        self.0.group_names_warning()
    }
}

impl Data {
    pub(crate) fn group_names_warning(&self) -> Option<&'static str> {
        self.has_odd_groups.then(|| self.group_names.warning()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_change() {
        let name = |given| GroupNames::Replaced.name(given).into_owned();
        assert_eq!(name("my-group.x"), "my_group_x");
        assert_eq!(name("1st"), "_st");
        assert_eq!(name("größe_1"), "größe_1");
        assert_eq!(GroupNames::KeptSilently.name("a-b"), "a-b");
    }
}
