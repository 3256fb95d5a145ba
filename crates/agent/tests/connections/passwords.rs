//! Passwords of sudo and su: a stand-in asks as they do, since the real ones want real users.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use nafal_connection::{
    Become, BecomeMethod, Connections, Fault, Identity, Kind, Options, Secret, SshOptions, Target,
};

use super::sshd::Sshd;
use super::{agent_binary, connections, local, request};

/// A sudo that asks with the prompt it is given, and refuses what isn't `s3cret`.
const SUDO: &str = r#"#!/bin/sh
case "$*" in *s3cret*) echo "the password is on the command line" >&2; exit 9;; esac
prompt=
while :; do case "$1" in
  -p) prompt=$2; shift 2;;
  -u) shift 2;;
  -n) no=1; shift;;
  -*) shift;;
  *) break;;
esac; done
if [ -n "$no" ]; then echo "sudo: a password is required" >&2; exit 1; fi
for try in 1 2 3; do
  printf '%s' "$prompt" >&2
  read -r given || exit 1
  [ "$given" = s3cret ] && exec "$@"
  echo "Sorry, try again." >&2
done
exit 1
"#;

/// An su that asks in another language.
const SU: &str = r#"#!/bin/sh
printf 'Passwort: ' >&2
read -r given
[ "$given" = s3cret ] && exec /bin/sh -c "$3"
echo "su: Authentication failure" >&2
exit 1
"#;

fn stand_in(folder: &Path, name: &str, script: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn target(method: BecomeMethod, program: &Path, password: Option<&str>) -> Target {
    let other = Become {
        method,
        user: "root".into(),
        flags: None,
        executable: Some(program.display().to_string()),
        password: password.map(|text| Secret::new(text.into())),
        folder: None,
    };
    Target { identity: Identity::Become(Box::new(other)), ..local() }
}

#[test]
fn questions_are_answered_and_refusals_told() {
    let folder = tempfile::tempdir().unwrap();
    let sudo = stand_in(folder.path(), "sudo", SUDO);
    let su = stand_in(folder.path(), "su", SU);
    let connections = connections();
    for (method, program) in [(BecomeMethod::Sudo, &sudo), (BecomeMethod::Su, &su)] {
        let agent = connections.agent(&target(method, program, Some("s3cret"))).unwrap();
        assert_eq!(agent.run(request("ping", &[]), None).unwrap().text("ping"), Some("pong"));
        let Err(fault) = connections.agent(&target(method, program, Some("wrong"))) else {
            panic!("a wrong password was taken")
        };
        assert!(matches!(fault, Fault::Become { .. }));
        assert_eq!(fault.to_string(), format!("Incorrect {} password", method.name()));
        let Err(fault) = connections.agent(&target(method, program, None)) else {
            panic!("no password was taken")
        };
        assert_eq!(fault.to_string(), format!("Missing {} password", method.name()));
    }
}

/// An ssh that asks as the real one does when it has no terminal, then goes on as the real one.
const SSH: &str = r#"#!/bin/sh
case "$*" in *s3cret*) echo "the password is on the command line" >&2; exit 255;; esac
[ "$SSH_ASKPASS_REQUIRE" = force ] || { echo "nobody to ask" >&2; exit 255; }
if [ "$("$SSH_ASKPASS" "u@h's password: ")" != s3cret ]; then
  echo "Permission denied, please try again." >&2; exit 255
fi
exec ssh "$@"
"#;

#[test]
fn sshs_password_is_answered() {
    let sshd = Sshd::start();
    let folder = tempfile::tempdir().unwrap();
    let ssh = stand_in(folder.path(), "ssh", SSH);
    let answers = stand_in(folder.path(), "answers", "#!/bin/sh\ncat \"$NAFAL_ASKPASS_FILE\"\n");
    let connections = Connections::with_options(Options {
        agent: Some(agent_binary()),
        askpass: Some(answers),
        ..Options::default()
    });
    let with = |password: Option<&str>| {
        let options = SshOptions {
            executable: Some(ssh.display().to_string()),
            password: password.map(|text| Secret::new(text.into())),
            ..sshd.options()
        };
        Target { kind: Kind::Ssh(Box::new(options)), ..sshd.target() }
    };
    let agent = connections.agent(&with(Some("s3cret"))).unwrap();
    assert_eq!(agent.run(request("ping", &[]), None).unwrap().text("ping"), Some("pong"));
    for password in [Some("wrong"), None] {
        let Err(fault) = connections.agent(&with(password)) else { panic!("anybody may enter") };
        assert!(fault.is_unreachable());
        assert_eq!(
            fault.to_string(),
            "Failed to connect to the host via ssh: Permission denied, please try again."
        );
    }
}
