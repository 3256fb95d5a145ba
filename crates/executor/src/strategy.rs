//! How the hosts of a play go through it.

/// A strategy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// All hosts run a task before any of them goes on.
    #[default]
    Linear,
    /// The same, with the debugger where a task fails.
    Debug,
    /// Each host goes on by itself.
    Free,
    /// Each host goes on by itself, to its end, before another takes its place.
    HostPinned,
}

impl Strategy {
    /// The strategy of this name.
    pub fn named(name: &str) -> Option<Strategy> {
        match name.strip_prefix("ansible.builtin.").unwrap_or(name) {
            "linear" => Some(Strategy::Linear),
            "debug" => Some(Strategy::Debug),
            "free" => Some(Strategy::Free),
            "host_pinned" => Some(Strategy::HostPinned),
            _ => None,
        }
    }
}
