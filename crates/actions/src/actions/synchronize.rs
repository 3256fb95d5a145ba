//! `synchronize`: which machine runs rsync, and how the other end is written for it. The module does the rest.

use std::path::PathBuf;

use nafal_base::{Dict, Outcome, Scope, Text, Value};
use nafal_connection::{BecomeMethod, Identity, Kind, Target, USUAL_SSH_ARGS};
use nafal_templating::expand_user;

use crate::arguments::Arguments;
use crate::context::ActionContext;
use crate::effect::Performed;
use crate::target::Way;

const MODULE: &str = "ansible.posix.synchronize";

/// Names of the machine itself.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Result<Performed, Performed> {
    let args = Arguments::unchecked(args);
    let (Some(source), Some(dest)) = (args.text("src"), args.text("dest")) else {
        let message = "synchronize requires both src and dest parameters are set";
        return Err(Outcome::failed(message).into());
    };
    let way = (context.way)().map_err(|error| Performed::refused(&error.to_string()))?;
    let address = of_host(context, "ansible_host")
        .unwrap_or_else(|| variable(context, "inventory_hostname").unwrap_or_default());
    let runs = runs_at(context, &address);
    let mut module = args.into_dict();
    let port = port(context, &way);
    insert_missing(&mut module, "dest_port", port.map(Value::from));
    let rsync = variable(context, "ansible_rsync_path");
    module.insert("_local_rsync_path", Value::from(rsync.unwrap_or_else(|| "rsync".to_owned())));
    let mut password = password(|name| variable(context, name));
    let (mut from, mut to) = (absolute(context, &source), absolute(context, &dest));
    if runs.to == End::Other {
        password = self::password(|name| of_host(context, name));
        let user = user(context, &module, &way);
        let other = Other {
            address: &address,
            user: user.as_deref(),
            is_here: runs.is_near && port.is_none_or(|port| port == 22),
        };
        let pulls = module.get("mode").and_then(Value::as_str) == Some("pull");
        match pulls {
            true => from = other.path(&source).unwrap_or(from),
            false => to = other.path(&dest).unwrap_or(to),
        }
        insert_missing(&mut module, "private_key", way.ssh.private_key.clone().map(Value::from));
        insert_missing(&mut module, "rsync_path", elevated(&way).map(Value::from));
    }
    module.insert("src", Value::from(from));
    module.insert("dest", Value::from(to));
    module.insert("_local_rsync_password", password.map(Value::from).unwrap_or_default());
    if module.remove("use_ssh_args").is_some_and(|value| value.to_bool() != Some(false)) {
        let usual = Some(way.ssh.ssh_args.as_deref().unwrap_or(USUAL_SSH_ARGS));
        let more = [usual, way.ssh.common_args.as_deref(), way.ssh.extra_args.as_deref()];
        let more: Vec<&str> = more.into_iter().flatten().filter(|args| !args.is_empty()).collect();
        module.insert("_ssh_args", Value::from(more.join(" ")));
    }
    let here =
        || Ok(Target { host: context.host.clone(), kind: Kind::Local, identity: Identity::Login });
    let outcome = match runs.at {
        At::Controller => context.remote.towards(&here).run(MODULE, module),
        At::Target | At::Delegate => context.remote.run(MODULE, module),
    };
    Ok(Performed::module(outcome))
}

/// Which machine runs rsync.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Controller,
    Target,
    Delegate,
}

/// What the other end is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Same,
    Other,
}

/// Where rsync runs, and whether both ends are there.
struct Runs {
    at: At,
    to: End,
    /// Whether that is the controller's machine.
    is_near: bool,
}

/// A task that is delegated to its own host copies there; to another one, between the two.
fn runs_at(context: &ActionContext<'_>, address: &str) -> Runs {
    let is_near = context.remote.is_local();
    let Some(delegate) = context.delegate else {
        return match is_near {
            true => Runs { at: At::Target, to: End::Same, is_near },
            false => Runs { at: At::Controller, to: End::Other, is_near: true },
        };
    };
    let delegate = delegate.as_str();
    let is_own = delegate == address
        || variable(context, "inventory_hostname").is_some_and(|name| name == delegate);
    match is_own {
        true => Runs { at: At::Target, to: End::Same, is_near },
        false => Runs { at: At::Delegate, to: End::Other, is_near },
    }
}

/// The end that rsync connects to.
struct Other<'a> {
    address: &'a str,
    user: Option<&'a str>,
    /// Whether its own names mean the machine that rsync runs on.
    is_here: bool,
}

