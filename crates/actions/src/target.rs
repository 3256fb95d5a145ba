//! From a host's variables and a task's keywords to where and as whom its modules run.

use nafal_base::{HostName, Scope, Value};
use nafal_connection::{Become, BecomeMethod, Identity, Kind, Secret, SshOptions, Target};
use nafal_templating::Renderer;
use nafal_variables::Pipelining;

use crate::arguments::to_bool;
use crate::error::Error;

/// What the settings and the command line say where neither variables nor keywords do.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// `-c`, `transport`.
    pub connection: Option<String>,
    /// `-u`, `remote_user`.
    pub user: Option<String>,
    /// `remote_port`.
    pub port: Option<u16>,
    /// `--private-key`.
    pub private_key: Option<String>,
    /// What is said of ssh.
    pub ssh: SshDefaults,
    /// `pipelining`.
    pub pipelining: Option<Pipelining>,
    /// `-b`, `become`.
    pub becomes: bool,
    /// `--become-user`.
    pub become_user: Option<String>,
    /// `--become-method`.
    pub become_method: Option<String>,
    /// `-k`.
    pub password: Option<Secret>,
    /// `-K`.
    pub become_password: Option<Secret>,
    /// What the settings tell sudo.
    pub sudo: MethodDefaults,
    /// What they tell su.
    pub su: MethodDefaults,
    /// Whether one becomes whom one is already (`become_allow_same_user`).
    pub same_user: bool,
    /// Who runs this process.
    pub own_name: Option<String>,
}

/// What the settings and the command line say of connections over ssh.
#[derive(Clone, Debug)]
pub struct SshDefaults {
    /// `ssh_args`.
    pub args: Option<String>,
    /// `--ssh-common-args`, `ssh_common_args`.
    pub common_args: Option<String>,
    /// `--ssh-extra-args`, `ssh_extra_args`.
    pub extra_args: Option<String>,
    /// `ssh_executable`.
    pub executable: Option<String>,
    /// `retries`: how often one connects anew.
    pub retries: u32,
    /// `-T`, `timeout`, in seconds.
    pub timeout: u64,
    /// `host_key_checking`.
    pub host_key_checking: bool,
}

impl Default for SshDefaults {
    fn default() -> SshDefaults {
        SshDefaults {
            args: None,
            common_args: None,
            extra_args: None,
            executable: None,
            retries: 0,
            timeout: 10,
            host_key_checking: true,
        }
    }
}

/// What the settings say of one way to become another user.
#[derive(Clone, Debug, Default)]
pub struct MethodDefaults {
    /// Whom.
    pub user: Option<String>,
    /// The command in place of the usual one.
    pub executable: Option<String>,
    /// Flags in place of the usual ones.
    pub flags: Option<String>,
    /// The password that it may ask for.
    pub password: Option<Secret>,
    /// Where it is started.
    pub folder: Option<String>,
}

/// Keywords of a task, rendered, that say where and as whom.
#[derive(Clone, Debug, Default)]
pub struct Keywords {
    /// `connection`.
    pub connection: Option<String>,
    /// `remote_user`.
    pub remote_user: Option<String>,
    /// `port`.
    pub port: Option<u16>,
    /// `become`.
    pub becomes: Option<bool>,
    /// `become_user`.
    pub become_user: Option<String>,
    /// `become_method`.
    pub become_method: Option<String>,
    /// `become_flags`.
    pub become_flags: Option<String>,
    /// `become_exe`.
    pub become_exe: Option<String>,
}

struct Variables<'a> {
    host: &'a HostName,
    scope: &'a dyn Scope,
    renderer: &'a Renderer<'a>,
}

