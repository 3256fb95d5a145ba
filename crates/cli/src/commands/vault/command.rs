//! The command: what is done with which files. Must not know how vaults are written.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nafal_base::Diagnostic;
use nafal_engine::vault::{Envelope, Salt, Secret, Secrets, encrypt, is_encrypted};
use nafal_engine::{Settings, VaultSettings};
use nafal_output::{Stream, Terminal};

use super::files::{Access, STANDARD, absolute, failed, read, write};
use super::{editor, strings};
use crate::arguments::{
    Create, Decrypt, Edit, Encrypt, EncryptString, EncryptWith, Rekey, Vault, VaultAction,
    VaultCommand, View,
};
use crate::commands::session::{Session, begin, close, heading, warn};
use crate::commands::table::Call;
use crate::failure::Failure;
use crate::vault_passwords::{Purpose, collect_or_ask};

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let Session { arguments, settings, mut terminal } = match begin::<VaultCommand>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let verbosity = settings.verbosity.saturating_add(arguments.verbosity.verbose);
    heading(&mut terminal, call, &settings, verbosity);
    let result = go(&arguments.action, &settings, &mut terminal);
    close(&mut terminal, result.map(|()| 0))
}

fn go(action: &VaultAction, settings: &Settings, terminal: &mut Terminal) -> Result<(), Failure> {
    let mut work = Work {
        vault: action.vault(),
        settings: &settings.vault,
        editor: &settings.editor,
        pager: &settings.pager,
        terminal,
    };
    match action {
        VaultAction::Create(create) => work.create(create),
        VaultAction::Decrypt(decrypt) => work.decrypt(decrypt),
        VaultAction::Edit(edit) => work.edit(edit),
        VaultAction::View(view) => work.view(view),
        VaultAction::Encrypt(encrypt) => work.encrypt(encrypt),
        VaultAction::EncryptString(wanted) => work.encrypt_string(wanted),
        VaultAction::Rekey(rekey) => work.rekey(rekey),
    }
}

/// What every action has.
struct Work<'a> {
    vault: &'a Vault,
    settings: &'a VaultSettings,
    editor: &'a str,
    pager: &'a str,
    terminal: &'a mut Terminal,
}

/// The files that are named, or standard input.
fn or_standard(files: &[PathBuf]) -> Vec<PathBuf> {
    if files.is_empty() { vec![PathBuf::from(STANDARD)] } else { files.to_vec() }
}

/// Where the result of a file goes.
fn target<'a>(
    file: &'a Path,
    files: &[PathBuf],
    output: Option<&'a Path>,
) -> Result<&'a Path, Failure> {
    if output.is_some() && files.len() > 1 {
        return Err(Failure::usage("At most one input file may be used with the --output option"));
    }
    Ok(output.unwrap_or(file))
}

