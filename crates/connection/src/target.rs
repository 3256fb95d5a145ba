//! Where modules run, and as whom. Must not know how one gets there.

use std::fmt;

use nafal_base::HostName;

/// Text that must never be shown.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// Keeps it.
    pub fn new(text: String) -> Secret {
        Secret(text)
    }

    /// What it is.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

/// A host with how it is reached and as whom.
#[derive(Clone, Debug)]
pub struct Target {
    /// The host.
    pub host: HostName,
    /// How it is reached.
    pub kind: Kind,
    /// As whom.
    pub identity: Identity,
}

/// How a host is reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It is the controller's own machine.
    Local,
    /// Through the system's ssh.
    Ssh(Box<SshOptions>),
}

/// What ssh is given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SshOptions {
    /// A name or an address; a name of ssh's own configuration too.
    pub address: String,
    /// The port, when it isn't ssh's own choice.
    pub port: Option<u16>,
    /// The login, when it isn't ssh's own choice.
    pub user: Option<String>,
    /// A private key's file.
    pub private_key: Option<String>,
    /// Arguments in place of the usual ones (`ssh_args`).
    pub ssh_args: Option<String>,
    /// Arguments for everything of ssh's family.
    pub common_args: Option<String>,
    /// Arguments for ssh alone.
    pub extra_args: Option<String>,
    /// The ssh to run.
    pub executable: Option<String>,
    /// Whether an unknown host key is refused.
    pub host_key_checking: bool,
    /// How often one connects anew after an attempt that failed.
    pub retries: u32,
    /// Seconds until an attempt to connect is given up.
    pub timeout: u64,
    /// The login's password.
    pub password: Option<Secret>,
}

/// As whom modules run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// As the login.
    Login,
    /// As another user.
    Become(Box<Become>),
}

/// How one becomes another user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Become {
    /// With what.
    pub method: BecomeMethod,
    /// Whom.
    pub user: String,
    /// Flags in place of the usual ones.
    pub flags: Option<String>,
    /// The command in place of the usual one.
    pub executable: Option<String>,
    /// The password that it may ask for.
    pub password: Option<Secret>,
    /// The folder in which it is started.
    pub folder: Option<String>,
}

/// With what one becomes another user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BecomeMethod {
    /// `sudo`.
    Sudo,
    /// `su`.
    Su,
}

impl Target {
    /// Ansible's name for how it is reached.
    pub fn transport(&self) -> &'static str {
        match self.kind {
            Kind::Local => "local",
            Kind::Ssh(_) => "ssh",
        }
    }

    /// What ssh is told of it; None where it isn't reached by ssh.
    pub fn ssh(&self) -> Option<&SshOptions> {
        match &self.kind {
            Kind::Local => None,
            Kind::Ssh(options) => Some(options),
        }
    }

    /// Whom one becomes there.
    pub fn becomes(&self) -> Option<&Become> {
        match &self.identity {
            Identity::Login => None,
            Identity::Become(other) => Some(other),
        }
    }
}

impl BecomeMethod {
    /// Ansible's name for it.
    pub fn name(self) -> &'static str {
        match self {
            BecomeMethod::Sudo => "sudo",
            BecomeMethod::Su => "su",
        }
    }
}

impl Kind {
    /// The machine, as messages name it.
    pub fn machine(&self) -> &str {
        match self {
            Kind::Local => "this machine",
            Kind::Ssh(options) => &options.address,
        }
    }
}
