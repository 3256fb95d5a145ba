//! ssh's command line as Ansible would give it. Must not know what runs over the connection.

use std::ffi::OsString;
use std::path::Path;

use crate::target::SshOptions;

/// What stock uses for `ssh_args`.
pub const USUAL: &str = "-C -o ControlMaster=auto -o ControlPersist=60s";

/// What we use instead: without `-C`, for frames are made smaller where that helps, and what is compressed
/// already needn't go through zlib once more. Its words about masters are overruled by ours, which come
/// first: of ssh's options the first counts.
const OWN: &str = "-o ControlMaster=auto -o ControlPersist=60s";

/// The arguments of a master connection, without the command to run.
pub fn of_master(options: &SshOptions, control: &Path) -> Vec<OsString> {
    let mut words: Vec<OsString> = Vec::new();
    let mut option = |text: String| words.extend(["-o".into(), text.into()]);
    option("ControlMaster=yes".to_owned());
    option("ControlPersist=no".to_owned());
    option(format!("ControlPath={}", control.display()));
    push_split(&mut words, options.ssh_args.as_deref().unwrap_or(OWN));
    let mut option = |text: String| words.extend(["-o".into(), text.into()]);
    if !options.host_key_checking {
        option("StrictHostKeyChecking=no".to_owned());
    }
    if let Some(port) = options.port {
        option(format!("Port={port}"));
    }
    if let Some(key) = &options.private_key {
        option(format!("IdentityFile=\"{}\"", with_home(key)));
    }
    match options.password {
        // Nobody may be asked when there is no answer.
        None => {
            option("KbdInteractiveAuthentication=no".to_owned());
            option(
                "PreferredAuthentications=gssapi-with-mic,gssapi-keyex,hostbased,publickey"
                    .to_owned(),
            );
            option("PasswordAuthentication=no".to_owned());
        }
        Some(_) => option("NumberOfPasswordPrompts=1".to_owned()),
    }
    if let Some(user) = &options.user {
        option(format!("User=\"{user}\""));
    }
    option(format!("ConnectTimeout={}", options.timeout));
    for extra in [&options.common_args, &options.extra_args].into_iter().flatten() {
        push_split(&mut words, extra);
    }
    // No ServerAliveInterval of our own: the command line would overrule the user's ssh_config.
    words.extend(["-T".into(), "--".into(), options.address.clone().into()]);
    words
}

fn push_split(words: &mut Vec<OsString>, text: &str) {
    match shlex::split(text) {
        Some(split) => words.extend(split.into_iter().map(OsString::from)),
        None => words.extend(text.split_whitespace().map(OsString::from)),
    }
}

fn with_home(path: &str) -> String {
    match (path.strip_prefix("~/"), std::env::var("HOME")) {
        (Some(rest), Ok(home)) => format!("{home}/{rest}"),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Secret;

    fn options() -> SshOptions {
        SshOptions {
            address: "h".into(),
            port: Some(2222),
            user: Some("u".into()),
            private_key: None,
            ssh_args: None,
            common_args: Some("-o 'ProxyCommand=nc x y'".into()),
            extra_args: None,
            executable: None,
            host_key_checking: false,
            retries: 0,
            timeout: 10,
            password: None,
        }
    }

    fn line(options: &SshOptions) -> String {
        let words = of_master(options, Path::new("/c"));
        words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn ansibles_arguments() {
        let plain = line(&options());
        assert!(plain.starts_with(
            "-o ControlMaster=yes -o ControlPersist=no -o ControlPath=/c -o ControlMaster=auto "
        ));
        for part in [
            "-o StrictHostKeyChecking=no -o Port=2222",
            "-o PasswordAuthentication=no -o User=\"u\" -o ConnectTimeout=10",
            "-o ProxyCommand=nc x y",
        ] {
            assert!(plain.contains(part), "{plain}");
        }
        assert!(plain.ends_with("-T -- h"));
        let secret = Some(Secret::new("s3cret".into()));
        let asked = line(&SshOptions { password: secret, ..options() });
        assert!(!asked.contains("PasswordAuthentication=no") && !asked.contains("s3cret"));
    }
}
