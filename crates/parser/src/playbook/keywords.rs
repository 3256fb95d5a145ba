//! Which keywords there are and where each may stand, and those that plays, blocks, tasks and
//! roles share. Must not know what a keyword does.

use super::ast::Keywords;
use super::reader::{Fields, Reader};
use crate::error::Error;
use crate::suggest::closest;

/// Where a keyword may stand; a set of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(u8);

impl Place {
    pub(super) const PLAY: Place = Place(1);
    pub(super) const ROLE: Place = Place(2);
    pub(super) const BLOCK: Place = Place(4);
    pub(super) const TASK: Place = Place(8);
    pub(super) const HANDLER: Place = Place(16);
    /// `include_tasks` and `include_role`.
    pub(super) const INCLUDE: Place = Place(32);
    pub(super) const IMPORT_PLAYBOOK: Place = Place(64);
    /// `include_tasks` as a handler.
    pub(super) const HANDLER_INCLUDE: Place = Place(128);

    const fn and(self, other: Place) -> Place {
        Place(self.0 | other.0)
    }

    fn has(self, other: Place) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether an include's keywords are meant.
    pub(super) fn is_include(self) -> bool {
        I.has(self)
    }
}

/// Every place with its name in the documentation.
pub const PLACES: [(&str, Place); 8] = [
    ("play", Place::PLAY),
    ("role", Place::ROLE),
    ("block", Place::BLOCK),
    ("task", Place::TASK),
    ("handler", Place::HANDLER),
    ("include", Place::INCLUDE),
    ("handler include", Place::HANDLER_INCLUDE),
    ("import_playbook", Place::IMPORT_PLAYBOOK),
];

const P: Place = Place::PLAY;
const B: Place = Place::BLOCK;
const T: Place = Place::TASK.and(Place::HANDLER);
const I: Place = Place::INCLUDE.and(Place::HANDLER_INCLUDE);
const TI: Place = T.and(I);
const RBT: Place = Place::ROLE.and(B).and(T);
const WHEN: Place = RBT.and(I).and(Place::IMPORT_PLAYBOOK);
const ALL: Place = P.and(RBT).and(Place::IMPORT_PLAYBOOK);
const EVERYWHERE: Place = ALL.and(I);

/// Every keyword.
const KEYWORDS: &[(&str, Place)] = &[
    ("action", TI),
    ("always", B),
    ("any_errors_fatal", ALL),
    ("args", TI),
    ("async", T),
    ("become", ALL),
    ("become_exe", ALL),
    ("become_flags", ALL),
    ("become_method", ALL),
    ("become_user", ALL),
    ("block", B),
    ("changed_when", T),
    ("check_mode", ALL),
    ("collections", P.and(RBT).and(I)),
    ("connection", ALL),
    ("debugger", EVERYWHERE),
    ("delay", T),
    ("delegate_facts", RBT),
    ("delegate_to", RBT),
    ("diff", ALL),
    ("environment", ALL),
    ("fact_path", P),
    ("failed_when", T),
    ("force_handlers", P),
    ("gather_facts", P),
    ("gather_subset", P),
    ("gather_timeout", P),
    ("handlers", P),
    ("hosts", P),
    ("ignore_errors", EVERYWHERE),
    ("ignore_unreachable", ALL),
    ("listen", Place::HANDLER.and(Place::HANDLER_INCLUDE)),
    ("local_action", TI),
    ("loop", TI),
    ("loop_control", TI),
    ("max_fail_percentage", P),
    ("module_defaults", ALL),
    ("name", EVERYWHERE),
    ("no_log", EVERYWHERE),
    ("notify", B.and(T)),
    ("order", P),
    ("poll", T),
    ("port", ALL),
    ("post_tasks", P),
    ("pre_tasks", P),
    ("register", TI),
    ("remote_user", ALL),
    ("rescue", B),
    ("retries", T),
    ("roles", P),
    ("run_once", EVERYWHERE),
    ("serial", P),
    ("strategy", P),
    ("tags", EVERYWHERE),
    ("tasks", P),
    ("throttle", ALL),
    ("timeout", EVERYWHERE),
    ("until", T),
    ("user", P),
    ("validate_argspec", P),
    ("vars", EVERYWHERE),
    ("vars_files", P),
    ("vars_prompt", P),
    ("when", WHEN),
];

