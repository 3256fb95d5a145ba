//! The key that `generate_ssh_key` makes with `ssh-keygen`. Must not know accounts' other sides.

use std::fs::{self, DirBuilder, Permissions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use nafal_base::{Outcome, Value};

use super::account::{Account, Said};
use crate::files::failure::errno_text;
use crate::files::owner::User;
use crate::files::staged::random_text;
use crate::files::{Failure, Result};

/// A program that answers ssh-keygen's question for the passphrase, which must be on no command line.
const ANSWER: &str = "#!/bin/sh\nprintf '%s\\n' \"$NAFAL_SSH_KEY_PASSPHRASE\"\n";

/// Makes the key where it isn't there yet, and adds what it is to the result.
pub fn ensure(
    account: &Account<'_>,
    user: &User,
    said: &mut Said,
    outcome: Outcome,
) -> Result<Outcome> {
    let path = path_of(account, user);
    let shown = path.to_string_lossy().into_owned();
    generate(account, user, &path, said)?;
    let (fingerprint, public) = match account.ctx.is_check() && !path.exists() {
        true => (String::new(), Value::None),
        false => (fingerprint(account, &path)?, public_key(&path)),
    };
    Ok(outcome
        .with("ssh_fingerprint", fingerprint)
        .with("ssh_key_file", shown)
        .with("ssh_public_key", public))
}

fn path_of(account: &Account<'_>, user: &User) -> PathBuf {
    let kind = account.args.required_text("ssh_key_type");
    match account.args.text("ssh_key_file") {
        Some(path) => Path::new(&user.home).join(path),
        None => Path::new(&user.home).join(format!(".ssh/id_{kind}")),
    }
}

fn public_path(path: &Path) -> PathBuf {
    let mut public = path.as_os_str().to_owned();
    public.push(".pub");
    public.into()
}

fn generate(account: &Account<'_>, user: &User, path: &Path, said: &mut Said) -> Result<()> {
    let ctx = account.ctx;
    let is_check = ctx.is_check();
    if !Path::new(&user.home).exists() && !is_check {
        let name = account.name;
        return Err(account.refuse(format!("User {name} home directory does not exist")));
    }
    make_folder(account, user, path)?;
    let is_forced = account.args.is("force");
    for (half, kind) in [(path, "private"), (&*public_path(path), "public")] {
        if !half.exists() {
            continue;
        }
        let shown = half.display();
        if !is_forced {
            ctx.warn(format!(
                "Found existing ssh key {kind} file \"{shown}\", no force, so skipping ssh-keygen \
                 generation"
            ));
            return Ok(());
        }
        ctx.warn(format!("Overwriting existing ssh key {kind} file \"{shown}\""));
    }
    said.changed = true;
    if is_check {
        return Ok(());
    }
    // The new pair takes the old one's place once it is whole.
    let failed = |error: std::io::Error| Failure::new(errno_text(&error, None));
    let mut made = path.as_os_str().to_owned();
    made.push(format!(".{}", random_text().map_err(failed)?));
    let made = PathBuf::from(made);
    let ran = keygen(account, &made).and_then(|()| {
        for (from, to) in [(public_path(&made), public_path(path)), (made.clone(), path.into())] {
            chown(&from, Some(user.uid), Some(user.gid)).map_err(failed)?;
            fs::rename(&from, &to).map_err(failed)?;
        }
        Ok(())
    });
    for rest in [public_path(&made), made] {
        let _ = fs::remove_file(rest);
    }
    ran
}

fn make_folder(account: &Account<'_>, user: &User, path: &Path) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    if folder.exists() || account.ctx.is_check() {
        return Ok(());
    }
    let shown = folder.to_string_lossy();
    DirBuilder::new()
        .mode(0o700)
        .create(folder)
        .and_then(|()| fs::set_permissions(folder, Permissions::from_mode(0o700)))
        .and_then(|()| chown(folder, Some(user.uid), Some(user.gid)))
        .map_err(|error| {
            let why = errno_text(&error, Some(&shown));
            account.refuse(format!("Failed to create {shown}: {why}"))
        })
}

fn keygen(account: &Account<'_>, made: &Path) -> Result<()> {
    let Account { args, ctx, .. } = account;
    let tool = ctx.tool("ssh-keygen")?;
    let mut command = ctx.command(tool);
    command.args(["-t", args.required_text("ssh_key_type")]);
    if let Some(bits) = args.int("ssh_key_bits").filter(|bits| *bits > 0) {
        command.args(["-b", &bits.to_string()]);
    }
    let comment = match args.is_given("ssh_key_comment") {
        true => args.required_text("ssh_key_comment").to_owned(),
        false => {
            let name = rustix::system::uname();
            format!("ansible-generated on {}", name.nodename().to_string_lossy())
        }
    };
    command.args(["-C", &comment]).arg("-f").arg(made).env("LC_ALL", "C");
    let answer = match args.text("ssh_key_passphrase") {
        None => {
            command.args(["-N", ""]);
            None
        }
        Some(passphrase) => {
            let answer = answer(account)?;
            command
                .env("NAFAL_SSH_KEY_PASSPHRASE", passphrase)
                .env("SSH_ASKPASS", &answer)
                .env("SSH_ASKPASS_REQUIRE", "force")
                .env("DISPLAY", "none");
            Some(answer)
        }
    };
    let gave = ctx.run_prepared(command, None);
    if let Some(answer) = answer {
        let _ = fs::remove_file(answer);
    }
    let gave = gave?;
    if gave.code != 0 {
        return Err(account.refused(&gave));
    }
    Ok(())
}

/// Writes the program that answers; it is this user's alone.
fn answer(account: &Account<'_>) -> Result<PathBuf> {
    let failed = |error: std::io::Error| Failure::new(errno_text(&error, None));
    let name = format!("answer-{}", random_text().map_err(failed)?);
    let path = account.ctx.temporary().join(name);
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o700).open(&path).map_err(failed)?;
    file.write_all(ANSWER.as_bytes()).map_err(failed)?;
    Ok(path)
}

fn fingerprint(account: &Account<'_>, path: &Path) -> Result<String> {
    // Only the public half may be there.
    if !path.exists() {
        return Ok(String::new());
    }
    let tool = account.ctx.tool("ssh-keygen")?;
    let gave = account.ctx.run_tool(&tool, &["-l".as_ref(), "-f".as_ref(), path.as_os_str()])?;
    let text = if gave.code == 0 { gave.stdout } else { gave.stderr };
    Ok(text.trim().to_owned())
}

fn public_key(path: &Path) -> Value {
    match fs::read_to_string(public_path(path)) {
        Ok(text) => text.trim().into(),
        Err(_) => Value::None,
    }
}
