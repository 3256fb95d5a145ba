//! Filters, tests, lookups and functions by name. Must not know what they do.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::filters::FILTERS;
use crate::functions::FUNCTIONS;
use crate::lookups::LOOKUPS;
use crate::plugin::{Filter, Function, Lookup, Test};
use crate::tests_table::TESTS;

type Names<T> = HashMap<&'static str, &'static T, foldhash::fast::FixedState>;

static BY_FILTER: LazyLock<Names<Filter>> = LazyLock::new(|| {
    FILTERS.iter().copied().flatten().flat_map(|f| f.names.iter().map(move |n| (*n, f))).collect()
});
static BY_TEST: LazyLock<Names<Test>> = LazyLock::new(|| {
    TESTS.iter().copied().flatten().flat_map(|t| t.names.iter().map(move |n| (*n, t))).collect()
});
static BY_LOOKUP: LazyLock<Names<Lookup>> = LazyLock::new(|| {
    LOOKUPS.iter().copied().flatten().flat_map(|l| l.names.iter().map(move |n| (*n, l))).collect()
});
static BY_FUNCTION: LazyLock<Names<Function>> =
    LazyLock::new(|| FUNCTIONS.iter().copied().flatten().map(|f| (f.name, f)).collect());

/// The name without `ansible.builtin.` or `ansible.legacy.`.
pub fn short_name(name: &str) -> &str {
    name.strip_prefix("ansible.builtin.")
        .or_else(|| name.strip_prefix("ansible.legacy."))
        .unwrap_or(name)
}

fn find<T>(names: &Names<T>, name: &str) -> Option<&'static T> {
    // Most names are short ones; names of collections (`ansible.utils.ipaddr`) are in the table as
    // they are.
    names.get(name).or_else(|| names.get(short_name(name))).copied()
}

/// The filter of this name.
pub fn filter(name: &str) -> Option<&'static Filter> {
    find(&BY_FILTER, name)
}

/// The test of this name.
pub fn test(name: &str) -> Option<&'static Test> {
    find(&BY_TEST, name)
}

/// The lookup of this name.
pub fn lookup(name: &str) -> Option<&'static Lookup> {
    find(&BY_LOOKUP, name)
}

/// The global function of this name.
pub fn function(name: &str) -> Option<&'static Function> {
    BY_FUNCTION.get(name).copied()
}
