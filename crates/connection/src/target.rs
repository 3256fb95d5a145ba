//! Where modules run and as whom.

use std::fmt;

use nafal_base::HostName;

/// A password. Never shown.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// Keeps a password.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The password, for whoever must hand it over.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

/// What ssh is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SshOptions {
    /// Name or address.
    pub address: String,
    /// `-o Port`.
    pub port: Option<u16>,
    /// `-o User`.
    pub user: Option<String>,
    /// `-o IdentityFile`.
    pub private_key: Option<String>,
    /// `ssh_args`: instead of stock's own `-C -o ControlMaster=auto …`.
    pub ssh_args: Option<String>,
    /// `ssh_common_args`.
    pub common_args: Option<String>,
    /// `ssh_extra_args`.
    pub extra_args: Option<String>,
    /// The ssh program.
    pub executable: Option<String>,
    /// Whether an unknown host key is a reason not to connect.
    pub host_key_checking: bool,
    /// `ConnectTimeout`, in seconds.
    pub timeout: u64,
    /// The login's password.
    pub password: Option<Secret>,
}

/// How the machine is reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It is this one.
    Local,
    /// By ssh.
    Ssh(Box<SshOptions>),
}

/// How another user is become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BecomeMethod {
    /// sudo.
    Sudo,
    /// su.
    Su,
}

/// Another user than the login's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Become {
    /// How.
    pub method: BecomeMethod,
    /// Whom.
    pub user: String,
    /// `become_flags`: instead of stock's own.
    pub flags: Option<String>,
    /// The program.
    pub executable: Option<String>,
    /// The password that it asks for.
    pub password: Option<Secret>,
}

/// As whom.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// As the user who logs in (or who runs nafal).
    Login,
    /// As another user.
    Become(Box<Become>),
}

/// Where and as whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The host, for messages.
    pub host: HostName,
    /// How it is reached.
    pub kind: Kind,
    /// As whom.
    pub identity: Identity,
}