/// Whether `name` is a keyword there.
pub(super) fn is_keyword(name: &str, place: Place) -> bool {
    KEYWORDS
        .binary_search_by_key(&name, |(keyword, _)| keyword)
        .is_ok_and(|index| KEYWORDS[index].1.has(place))
}

/// Every keyword with the names of the places where it may stand.
pub fn keyword_places() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    KEYWORDS.iter().map(|(name, places)| {
        let there = PLACES.iter().filter(|(_, place)| places.has(*place));
        (*name, there.map(|(name, _)| *name).collect())
    })
}

/// The keywords that may stand there.
pub(super) fn of(place: Place) -> impl Iterator<Item = &'static str> {
    KEYWORDS.iter().filter(move |(_, places)| places.has(place)).map(|(name, _)| *name)
}

impl Reader<'_> {
    /// Reports every key of a mapping that isn't a keyword there (`known` aside).
    pub(super) fn check_keywords(&mut self, fields: Fields<'_>, place: Place, known: &[&str]) {
        for key in fields.dict.keys() {
            let name = key.value().to_text();
            let text = key.as_str();
            if text.is_some_and(|text| is_keyword(text, place) || known.contains(&text)) {
                continue;
            }
            let span = self.places.of_key(Some(fields.span), key.value());
            let span = span.unwrap_or_else(|| fields.span.clone());
            let hint = text.and_then(|text| keyword_hint(text, place));
            let (keyword, owner) = (name.into_owned(), fields.owner);
            self.errors.push(Error::UnknownKeyword { keyword, owner, span, hint });
        }
    }

    /// What plays, blocks, tasks and roles share.
    pub(super) fn keywords(&mut self, fields: Fields<'_>) -> Keywords {
        Keywords {
            name: self.text(fields, "name"),
            vars: self.vars(fields),
            when: self.list(fields, "when"),
            odd_conditions: self.odd_conditions(fields),
            tags: self.tags(fields),
            environment: self.list(fields, "environment"),
            module_defaults: self.module_defaults(fields),
            collections: self.texts(fields, "collections"),
            r#become: self.template(fields, "become"),
            become_user: self.text(fields, "become_user"),
            become_method: self.text(fields, "become_method"),
            become_flags: self.text(fields, "become_flags"),
            become_exe: self.text(fields, "become_exe"),
            connection: self.text(fields, "connection"),
            port: self.template(fields, "port"),
            remote_user: self.text(fields, "remote_user"),
            no_log: self.template(fields, "no_log"),
            ignore_errors: self.template(fields, "ignore_errors"),
            ignore_unreachable: self.template(fields, "ignore_unreachable"),
            check_mode: self.template(fields, "check_mode"),
            diff: self.template(fields, "diff"),
            any_errors_fatal: self.template(fields, "any_errors_fatal"),
            run_once: self.template(fields, "run_once"),
            throttle: self.template(fields, "throttle"),
            timeout: self.template(fields, "timeout"),
            debugger: self.text(fields, "debugger"),
            delegate_to: self.text(fields, "delegate_to"),
            delegate_facts: self.template(fields, "delegate_facts"),
        }
    }
}

/// What may be meant by a keyword that isn't one there.
pub(super) fn keyword_hint(wrong: &str, place: Place) -> Option<String> {
    if let Some(meant) = closest(wrong, of(place)) {
        return Some(format!("Did you mean '{meant}'?"));
    }
    let replacement = match wrong {
        "sudo" | "su" => "become",
        "sudo_user" | "su_user" => "become_user",
        "gather_fact" => "gather_facts",
        _ => return None,
    };
    Some(format!("'{wrong}' was replaced by '{replacement}'."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_for_the_search() {
        assert!(KEYWORDS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(is_keyword("when", Place::TASK) && !is_keyword("when", Place::PLAY));
        assert!(!is_keyword("become", Place::INCLUDE) && is_keyword("register", Place::INCLUDE));
        assert_eq!(keyword_hint("becom", Place::TASK).unwrap(), "Did you mean 'become'?");
    }
}
