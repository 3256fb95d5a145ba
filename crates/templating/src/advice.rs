//! What is told of variables that are read although they will go. A template is looked through once
//! for each kind of host, before it runs: stock, too, tells of names that a condition then passes by.
//! Reading a variable costs nothing more. Must not know which variables those are.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use nafal_base::{Deprecated, Diagnostic, Scope, Span};

use crate::ast::Name;
use crate::session::Session;

/// What was looked for in one compiled text.
#[derive(Debug, Default)]
pub(crate) struct Advised {
    names: OnceLock<Vec<Name>>,
    /// A bit for each kind of host that was looked at.
    done: AtomicU64,
    /// A bit for each of them where something is to be told: each task that renders the text tells it.
    deprecated: AtomicU64,
}

/// The bit for what is read of other hosts (`hostvars`).
const OF_OTHERS: u8 = 63;

impl Advised {
    /// Whether this was done before; from now on it was.
    fn is_done(&self, kind: u8) -> bool {
        let bit = 1 << u32::from(kind.min(OF_OTHERS));
        // Reading first: who shares a template doesn't fight for it.
        self.done.load(Ordering::Relaxed) & bit != 0
            || self.done.fetch_or(bit, Ordering::Relaxed) & bit != 0
    }

    /// Tells what there is to tell of these names. Where that is nothing, they are looked through once.
    pub fn tell(
        &self,
        session: &Session<'_>,
        scope: &dyn Scope,
        span: Option<&Span>,
        names: impl FnOnce() -> Vec<Name>,
    ) {
        let Some(kind) = scope.kind_of_host() else { return };
        let bit = 1 << u32::from(kind.min(OF_OTHERS));
        if self.is_done(kind) && self.deprecated.load(Ordering::Relaxed) & bit == 0 {
            return;
        }
        for name in self.names.get_or_init(names) {
            if let Some(deprecated) = scope.deprecated(name) {
                self.deprecated.fetch_or(bit, Ordering::Relaxed);
                tell(session, deprecated, span);
            }
        }
    }

    /// Tells of a name that is read in the variables of another host, once.
    pub fn tell_of_other(
        &self,
        session: &Session<'_>,
        theirs: &dyn Scope,
        name: &str,
        span: Option<&Span>,
    ) {
        let bit = 1 << OF_OTHERS;
        if self.done.load(Ordering::Relaxed) & bit != 0 {
            return;
        }
        if let Some(deprecated) = theirs.deprecated(name) {
            self.done.fetch_or(bit, Ordering::Relaxed);
            tell(session, deprecated, span);
        }
    }
}

/// Tells why a variable isn't to be read, in stock's words: once a render, where it is read first, whatever variables
/// lead to it.
pub(crate) fn tell(session: &Session<'_>, deprecated: Deprecated, span: Option<&Span>) {
    // A constant inside a condition has no place, and the condition has told already.
    let Some(span) = span else { return };
    if !session.is_first(deprecated) {
        return;
    }
    let (what, version, remedy) = match deprecated {
        Deprecated::InjectedFact => (
            "INJECT_FACTS_AS_VARS default to `True` is deprecated, top-level facts will not be auto injected after the change.",
            "2.24",
            "Use `ansible_facts[\"fact_name\"]` (no `ansible_` prefix) instead.",
        ),
        Deprecated::Vars => (
            "The internal \"vars\" dictionary is deprecated.",
            "2.24",
            "Use the `vars` and `varnames` lookups instead.",
        ),
        Deprecated::PlayHosts => (
            "The `play_hosts` magic variable is deprecated.",
            "2.23",
            "Use `ansible_play_batch` instead.",
        ),
    };
    let told = Diagnostic::deprecation(what, version).at(span.clone()).hint(remedy);
    session.effects.tell(told);
}
