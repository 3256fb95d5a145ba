//! Passwords that a run needs: asked for on the terminal, or from files. Must not know what they
//! open.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use nafal_engine::{Secret, Settings};

use crate::arguments::{Connection, Escalation, Secrets};
use crate::failure::Failure;
use crate::scripts;

/// The passwords that the arguments want.
pub fn collect(
    connection: &Connection,
    escalation: &Escalation,
    settings: &Settings,
) -> Result<Secrets, Failure> {
    let set = &settings.escalation;
    let asked = (connection.connection_password_file.as_deref(), connection.ask_pass);
    let login =
        obtain([asked, (set.login_file.as_deref(), set.ask_login)], || ask("SSH password: "))?;
    let method = escalation.become_method.as_ref().or(settings.become_method.as_ref());
    let who = match method {
        _ if !set.names_method => "BECOME".to_owned(),
        Some(method) => method.to_uppercase(),
        None => "SUDO".to_owned(),
    };
    let asked = (escalation.become_password_file.as_deref(), escalation.ask_become_pass);
    let becoming =
        obtain([asked, (set.file.as_deref(), set.ask)], || ask_to_become(&who, login.as_deref()))?;
    Ok(Secrets { connection: login.map(Secret::new), escalation: becoming.map(Secret::new) })
}

/// A password from the first that names a file or wants it to be asked for.
fn obtain(
    wanted: [(Option<&Path>, bool); 2],
    ask: impl FnOnce() -> Result<String, Failure>,
) -> Result<Option<String>, Failure> {
    for (file, is_asked) in wanted {
        if let Some(path) = file {
            return from_file(path).map(Some);
        }
        if is_asked {
            return ask().map(Some);
        }
    }
    Ok(None)
}

/// No answer means the password that was given before, if one was.
fn ask_to_become(who: &str, login: Option<&str>) -> Result<String, Failure> {
    let Some(login) = login else {
        return ask(&format!("{who} password: "));
    };
    let answer = ask(&format!("{who} password[defaults to SSH password]: "))?;
    Ok(if answer.is_empty() { login.to_owned() } else { answer })
}

fn ask(prompt: &str) -> Result<String, Failure> {
    rpassword::prompt_password(prompt)
        .map_err(|error| Failure::new(format!("a password can't be asked for: {error}"), 1))
}

/// A password from a file, from what an executable file prints, or from standard input for `-`.
fn from_file(path: &Path) -> Result<String, Failure> {
    let shown = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let unreadable = |error: std::io::Error| {
        Failure::new(format!("Could not read password file {}: {error}", shown.display()), 1)
    };
    let text = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(unreadable)?;
        text
    } else {
        let metadata = fs::metadata(path).map_err(|_| {
            Failure::new(format!("The password file {} was not found", shown.display()), 1)
        })?;
        if metadata.permissions().mode() & 0o111 == 0 {
            fs::read_to_string(path).map_err(unreadable)?
        } else {
            from_program(&shown)?
        }
    };
    let password = text.trim_matches(['\r', '\n']);
    if password.is_empty() {
        let message = format!("Empty password was provided from file ({})", shown.display());
        return Err(Failure::new(message, 1));
    }
    Ok(password.to_owned())
}

fn from_program(path: &Path) -> Result<String, Failure> {
    let output = scripts::output(&mut Command::new(path)).map_err(|error| {
        Failure::new(format!("Problem running the password script {}: {error}", path.display()), 1)
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let message =
            format!("The password script {} failed ({}): {said}", path.display(), output.status);
        return Err(Failure::new(message.trim_end().to_owned(), 1));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str, mode: u32) -> tempfile::TempPath {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
        file.into_temp_path()
    }

    #[test]
    fn passwords_of_files() {
        assert_eq!(from_file(&file("geheim\n", 0o600)).unwrap(), "geheim");
        assert_eq!(
            from_file(&file("#!/bin/sh\necho from program\n", 0o700)).unwrap(),
            "from program"
        );
        let empty = from_file(&file("\n", 0o600)).unwrap_err();
        assert_eq!(empty.code, 1);
        assert!(
            empty.diagnostics[0].message.starts_with("Empty password was provided from file (")
        );
        let missing = from_file(Path::new("/nosuch/file")).unwrap_err();
        assert_eq!(missing.diagnostics[0].message, "The password file /nosuch/file was not found");
        let failing = from_file(&file("#!/bin/sh\necho no >&2; exit 3\n", 0o700)).unwrap_err();
        assert!(failing.diagnostics[0].message.ends_with("exit status: 3): no"));
    }
}
