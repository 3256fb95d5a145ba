//! What vaults are opened with: passwords that are asked for, that are in files, or that scripts
//! print. They stay in this process: on no command line, in no environment. Must not know what is
//! in a vault.

use std::fs;
use std::io::{BufRead, IsTerminal};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use nafal_base::Diagnostic;
use nafal_engine::VaultSettings;
use nafal_engine::vault::{IdMatch, Secret, Secrets};
use nafal_output::{Stream, Terminal};

use crate::arguments::Vault;
use crate::failure::Failure;
use crate::scripts;

/// Where one password comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    /// Somebody is asked, with the label in the prompt.
    Prompt,
    /// Somebody is asked, as `--ask-vault-password` does.
    PlainPrompt,
    /// A file, or what an executable file prints.
    File(PathBuf),
}

/// A password that is wanted: the label as given, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    label: Option<String>,
    origin: Origin,
}

/// What a password that is asked for is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To open what is there: asked once.
    Open,
    /// To encrypt something: asked twice.
    Create,
}

/// The passwords that the arguments and settings want; none if nothing says so.
pub fn collect(
    arguments: &Vault,
    settings: &VaultSettings,
    terminal: &mut Terminal,
) -> Result<Arc<Secrets>, Failure> {
    Ok(Arc::new(get(wanted(arguments, settings), settings, Purpose::Open, terminal)?))
}

/// The same for a command that can't do without: it asks if nothing says where to look.
pub fn collect_or_ask(
    arguments: &Vault,
    settings: &VaultSettings,
    purpose: Purpose,
    terminal: &mut Terminal,
) -> Result<Secrets, Failure> {
    let mut all = wanted(arguments, settings);
    if all.is_empty() {
        all.push(Wanted { label: None, origin: Origin::PlainPrompt });
    }
    get(all, settings, purpose, terminal)
}

fn wanted(arguments: &Vault, settings: &VaultSettings) -> Vec<Wanted> {
    let ids = settings.identity_list.iter().chain(&arguments.vault_id);
    let mut all: Vec<Wanted> = ids.map(|id| from_id(id)).collect();
    // The file of the settings stands beside what is given (case vault-command).
    for path in arguments.vault_password_file.iter().chain(&settings.password_file) {
        let label = Some(settings.identity.clone());
        all.push(Wanted { label, origin: Origin::File(path.clone()) });
    }
    if arguments.ask_vault_password || settings.asks {
        all.push(Wanted { label: None, origin: Origin::PlainPrompt });
    }
    all
}

/// `LABEL@prompt`, `LABEL@FILE`, `prompt`, `FILE`.
fn from_id(id: &str) -> Wanted {
    let (label, origin) = match id.split_once('@') {
        Some((label, origin)) => (Some(label.to_owned()), origin),
        None => (None, id),
    };
    let origin = match origin {
        "prompt" => Origin::Prompt,
        "prompt_ask_vault_pass" => Origin::PlainPrompt,
        path => Origin::File(PathBuf::from(path)),
    };
    Wanted { label: label.filter(|label| !label.is_empty()), origin }
}

/// What can't be had is a warning as long as anything can.
fn get(
    all: Vec<Wanted>,
    settings: &VaultSettings,
    purpose: Purpose,
    terminal: &mut Terminal,
) -> Result<Secrets, Failure> {
    let mut found = Vec::new();
    let mut last = None;
    for wanted in all {
        let label = wanted.label.clone().unwrap_or_else(|| settings.identity.clone());
        match one(&wanted, &label, purpose) {
            Ok(secret) => found.push((label, secret)),
            Err(problem) => {
                // `-J` asks for the default one (case `vault-terminal`).
                let unnamed = match wanted.origin {
                    Origin::PlainPrompt => &label,
                    _ => "None",
                };
                let shown = wanted.label.as_deref().unwrap_or(unnamed);
                let text = format!("{} ({shown}): {}", problem.doing, problem.message);
                terminal.diagnose(Stream::Err, &Diagnostic::warning(text));
                last = Some(problem.message);
            }
        }
    }
    match last {
        Some(message) if found.is_empty() => Err(Failure::new(message, 1)),
        _ => {
            let matching = if settings.id_match { IdMatch::Required } else { IdMatch::Preferred };
            Ok(Secrets::new(found, matching))
        }
    }
}

/// What failed, in stock's words, and how.
struct Problem {
    doing: &'static str,
    message: String,
}

const LOADING: &str = "Error in vault password file loading";
const ASKING: &str = "Error in vault password prompt";

fn one(wanted: &Wanted, label: &str, purpose: Purpose) -> Result<Secret, Problem> {
    let asked = |prompts: &[String]| {
        ask(prompts, label).map_err(|message| Problem { doing: ASKING, message })
    };
    let text = match (&wanted.origin, purpose) {
        (Origin::File(path), _) => return from_file(path, label),
        (Origin::Prompt, Purpose::Open) => asked(&[format!("Vault password ({label}): ")])?,
        (Origin::Prompt, Purpose::Create) => asked(&[
            format!("New vault password ({label}): "),
            format!("Confirm new vault password ({label}): "),
        ])?,
        (Origin::PlainPrompt, Purpose::Open) => asked(&["Vault password: ".to_owned()])?,
        (Origin::PlainPrompt, Purpose::Create) => {
            asked(&["New Vault password: ".to_owned(), "Confirm New Vault password: ".to_owned()])?
        }
    };
    Ok(Secret::new(text.into_bytes()))
}

