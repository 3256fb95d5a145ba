//! Which collectors `gather_subset` means. Must not gather.

use std::collections::BTreeSet;

use super::{COLLECTORS, Collector, MINIMAL, WITHOUT_FACTS};

fn named(name: &str) -> Vec<&'static str> {
    COLLECTORS
        .iter()
        .filter(|collector| collector.name == name || collector.aliases.contains(&name))
        .map(|collector| collector.name)
        .collect()
}

fn allowed() -> String {
    let mut names: BTreeSet<&str> = WITHOUT_FACTS.iter().copied().collect();
    names.insert("all");
    names.insert("min");
    for collector in COLLECTORS {
        names.insert(collector.name);
        names.extend(collector.aliases);
    }
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// The collectors that a list of subsets chooses, or why it can't be.
pub fn choose(subsets: &[&str]) -> Result<Vec<&'static Collector>, String> {
    let all = || COLLECTORS.iter().map(|collector| collector.name);
    let mut chosen: BTreeSet<&str> = BTreeSet::new();
    let (mut excluded, mut explicit) = (BTreeSet::new(), BTreeSet::new());
    let mut is_minimal_wanted = true;
    let mut is_nothing_chosen = true;
    for subset in subsets.iter().map(|subset| subset.trim()) {
        match subset.strip_prefix('!') {
            Some("all") => excluded.extend(all().filter(|name| !MINIMAL.contains(name))),
            Some("min") => is_minimal_wanted = false,
            Some(name) => excluded.extend(named(name)),
            None => {
                is_nothing_chosen = false;
                match subset {
                    "all" => chosen.extend(all()),
                    "min" => chosen.extend(MINIMAL),
                    name => {
                        let found = named(name);
                        if found.is_empty() && !WITHOUT_FACTS.contains(&name) {
                            return Err(format!(
                                "Bad subset '{name}' given to Ansible. gather_subset options allowed: {}",
                                allowed()
                            ));
                        }
                        explicit.extend(found.iter().copied());
                        chosen.extend(found);
                    }
                }
            }
        }
    }
    if is_nothing_chosen {
        chosen.extend(all());
    }
    if is_minimal_wanted {
        chosen.extend(MINIMAL);
    } else {
        excluded.extend(MINIMAL);
    }
    chosen.retain(|name| !excluded.contains(name) || explicit.contains(name));
    Ok(COLLECTORS.iter().filter(|collector| chosen.contains(collector.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(subsets: &[&str]) -> Vec<&'static str> {
        choose(subsets).unwrap().iter().map(|collector| collector.name).collect()
    }

    #[test]
    fn as_stock_chooses() {
        assert_eq!(names(&["all"]).len(), COLLECTORS.len());
        assert_eq!(names(&["!all"]), MINIMAL);
        assert!(names(&["!all", "!min"]).is_empty());
        assert_eq!(names(&["!all", "!min", "network"]), ["network"]);
        assert_eq!(names(&["network"]).len(), MINIMAL.len() + 1);
        assert!(!names(&["!hardware"]).contains(&"hardware"));
        assert_eq!(names(&["!all", "!min", "default_ipv4"]), ["network"]);
        assert!(choose(&["nosuch"]).err().unwrap().starts_with("Bad subset 'nosuch' given"));
    }
}
