//! The table of filters: one slice a file.

use crate::plugin::Filter;

mod attributes;
mod combinations;
mod defaults;
pub mod dicts;
mod encoding;
mod group;
mod html;
mod json;
mod marks;
mod numbers;
mod passwords;
mod paths;
mod queries;
mod random;
mod regex;
mod select;
mod sequence;
mod sets;
mod sizes;
mod strings;
mod times;
mod urls;
mod writing;
mod yaml;

pub(crate) use combinations::{Nulls, flat, products};
pub(crate) use defaults::said_bool;
pub(crate) use marks::names_of;
pub(crate) use numbers::{big, real};
pub use paths::expand_user;
pub(crate) use random::generator;

/// Every one of them, by family.
pub static FILTERS: &[&[Filter]] = &[
    combinations::FILTERS,
    defaults::FILTERS,
    dicts::FILTERS,
    encoding::FILTERS,
    html::FILTERS,
    json::FILTERS,
    marks::FILTERS,
    numbers::FILTERS,
    passwords::FILTERS,
    paths::FILTERS,
    queries::FILTERS,
    random::FILTERS,
    regex::FILTERS,
    select::FILTERS,
    sequence::FILTERS,
    sets::FILTERS,
    sizes::FILTERS,
    strings::FILTERS,
    times::FILTERS,
    urls::FILTERS,
    writing::FILTERS,
    yaml::FILTERS,
];