impl Variables<'_> {
    /// The first of these variables that is defined, rendered.
    fn value(&self, names: &[&str]) -> Result<Option<Value>, Error> {
        for name in names {
            if let Some(value) = self.scope.get(name) {
                let value =
                    if value.is_settled() { value } else { self.renderer.render(&value)? };
                if !value.is_none() && !matches!(value, Value::Omit) {
                    return Ok(Some(value));
                }
            }
        }
        Ok(None)
    }

    fn text(&self, names: &[&str]) -> Result<Option<String>, Error> {
        Ok(self.value(names)?.map(|value| value.to_text().into_owned()).filter(|t| !t.is_empty()))
    }

    fn flag(&self, names: &[&str]) -> Result<Option<bool>, Error> {
        Ok(self.value(names)?.as_ref().and_then(to_bool))
    }

    fn secret(&self, names: &[&str]) -> Result<Option<Secret>, Error> {
        Ok(self.text(names)?.map(Secret::new))
    }

    fn port(&self, names: &[&str]) -> Result<Option<u16>, Error> {
        let Some(text) = self.text(names)? else { return Ok(None) };
        text.trim().parse().map(Some).map_err(|_| Error::BadVariable {
            name: names.first().copied().unwrap_or_default().to_owned(),
            value: text,
            reason: "a port is a number from 1 to 65535".to_owned(),
            host: self.host.clone(),
        })
    }
}

/// Where the modules of a task on `host` run, and as whom. `scope` is the scope of the host that
/// the task is delegated to, when it is.
pub fn target_of(
    host: &HostName,
    scope: &dyn Scope,
    renderer: &Renderer<'_>,
    keywords: &Keywords,
    defaults: &Defaults,
) -> Result<Target, Error> {
    let variables = Variables { host, scope, renderer };
    let connection = variables
        .text(&["ansible_connection"])?
        .or_else(|| keywords.connection.clone())
        .or_else(|| defaults.connection.clone())
        .unwrap_or_else(|| "ssh".to_owned());
    let kind = match connection.rsplit('.').next().unwrap_or_default() {
        "local" => Kind::Local,
        "ssh" | "smart" | "paramiko" => {
            Kind::Ssh(Box::new(ssh_options(&variables, keywords, defaults)?))
        }
        _ => return Err(Error::UnknownConnection { name: connection, host: host.clone() }),
    };
    let login = match &kind {
        Kind::Local => defaults.own_name.as_deref(),
        Kind::Ssh(options) => options.user.as_deref(),
    };
    let identity = match become_of(host, scope, renderer, keywords, defaults)? {
        // Nobody becomes whom he is: root needs no sudo (case `become-su`).
        Some(other) if defaults.same_user || login != Some(&other.user) => {
            Identity::Become(Box::new(other))
        }
        _ => Identity::Login,
    };
    Ok(Target { host: host.clone(), kind, identity })
}

/// How ssh would lead to a host, however its modules get there, and whom a task becomes there.
#[derive(Clone, Debug)]
pub struct Way {
    /// ssh's words.
    pub ssh: SshOptions,
    /// The other user.
    pub becomes: Option<Become>,
}

/// That way, for what connects by itself.
pub fn way_of(
    host: &HostName,
    scope: &dyn Scope,
    renderer: &Renderer<'_>,
    keywords: &Keywords,
    defaults: &Defaults,
) -> Result<Way, Error> {
    let variables = Variables { host, scope, renderer };
    Ok(Way {
        ssh: ssh_options(&variables, keywords, defaults)?,
        becomes: become_of(host, scope, renderer, keywords, defaults)?,
    })
}

