//! Which effects of a task remain, and whose they are. It applies none.

use nafal_actions::Effect;
use nafal_base::HostName;

/// Stock changes the inventory, and includes, before it looks at the result.
pub(crate) const fn outlives_failure(effect: &Effect) -> bool {
    matches!(effect, Effect::AddHost { .. } | Effect::GroupBy { .. } | Effect::Include(_))
}

/// Takes out the effects that are this host's facts.
pub(crate) fn sent_to(host: &HostName, effects: &mut Vec<Effect>) -> Vec<(HostName, Effect)> {
    let (facts, rest): (Vec<Effect>, Vec<Effect>) =
        std::mem::take(effects).into_iter().partition(|effect| {
            matches!(
                effect,
                Effect::Variables(_)
                    | Effect::CacheableVariables(_)
                    | Effect::Facts(_)
                    | Effect::IncludedVariables(_)
            )
        });
    *effects = rest;
    facts.into_iter().map(|effect| (host.clone(), effect)).collect()
}
