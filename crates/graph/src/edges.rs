//! The graph's edges.

/// Why one node comes before another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edge {
    /// It stands before it.
    Order,
    /// It writes this variable (register, set_fact, include_vars), which the other reads.
    Data(String),
    /// It notifies this handler or topic.
    Notify(String),
    /// A failure in it goes there.
    Rescue,
    /// Whatever happens in it, that comes after.
    Always,
}