fn ssh_options(
    variables: &Variables<'_>,
    keywords: &Keywords,
    defaults: &Defaults,
) -> Result<SshOptions, Error> {
    let address = variables
        .text(&["ansible_host", "ansible_ssh_host"])?
        .unwrap_or_else(|| variables.host.as_str().to_owned());
    let timeout = variables.text(&["ansible_ssh_timeout", "ansible_timeout"])?;
    Ok(SshOptions {
        address,
        port: variables
            .port(&["ansible_port", "ansible_ssh_port"])?
            .or(keywords.port)
            .or(defaults.port),
        user: variables
            .text(&["ansible_user", "ansible_ssh_user"])?
            .or_else(|| keywords.remote_user.clone())
            .or_else(|| defaults.user.clone()),
        private_key: variables
            .text(&["ansible_ssh_private_key_file", "ansible_private_key_file"])?
            .or_else(|| defaults.private_key.clone()),
        ssh_args: variables.text(&["ansible_ssh_args"])?.or_else(|| defaults.ssh.args.clone()),
        common_args: variables
            .text(&["ansible_ssh_common_args"])?
            .or_else(|| defaults.ssh.common_args.clone()),
        extra_args: variables
            .text(&["ansible_ssh_extra_args"])?
            .or_else(|| defaults.ssh.extra_args.clone()),
        executable: variables
            .text(&["ansible_ssh_executable"])?
            .or_else(|| defaults.ssh.executable.clone()),
        retries: variables
            .text(&["ansible_ssh_retries"])?
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(defaults.ssh.retries),
        host_key_checking: variables
            .flag(&["ansible_ssh_host_key_checking", "ansible_host_key_checking"])?
            .unwrap_or(defaults.ssh.host_key_checking),
        timeout: timeout.and_then(|text| text.trim().parse().ok()).unwrap_or(defaults.ssh.timeout),
        password: variables
            .secret(&["ansible_password", "ansible_ssh_pass", "ansible_ssh_password"])?
            .or_else(|| defaults.password.clone()),
    })
}

/// Refuses a way to become another user that nobody has, also for what runs on the controller (case
/// `adhoc-flags`).
pub fn check_become(
    host: &HostName,
    scope: &dyn Scope,
    renderer: &Renderer<'_>,
    keywords: &Keywords,
    defaults: &Defaults,
) -> Result<(), Error> {
    match become_of(host, scope, renderer, keywords, defaults) {
        Err(error @ Error::UnknownBecome { .. }) => Err(error),
        _ => Ok(()),
    }
}

/// The other user that the task becomes, if it does.
fn become_of(
    host: &HostName,
    scope: &dyn Scope,
    renderer: &Renderer<'_>,
    keywords: &Keywords,
    defaults: &Defaults,
) -> Result<Option<Become>, Error> {
    let variables = Variables { host, scope, renderer };
    let wanted =
        variables.flag(&["ansible_become"])?.or(keywords.becomes).unwrap_or(defaults.becomes);
    if !wanted {
        return Ok(None);
    }
    let method = variables
        .text(&["ansible_become_method"])?
        .or_else(|| keywords.become_method.clone())
        .or_else(|| defaults.become_method.clone())
        .unwrap_or_else(|| "sudo".to_owned());
    let short = method.rsplit('.').next().unwrap_or_default();
    let (kind, own) = match short {
        "sudo" => (BecomeMethod::Sudo, &defaults.sudo),
        "su" => (BecomeMethod::Su, &defaults.su),
        "runas" => return Err(Error::UnbuiltBecome { name: method, host: host.clone() }),
        _ => return Err(Error::UnknownBecome { name: method, host: host.clone() }),
    };
    // A method's own variables count more than those of all methods (case `become-su`).
    let of_method = |what: &str| format!("ansible_{short}_{what}");
    let flags = variables.value(&[&of_method("flags"), "ansible_become_flags"])?;
    Ok(Some(Become {
        method: kind,
        user: variables
            .text(&[&of_method("user"), "ansible_become_user"])?
            .or_else(|| keywords.become_user.clone())
            .or_else(|| defaults.become_user.clone())
            .or_else(|| own.user.clone())
            .unwrap_or_else(|| "root".to_owned()),
        flags: flags
            .map(|flags| flags.to_text().into_owned())
            .or_else(|| keywords.become_flags.clone())
            .or_else(|| own.flags.clone()),
        executable: variables
            .text(&[&of_method("exe"), "ansible_become_exe"])?
            .or_else(|| keywords.become_exe.clone())
            .or_else(|| own.executable.clone()),
        password: variables
            .secret(&[&of_method("pass"), "ansible_become_pass", "ansible_become_password"])?
            .or_else(|| defaults.become_password.clone())
            .or_else(|| own.password.clone()),
        folder: match kind {
            BecomeMethod::Sudo => variables.text(&["ansible_sudo_chdir"])?,
            BecomeMethod::Su => None,
        }
        .or_else(|| own.folder.clone()),
    }))
}