impl Other<'_> {
    /// A path there as rsync takes it; None where it is the machine itself.
    fn path(&self, path: &str) -> Option<String> {
        if self.is_here && LOCAL.contains(&self.address) {
            return None;
        }
        let user = self.user.map(|user| format!("{user}@")).unwrap_or_default();
        if path.starts_with("rsync://") {
            return Some(path.to_owned());
        }
        // What names its machine itself keeps it.
        if path.contains(':') {
            return Some(format!("{user}{path}"));
        }
        let address = self.address;
        Some(match address.contains(':') {
            true => format!("[{user}{address}]:{path}"),
            false => format!("{user}{address}:{path}"),
        })
    }
}

fn insert_missing(args: &mut Dict, name: &str, value: Option<Value>) {
    if args.get(name).is_none_or(Value::is_none)
        && let Some(value) = value
    {
        args.insert(name, value);
    }
}

fn rendered(context: &ActionContext<'_>, scope: &dyn Scope, name: &str) -> Option<Value> {
    let value = context.renderer.render(&scope.get(name)?).ok()?;
    Some(value).filter(|value| !value.is_none() && value.as_str() != Some(""))
}

/// What a variable of the task is.
fn variable(context: &ActionContext<'_>, name: &str) -> Option<String> {
    rendered(context, context.scope, name).map(|value| value.to_text().into_owned())
}

/// What a variable of the host is, whatever the task has set over it.
fn of_host(context: &ActionContext<'_>, name: &str) -> Option<String> {
    let expression =
        Text::trusted(format!("hostvars[inventory_hostname].{name} | default('')"), None);
    let value = context.renderer.expression_marked(&expression).0.ok()?;
    Some(value.to_text().into_owned()).filter(|text| !text.is_empty())
}

fn password(of: impl Fn(&str) -> Option<String>) -> Option<String> {
    ["ansible_ssh_pass", "ansible_password"].into_iter().find_map(of)
}

/// The port of the host, else that of the host that rsync runs on: keywords don't count for that one.
fn port(context: &ActionContext<'_>, way: &Way) -> Option<u16> {
    const NAMES: [&str; 2] = ["ansible_port", "ansible_ssh_port"];
    let read = |scope| {
        NAMES.iter().find_map(|name| rendered(context, scope, name)?.to_text().trim().parse().ok())
    };
    read(context.scope).or_else(|| match context.delegate {
        Some(_) => read(context.target_scope),
        None => way.ssh.port,
    })
}

/// The login on the other end, unless it is left to ssh's own configuration.
fn user(context: &ActionContext<'_>, args: &Dict, way: &Way) -> Option<String> {
    let is_set = args.get("set_remote_user").is_none_or(|value| value.to_bool() != Some(false));
    let user = || variable(context, "ansible_user").or_else(|| way.ssh.user.clone());
    is_set.then(user).flatten()
}

/// rsync on the other end as somebody else. Other ways than sudo aren't taken, as in stock.
fn elevated(way: &Way) -> Option<String> {
    let other = way.becomes.as_ref().filter(|other| other.method == BecomeMethod::Sudo)?;
    Some(format!("sudo -u {} rsync", other.user))
}

/// A path of the machine that rsync runs on: as the controller finds files, its last slash kept.
fn absolute(context: &ActionContext<'_>, path: &str) -> String {
    if path.starts_with('/') || path.contains(':') {
        return path.to_owned();
    }
    let found = context.effects.find(&["files"], path);
    let found = found.unwrap_or_else(|| plain(context, path));
    let found = found.to_string_lossy().into_owned();
    let found = found.trim_end_matches('/');
    format!("{found}{}", if path.ends_with('/') { "/" } else { "" })
}

/// A path from the playbook's folder, with `~` and without detours.
fn plain(context: &ActionContext<'_>, path: &str) -> PathBuf {
    let path = expand_user(context.effects, path);
    super::fetch::normal(&context.effects.current_folder().join(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_end() {
        let other = |address, user| Other { address, user, is_here: false };
        let path = |address, user, path| other(address, user).path(path).unwrap();
        assert_eq!(path("h", None, "/x"), "h:/x");
        assert_eq!(path("h", Some("bob"), "x"), "bob@h:x");
        assert_eq!(path("fe80::1", Some("bob"), "/x"), "[bob@fe80::1]:/x");
        assert_eq!(path("h", Some("bob"), "other:/x"), "bob@other:/x");
        assert_eq!(path("h", Some("bob"), "rsync://other/x"), "rsync://other/x");
        let here = Other { address: "127.0.0.1", user: None, is_here: true };
        assert_eq!(here.path("/x"), None);
        assert_eq!(path("127.0.0.1", None, "/x"), "127.0.0.1:/x");
    }
}
