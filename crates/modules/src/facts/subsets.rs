//! Which collectors `gather_subset` means. Must not gather.

use std::collections::BTreeSet;

use super::{COLLECTORS, Collector, MINIMAL, WITHOUT_FACTS};

type Names = BTreeSet<&'static str>;

fn every_name() -> impl Iterator<Item = &'static str> {
    COLLECTORS.iter().flat_map(names_of)
}

fn names_of(collector: &Collector) -> impl Iterator<Item = &'static str> + use<> {
    std::iter::once(collector.name).chain(collector.aliases.iter().copied())
}

/// A name with those of the collector that it is the first name of.
fn expanded(name: &str) -> Vec<&'static str> {
    match COLLECTORS.iter().find(|collector| collector.name == name) {
        Some(collector) => names_of(collector).collect(),
        None => every_name().filter(|known| *known == name).take(1).collect(),
    }
}

fn allowed() -> String {
    let mut names: BTreeSet<&str> = WITHOUT_FACTS.iter().copied().chain(every_name()).collect();
    names.insert("all");
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// The collectors that a list of subsets chooses, or why it can't be.
///
/// Names are added and taken away one by one: a collector is out when none of its names is left
/// (so `!processor` leaves `hardware`), and in again when another one needs it.
pub fn choose(subsets: &[&str]) -> Result<Vec<&'static Collector>, String> {
    let (mut chosen, mut excluded, mut explicit) = (Names::new(), Names::new(), Names::new());
    if subsets.is_empty() {
        chosen.extend(every_name());
    }
    let mut wants_minimal = true;
    for subset in subsets.iter().map(|subset| subset.trim()) {
        match subset.strip_prefix('!') {
            Some("min") => wants_minimal = false,
            Some("all") => excluded.extend(every_name().filter(|name| !MINIMAL.contains(name))),
            Some(name) => excluded.extend(expanded(name)),
            None if subset == "all" => chosen.extend(every_name()),
            None if subset == "min" => chosen.extend(MINIMAL),
            None => {
                let names = expanded(subset);
                if names.is_empty() && !WITHOUT_FACTS.contains(&subset) {
                    let allowed = allowed();
                    return Err(format!(
                        "Bad subset '{subset}' given to Ansible. gather_subset options allowed: {allowed}"
                    ));
                }
                explicit.extend(names);
            }
        }
    }
    match wants_minimal {
        true => chosen.extend(MINIMAL),
        false => excluded.extend(MINIMAL),
    }
    chosen.retain(|name| !excluded.contains(name));
    chosen.extend(explicit);
    Ok(with_needs(&chosen))
}

fn with_needs(chosen: &Names) -> Vec<&'static Collector> {
    let is_chosen = |collector: &&Collector| names_of(collector).any(|name| chosen.contains(name));
    let needed: Names = COLLECTORS
        .iter()
        .filter(is_chosen)
        .flat_map(|collector| collector.needs)
        .copied()
        .collect();
    let is_wanted =
        |collector: &&Collector| is_chosen(collector) || needed.contains(collector.name);
    COLLECTORS.iter().filter(is_wanted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(subsets: &[&str]) -> Vec<&'static str> {
        choose(subsets).unwrap().iter().map(|collector| collector.name).collect()
    }

    #[test]
    fn as_stock_chooses() {
        let all = names(&["all"]);
        assert_eq!(all.len(), COLLECTORS.len());
        assert_eq!(names(&[]), all);
        for minimal in [&["min"][..], &["!all"], &["!hardware"], &["!nosuch"], &["all", "!all"]] {
            assert_eq!(names(minimal), MINIMAL, "{minimal:?}");
        }
        for nothing in [&["!min"][..], &["!all", "!min"], &["!all", "!min", "all"]] {
            assert!(names(nothing).is_empty(), "{nothing:?}");
        }
        assert_eq!(names(&["!all", "!min", "fips"]), ["fips"]);
        assert_eq!(names(&["network", "!network"]).len(), MINIMAL.len() + 1);
        assert_eq!(names(&["all", "!processor"]), all);
        assert_eq!(names(&["all", "!user"]).len(), all.len() - 1);
        assert!(choose(&["nosuch"]).err().unwrap().starts_with("Bad subset 'nosuch' given"));
    }

    #[test]
    fn what_others_need_comes_along() {
        assert_eq!(names(&["!all", "!min", "mounts"]), ["hardware", "platform"]);
        assert_eq!(names(&["!min", "pkg_mgr"]), ["distribution", "pkg_mgr"]);
        assert!(names(&["all", "!platform"]).contains(&"platform"));
        // Names that are aliases of their collectors aren't the least.
        let without = names(&["all", "!min"]);
        assert!(without.contains(&"caps") && without.contains(&"user"));
        assert!(!without.contains(&"env") && !without.contains(&"python"));
    }
}
