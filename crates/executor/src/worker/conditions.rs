//! `when`, `until`, `changed_when`, `failed_when`.

use nafal_base::Value;
use nafal_parser::playbook::ast::Keywords;
use nafal_templating::Renderer;

use crate::worker::fault::Fault;

/// How a list of conditions came out.
pub(crate) enum Verdict<'a> {
    /// All hold (or there are none).
    Holds,
    /// This one doesn't.
    Fails(&'a Value),
}

/// Whether the condition itself is at fault, not what it says: stock tells such as a cause.
fn is_own_fault(error: &nafal_templating::Error) -> bool {
    let message = error.message();
    message.starts_with("Empty conditional")
        || message.starts_with("Conditional result (")
        || message.starts_with("Conditional expressions must")
}

/// Whether all conditions hold; the first that doesn't ends it.
pub(crate) fn all<'a>(
    keyword: &str,
    conditions: &'a [Value],
    keywords: &Keywords,
    renderer: &Renderer<'_>,
) -> Result<Verdict<'a>, Fault> {
    for condition in conditions {
        let holds = renderer.condition(condition).map_err(|error| {
            let article = if keyword == "until" { "An" } else { "A" };
            let prefix = format!("{article} '{keyword}' expression failed");
            let odd = keywords.odd_conditions.iter().find(|(name, _)| *name == keyword);
            let span = condition.span().or(odd.map(|(_, span)| span));
            if is_own_fault(&error) {
                return Fault::of("", &error, span).below(prefix, span.cloned());
            }
            Fault::of(&prefix, &error, span)
        })?;
        if !holds {
            return Ok(Verdict::Fails(condition));
        }
    }
    Ok(Verdict::Holds)
}
