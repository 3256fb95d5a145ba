//! The table of tests: one slice a file.

use crate::plugin::Test;

mod comparisons;
mod files;
mod marks;
mod members;
mod results;
mod texts;
mod types;
mod urls;
mod versions;

/// Every one of them, by family.
pub static TESTS: &[&[Test]] = &[
    comparisons::TESTS,
    files::TESTS,
    marks::TESTS,
    members::TESTS,
    results::TESTS,
    texts::TESTS,
    types::TESTS,
    urls::TESTS,
    versions::TESTS,
];

/// A test that an undefined value fails with its own error.
const fn test(
    names: &'static [&'static str],
    doc: &'static str,
    run: fn(&crate::Context<'_>, &nafal_base::Value, crate::Args<'_>) -> Result<bool, crate::Error>,
) -> Test {
    Test {
        names,
        undefined: crate::OnUndefined::PassOn,
        members: crate::plugin::OnMembers::Render,
        doc,
        run,
    }
}
