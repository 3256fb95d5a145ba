//! Which tasks a run's `--tags` and `--skip-tags` leave.

use std::collections::BTreeSet;

/// What was asked for on the command line.
#[derive(Clone, Debug)]
pub struct TagFilter {
    /// `--tags`; `all` when nothing was said.
    pub only: BTreeSet<String>,
    /// `--skip-tags`.
    pub skip: BTreeSet<String>,
}

impl Default for TagFilter {
    fn default() -> TagFilter {
        TagFilter { only: BTreeSet::from(["all".to_owned()]), skip: BTreeSet::new() }
    }
}

impl TagFilter {
    /// A filter from what was asked for; nothing means `all`.
    pub fn new(
        only: impl IntoIterator<Item = String>,
        skip: impl IntoIterator<Item = String>,
    ) -> TagFilter {
        let mut only: BTreeSet<String> = only.into_iter().collect();
        if only.is_empty() {
            only.insert("all".to_owned());
        }
        TagFilter { only, skip: skip.into_iter().collect() }
    }

    /// Whether a task with these tags runs. A task without tags is `untagged`.
    pub fn allows(&self, tags: &[String]) -> bool {
        let untagged = ["untagged".to_owned()];
        let tags = if tags.is_empty() { &untagged[..] } else { tags };
        let has = |tag: &str| tags.iter().any(|own| own == tag);
        let is_tagged = !(tags.len() == 1 && has("untagged"));
        let wanted = has("always")
            || (self.only.contains("all") && !has("never"))
            || tags.iter().any(|tag| self.only.contains(tag))
            || (self.only.contains("tagged") && is_tagged && !has("never"));
        wanted && !self.skips(tags, is_tagged)
    }

    fn skips(&self, tags: &[String], is_tagged: bool) -> bool {
        let always = tags.iter().any(|tag| tag == "always");
        if self.skip.contains("all") {
            // `always` survives `--skip-tags all` unless it is named too.
            return !always || self.skip.contains("always");
        }
        tags.iter().any(|tag| self.skip.contains(tag))
            || (self.skip.contains("tagged") && is_tagged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(only: &[&str], skip: &[&str], tags: &[&str], runs: bool) {
        let own = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        let filter = TagFilter::new(own(only), own(skip));
        assert_eq!(filter.allows(&own(tags)), runs, "{only:?} {skip:?} {tags:?}");
    }

    #[test]
    fn as_documented() {
        check(&[], &[], &[], true);
        check(&[], &[], &["never"], false);
        check(&["never"], &[], &["never"], true);
        check(&["a"], &[], &[], false);
        check(&["a"], &[], &["a", "b"], true);
        check(&["a"], &[], &["always"], true);
        check(&["a"], &["always"], &["always"], false);
        check(&["tagged"], &[], &["x"], true);
        check(&["tagged"], &[], &[], false);
        check(&["untagged"], &[], &[], true);
        check(&[], &["tagged"], &["x"], false);
        check(&[], &["x"], &["x"], false);
        check(&["x"], &[], &["never", "x"], true);
        check(&["all"], &["all"], &["always"], true);
        check(&["all"], &["all"], &["y"], false);
    }
}
