//! What can go wrong before an action runs at all: its host's connection settings.

use nafal_base::HostName;

/// Connection settings that don't make sense.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A connection that nafal does not have.
    #[error("the connection plugin '{name}' was not found")]
    UnknownConnection {
        /// Which.
        name: String,
        /// For which host.
        host: HostName,
    },
    /// A way to become another user that nafal does not have.
    #[error(
        "Invalid become method specified, could not find matching plugin: '{name}'. Use `ansible-doc -t become -l` to list available plugins."
    )]
    UnknownBecome {
        /// Which.
        name: String,
        /// For which host.
        host: HostName,
    },
    /// A way to become another user that nafal hasn't built.
    #[error("the become method '{name}' is not built in nafal yet: there are sudo and su")]
    UnbuiltBecome {
        /// Which.
        name: String,
        /// For which host.
        host: HostName,
    },
    /// A connection variable with a value that can't be used.
    #[error("{name} has the value '{value}', which can't be used: {reason}")]
    BadVariable {
        /// The variable.
        name: String,
        /// Its value.
        value: String,
        /// Why not.
        reason: String,
        /// For which host.
        host: HostName,
    },
    /// A variable that could not be rendered.
    #[error(transparent)]
    Template(#[from] nafal_templating::Error),
}
