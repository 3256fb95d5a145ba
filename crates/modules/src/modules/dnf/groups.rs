//! Groups in what dnf lists. Must not know what becomes of them.

/// The name of a group, which may be called by its title, in dnf 4's list.
pub fn of_four(list: &str, title: &str) -> Option<String> {
    let mut is_groups = false;
    for line in list.lines() {
        if !line.starts_with(' ') {
            is_groups = line.ends_with("Groups:") && !line.contains("Environment");
            continue;
        }
        let known = line.trim().strip_suffix(')').and_then(|line| line.rsplit_once(" ("));
        if let Some((name, id)) = known
            && is_groups
            && (name == title || id == title)
        {
            return Some(id.to_owned());
        }
    }
    None
}

/// The same in dnf 5's: a name, a title that may have blanks, yes or no.
pub fn of_five(list: &str, title: &str) -> Option<String> {
    list.lines().skip(1).find_map(|line| {
        let (id, rest) = line.trim().split_once(char::is_whitespace)?;
        let (name, _) = rest.trim().rsplit_once(char::is_whitespace)?;
        (id == title || name.trim_end() == title).then(|| id.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_both() {
        let four = "Available Environment Groups:\n   Server (server)\nAvailable Groups:\n   Test Tools (tools)\n";
        let five = "ID                   Name       Installed\ntools                Test Tools       yes\n";
        for title in ["tools", "Test Tools"] {
            assert_eq!(of_four(four, title).as_deref(), Some("tools"));
            assert_eq!(of_five(five, title).as_deref(), Some("tools"));
        }
        assert_eq!(of_four(four, "server"), None);
        assert_eq!(of_five(five, "Test"), None);
        assert_eq!(of_five(five, "ID"), None);
    }
}
