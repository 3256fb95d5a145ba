//! A module's result with bytes that are no text: refused, unless a setting lets them pass. Must not know which
//! module said them.

use nafal_base::value::json_read::LoneSurrogate;
use nafal_templating::Effects;

use crate::effect::Performed;

/// Refuses it as stock does (case `command-not-text`); where it may pass, what is no text is replaced.
pub(crate) fn refuse(effects: &dyn Effects, performed: &mut Performed) {
    let Some(lone) = performed.outcome.take_noted() else { return };
    let strict = effects.setting("MODULE_STRICT_UTF8_RESPONSE");
    if strict.is_some_and(|strict| !strict.is_true()) {
        return;
    }
    *performed = Performed::raised(lone.refusal(), None, Some(LoneSurrogate::REMEDY.to_owned()));
}
