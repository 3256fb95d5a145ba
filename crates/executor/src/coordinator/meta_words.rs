//! Which `meta` actions there are, and what stock says of them. Must not know what they do.

/// What a `meta` task asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meta {
    Noop,
    FlushHandlers,
    RefreshInventory,
    ClearFacts,
    ClearHostErrors,
    EndPlay,
    EndBatch,
    EndHost,
    EndRole,
    ResetConnection,
}

impl Meta {
    const ALL: [(&'static str, Meta); 10] = [
        ("noop", Meta::Noop),
        ("flush_handlers", Meta::FlushHandlers),
        ("refresh_inventory", Meta::RefreshInventory),
        ("clear_facts", Meta::ClearFacts),
        ("clear_host_errors", Meta::ClearHostErrors),
        ("end_play", Meta::EndPlay),
        ("end_batch", Meta::EndBatch),
        ("end_host", Meta::EndHost),
        ("end_role", Meta::EndRole),
        ("reset_connection", Meta::ResetConnection),
    ];

    pub(super) fn named(name: &str) -> Option<Meta> {
        Meta::ALL.iter().find(|(known, _)| *known == name).map(|(_, meta)| *meta)
    }

    /// Whether each host runs it and is told of; the others run once, for the first host, whose
    /// condition decides for all.
    pub(super) fn is_for_each(self) -> bool {
        use Meta::{EndHost, EndRole, FlushHandlers, Noop, ResetConnection};
        matches!(self, Noop | ResetConnection | EndHost | FlushHandlers | EndRole)
    }

    pub(super) fn takes_conditions(self) -> bool {
        !matches!(self, Meta::Noop | Meta::RefreshInventory | Meta::ResetConnection)
    }
}

/// What is told where one does its work on a host; `end_role` tells nothing.
pub(super) fn done(meta: Meta, host: &str) -> Option<String> {
    let told = match meta {
        Meta::Noop => "noop",
        Meta::RefreshInventory => "inventory successfully refreshed",
        Meta::ClearFacts => "facts cleared",
        Meta::ClearHostErrors => "cleared host errors",
        Meta::EndPlay => "ending play",
        Meta::EndBatch => "ending batch",
        Meta::ResetConnection => "reset connection",
        Meta::FlushHandlers => return Some(format!("triggered running handlers for {host}")),
        Meta::EndHost => return Some(format!("ending play for {host}")),
        Meta::EndRole => return None,
    };
    Some(told.to_owned())
}

/// The message and the reason of a result whose condition isn't met.
pub(super) fn skipped(meta: Meta, name: &str, host: &str, role: &str) -> (String, String) {
    let then = match meta {
        Meta::FlushHandlers => format!("not running handlers for {host}"),
        Meta::ClearFacts => format!("not clearing facts and fact cache for {host}"),
        Meta::ClearHostErrors => format!("not clearing host error state for {host}"),
        Meta::EndBatch => "continuing current batch".to_owned(),
        Meta::EndPlay => "continuing play".to_owned(),
        Meta::EndRole => format!("continuing role {role} for {host}"),
        Meta::EndHost | Meta::Noop | Meta::RefreshInventory | Meta::ResetConnection => {
            format!("continuing execution for {host}")
        }
    };
    let reason = format!("{name} conditional evaluated to False, {then}");
    // Only here the message is more than the action's name, and in another case.
    let message = match meta {
        Meta::EndHost => reason.replacen("False", "false", 1),
        _ => name.to_owned(),
    };
    (message, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_actions() {
        assert_eq!(Meta::named("end_role"), Some(Meta::EndRole));
        assert_eq!(Meta::named("end_world"), None);
        assert!(Meta::EndHost.is_for_each() && !Meta::EndPlay.is_for_each());
        assert!(Meta::EndPlay.takes_conditions() && !Meta::Noop.takes_conditions());
    }
}