impl Work<'_> {
    fn secrets(&mut self, purpose: Purpose) -> Result<Secrets, Failure> {
        collect_or_ask(self.vault, self.settings, purpose, self.terminal)
    }

    /// The password to encrypt with, and its label.
    fn chosen<'s>(
        &self,
        secrets: &'s Secrets,
        with: &EncryptWith,
    ) -> Result<(&'s str, &'s Secret), Failure> {
        let wanted = with.encrypt_vault_id.as_ref().or(self.settings.encrypt_identity.as_ref());
        let known: Vec<&str> = secrets.iter().map(|(id, _)| id).collect();
        if let Some(wanted) = wanted {
            let found = secrets.iter().find(|(id, _)| id == wanted);
            return found.ok_or_else(|| {
                let known: Vec<String> = known.iter().map(|id| format!("'{id}'")).collect();
                let message = format!(
                    "Did not find a match for --encrypt-vault-id={wanted} in the known vault-ids [{}]",
                    known.join(", ")
                );
                Failure::new(message, 1)
            });
        }
        // Two of the same label are two (case vault-command).
        if known.len() > 1 {
            return Err(Failure::usage(format!(
                "The vault-ids {} are available to encrypt. Specify the vault-id to encrypt with --encrypt-vault-id",
                known.join(",")
            )));
        }
        let first = secrets.iter().next();
        first.ok_or_else(|| Failure::new("A vault password is required to use Ansible's Vault", 1))
    }

    fn sealed(&self, clear: &[u8], id: Option<&str>, secret: &Secret) -> Result<String, Failure> {
        let salt = self.settings.encrypt_salt.as_deref();
        let salt = salt.map_or(Salt::Random, |salt| Salt::Given(salt.as_bytes()));
        encrypt(clear, secret, id, salt).map_err(|error| Failure::new(error.to_string(), 1))
    }

    /// Said to people alone: a script reads what is written.
    fn done(&mut self, what: &str) {
        if std::io::stdout().is_terminal() {
            self.terminal.line(Stream::Err, None, what);
        }
    }

    fn encrypt(&mut self, arguments: &Encrypt) -> Result<(), Failure> {
        target(Path::new(""), &arguments.files, arguments.output.as_deref())?;
        let secrets = self.secrets(Purpose::Create)?;
        let (id, secret) = self.chosen(&secrets, &arguments.with)?;
        let files = or_standard(&arguments.files);
        for file in &files {
            let clear = read(file)?;
            if is_encrypted(&clear) {
                return Err(Failure::new("input is already encrypted", 1));
            }
            let vault = self.sealed(&clear, Some(id), secret)?;
            let to = target(file, &files, arguments.output.as_deref())?;
            write(to, vault.as_bytes(), Access::Private, self.terminal)?;
        }
        self.done("Encryption successful");
        Ok(())
    }

    fn decrypt(&mut self, arguments: &Decrypt) -> Result<(), Failure> {
        target(Path::new(""), &arguments.files, arguments.output.as_deref())?;
        let secrets = self.secrets(Purpose::Open)?;
        let files = or_standard(&arguments.files);
        for file in &files {
            let clear = secrets
                .decrypt(&read(file)?)
                .map_err(|error| failed("decrypt", file, &absolute(file), &error))?;
            let to = target(file, &files, arguments.output.as_deref())?;
            write(to, &clear, Access::Private, self.terminal)?;
        }
        self.done("Decryption successful");
        Ok(())
    }

    fn view(&mut self, arguments: &View) -> Result<(), Failure> {
        let secrets = self.secrets(Purpose::Open)?;
        for file in or_standard(&arguments.files) {
            let clear = secrets
                .decrypt(&read(&file)?)
                .map_err(|error| failed("view", &file, &file, &error))?;
            if !(std::io::stdout().is_terminal() && paged(&clear, self.pager)) {
                self.terminal.unlogged(Stream::Out, None, &String::from_utf8_lossy(&clear));
            }
        }
        Ok(())
    }

    fn create(&mut self, arguments: &Create) -> Result<(), Failure> {
        let [file] = &arguments.files[..] else {
            return Err(Failure::usage("ansible-vault create can take only one filename argument"));
        };
        let secrets = self.secrets(Purpose::Create)?;
        let (id, secret) = self.chosen(&secrets, &arguments.with)?;
        if !std::io::stdout().is_terminal() && !arguments.skip_tty_check {
            return Err(Failure::usage("not a tty, editor cannot be opened"));
        }
        if file.exists() {
            let message = format!("{} exists, please use 'edit' instead", file.display());
            return Err(Failure::new(message, 1));
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.exists()) {
            let message = format!("{} does not exist, creating...", folder.display());
            warn(self.terminal, &[Diagnostic::warning(message)]);
            std::fs::create_dir_all(folder).map_err(|error| {
                Failure::new(format!("{} can't be made: {error}", folder.display()), 1)
            })?;
        }
        let vault = self.sealed(&editor::edit(b"", self.editor)?, Some(id), secret)?;
        write(file, vault.as_bytes(), Access::Private, self.terminal)
    }

    fn edit(&mut self, arguments: &Edit) -> Result<(), Failure> {
        let secrets = self.secrets(Purpose::Open)?;
        for file in &arguments.files {
            let before = read(file)?;
            let wrong = |error| failed("edit", file, &absolute(file), &error);
            let envelope = Envelope::parse(&before).map_err(wrong)?;
            let (clear, opened_by) = secrets.decrypt_by(&before).map_err(wrong)?;
            let after = editor::edit(&clear, self.editor)?;
            if after == *clear {
                continue;
            }
            let (id, secret) = match &arguments.with.encrypt_vault_id {
                Some(_) => {
                    let (id, secret) = self.chosen(&secrets, &arguments.with)?;
                    (Some(id.to_owned()), secret)
                }
                None => match secrets.find(opened_by) {
                    Some(secret) => (envelope.id, secret),
                    None => continue,
                },
            };
            let vault = self.sealed(&after, id.as_deref(), secret)?;
            write(file, vault.as_bytes(), Access::Kept, self.terminal)?;
        }
        Ok(())
    }

    fn rekey(&mut self, arguments: &Rekey) -> Result<(), Failure> {
        let secrets = self.secrets(Purpose::Open)?;
        let new = Vault {
            vault_id: arguments.new_vault_id.iter().cloned().collect(),
            vault_password_file: arguments.new_vault_password_file.iter().cloned().collect(),
            ask_vault_password: false,
        };
        // What the settings name opens the vaults; it isn't the new password.
        let settings = VaultSettings {
            identity_list: Vec::new(),
            password_file: None,
            ..self.settings.clone()
        };
        let new = collect_or_ask(&new, &settings, Purpose::Create, self.terminal)?;
        let (id, secret) = self.chosen(&new, &arguments.with)?;
        for file in &arguments.files {
            let clear = secrets
                .decrypt(&read(file)?)
                .map_err(|error| failed("rekey", file, &absolute(file), &error))?;
            let vault = self.sealed(&clear, Some(id), secret)?;
            write(file, vault.as_bytes(), Access::Kept, self.terminal)?;
        }
        self.terminal.line(Stream::Err, None, "Rekey successful");
        Ok(())
    }

    fn encrypt_string(&mut self, arguments: &EncryptString) -> Result<(), Failure> {
        if arguments.texts.len() > 1 && arguments.output.is_some() {
            return Err(Failure::usage(
                "At most one input file may be used with the --output option",
            ));
        }
        let secrets = self.secrets(Purpose::Create)?;
        let (id, secret) = self.chosen(&secrets, &arguments.with)?;
        let all = strings::collect(arguments)?;
        let mut values = Vec::with_capacity(all.len());
        for (index, plain) in all.iter().enumerate() {
            let vault = self.sealed(&plain.text, Some(id), secret)?;
            let value = strings::as_value(&vault, plain.name.as_deref());
            if all.len() > 1 {
                self.terminal.unlogged(Stream::Err, None, &strings::comment(plain, index + 1));
            }
            values.push(value);
        }
        match &arguments.output {
            Some(path) if path != Path::new(STANDARD) => {
                let text = values.join("\n") + "\n";
                write(path, text.as_bytes(), Access::Private, self.terminal)?;
            }
            _ => {
                for value in &values {
                    self.terminal.unlogged(Stream::Out, None, value);
                }
            }
        }
        self.done("Encryption successful");
        Ok(())
    }
}

/// Shows a text with the user's pager; false if there is none.
fn paged(text: &[u8], pager: &str) -> bool {
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(format!("exec {pager}")).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", "FRSX");
    }
    let Ok(mut child) = command.spawn() else { return false };
    if let Some(mut input) = child.stdin.take() {
        // A pager that is left early doesn't want the rest.
        let _ = input.write_all(text);
    }
    // The shell's word for a command that there isn't.
    child.wait().is_ok_and(|status| status.code() != Some(127))
}
