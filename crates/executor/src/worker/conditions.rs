//! `when`, `until`, `changed_when`, `failed_when`.

use nafal_base::Value;
use nafal_templating::Renderer;

use crate::worker::fault::Fault;

/// How a list of conditions came out.
pub(crate) enum Verdict<'a> {
    /// All hold (or there are none).
    Holds,
    /// This one doesn't.
    Fails(&'a Value),
}

/// Whether all conditions hold; the first that doesn't ends it.
pub(crate) fn all<'a>(
    keyword: &str,
    conditions: &'a [Value],
    renderer: &Renderer<'_>,
) -> Result<Verdict<'a>, Fault> {
    for condition in conditions {
        let holds = renderer.condition(condition).map_err(|error| {
            Fault::of(&format!("A '{keyword}' expression failed"), &error, condition.span())
        })?;
        if !holds {
            return Ok(Verdict::Fails(condition));
        }
    }
    Ok(Verdict::Holds)
}