/// Asks on the terminal; without one, a line of standard input is the answer.
fn ask(prompts: &[String], label: &str) -> Result<String, String> {
    let mut answers = Vec::new();
    for prompt in prompts {
        let answer = if std::io::stdin().is_terminal() {
            rpassword::prompt_password(prompt).map_err(|error| error.to_string())?
        } else {
            let mut line = String::new();
            let read = std::io::stdin().lock().read_line(&mut line);
            if read.map_err(|error| error.to_string())? == 0 {
                return Err(format!("EOFError (ctrl-d) on prompt for ({label})"));
            }
            line.trim_end_matches(['\n', '\r']).to_owned()
        };
        answers.push(answer.trim().to_owned());
    }
    let first = answers.first().cloned().unwrap_or_default();
    if answers.iter().any(|answer| *answer != first) {
        return Err("Passwords do not match".to_owned());
    }
    if first.is_empty() {
        return Err("Invalid vault password was provided".to_owned());
    }
    Ok(first)
}

fn from_file(path: &Path, label: &str) -> Result<Secret, Problem> {
    let path = absolute(path);
    let shown = path.display();
    let metadata = fs::metadata(&path).map_err(|_| Problem {
        doing: "Error getting vault password file",
        message: format!("The vault password file {shown} was not found"),
    })?;
    if metadata.is_dir() {
        return Err(Problem {
            doing: "Error getting vault password file",
            message: format!("The vault password file provided '{shown}' can not be a directory"),
        });
    }
    let is_program = metadata.is_file() && metadata.permissions().mode() & 0o111 != 0;
    let bytes = if is_program {
        from_program(&path, label)
    } else {
        fs::read(&path)
            .map_err(|error| format!("Could not read vault password file {shown}: {error}"))
    };
    let loading = |message| Problem { doing: LOADING, message };
    let bytes = bytes.map_err(loading)?;
    let secret = Secret::new(bytes.trim_ascii().to_vec());
    if secret.is_empty() {
        let what = if is_program { "script" } else { "file" };
        return Err(loading(format!("Invalid vault password was provided from {what} ({shown})")));
    }
    Ok(secret)
}

/// A script whose name ends so is told for which label the password is.
const CLIENT: &str = "-client";

fn from_program(path: &Path, label: &str) -> Result<Vec<u8>, String> {
    let shown = path.display();
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let is_client = stem.is_some_and(|stem| stem.ends_with(CLIENT));
    let mut command = Command::new(path);
    if is_client {
        command.args(["--vault-id", label]).stderr(Stdio::piped());
    } else {
        command.stderr(Stdio::inherit());
    }
    let output = scripts::output(&mut command).map_err(|error| {
        format!(
            "Problem running vault password script {shown} ({error}). If this is not a script, \
             remove the executable bit from the file."
        )
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let code = output.status.code().unwrap_or(-1);
    if !is_client {
        return Err(format!("Vault password script {shown} returned non-zero ({code}): None"));
    }
    let said = nafal_base::Value::bytes(output.stderr).repr();
    Err(if code == 2 {
        format!(
            "Vault password client script {shown} did not find a secret for vault-id={label}: {said}"
        )
    } else {
        format!(
            "Vault password client script {shown} returned non-zero ({code}) when getting secret \
             for vault-id={label}: {said}"
        )
    })
}

/// The path with `~` and the current folder in place.
fn absolute(path: &Path) -> PathBuf {
    let home = std::env::var_os("HOME");
    let path = match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => Path::new(&home).join(rest),
        _ => path.to_owned(),
    };
    // No path is this folder, as for Python.
    let path = if path.as_os_str().is_empty() { PathBuf::from(".") } else { path };
    std::path::absolute(&path).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str, name: &str, mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    #[track_caller]
    fn check(text: &str, name: &str, mode: u32, expected: Result<&str, &str>) {
        let (_kept, path) = file(text, name, mode);
        match (from_file(&path, "dev"), expected) {
            (Ok(secret), Ok(text)) => assert_eq!(secret, Secret::new(text.as_bytes().to_vec())),
            (Err(problem), Err(part)) => {
                assert!(problem.message.contains(part), "{}", problem.message);
            }
            (Ok(_), Err(part)) => panic!("no error with {part}"),
            (Err(problem), Ok(_)) => panic!("{}", problem.message),
        }
    }

    #[test]
    fn files_and_scripts() {
        check(" geheim\n", "pw", 0o600, Ok("geheim"));
        check("\n", "pw", 0o600, Err("Invalid vault password was provided from file ("));
        check("#!/bin/sh\necho \"$# $1\"\n", "pw.sh", 0o700, Ok("0"));
        check("#!/bin/sh\necho \"$*\"\n", "pw-client.sh", 0o700, Ok("--vault-id dev"));
        check("#!/bin/sh\necho no >&2; exit 2\n", "my-client", 0o700, Err("=dev: b'no\\n'"));
        check("#!/bin/sh\nexit 3\n", "pw.sh", 0o700, Err("returned non-zero (3): None"));
        let missing = from_file(Path::new("/nosuch/pw"), "dev").err().unwrap();
        assert_eq!(missing.message, "The vault password file /nosuch/pw was not found");
    }

    #[test]
    fn labels() {
        let wanted =
            |label: Option<&str>, origin| Wanted { label: label.map(str::to_owned), origin };
        assert_eq!(from_id("prompt"), wanted(None, Origin::Prompt));
        assert_eq!(from_id("dev@prompt"), wanted(Some("dev"), Origin::Prompt));
        assert_eq!(from_id("@prompt"), wanted(None, Origin::Prompt));
        assert_eq!(from_id("dev@a@b"), wanted(Some("dev"), Origin::File("a@b".into())));
        assert_eq!(from_id("pw.txt"), wanted(None, Origin::File("pw.txt".into())));
    }
}
