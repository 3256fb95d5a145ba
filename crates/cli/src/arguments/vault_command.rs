//! The arguments of `ansible-vault`. Must not know what is done with files.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::run::Verbosity;
use super::vault::Vault;

/// Encrypts, decrypts and edits files and values.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "ansible-vault",
    version,
    disable_version_flag = true,
    infer_long_args = true,
    args_override_self = true
)]
pub struct VaultCommand {
    /// What is done
    #[command(subcommand)]
    pub action: VaultAction,

    #[command(flatten)]
    pub verbosity: Verbosity,
}

/// What is done.
#[derive(Clone, Debug, Subcommand)]
#[command(rename_all = "snake_case")]
pub enum VaultAction {
    /// Makes a new vault with an editor
    #[command(infer_long_args = true)]
    Create(Create),
    /// Decrypts files where they are
    #[command(infer_long_args = true)]
    Decrypt(Decrypt),
    /// Edits a vault with an editor
    #[command(infer_long_args = true)]
    Edit(Edit),
    /// Shows what is in vaults
    #[command(infer_long_args = true)]
    View(View),
    /// Encrypts files where they are
    #[command(infer_long_args = true)]
    Encrypt(Encrypt),
    /// Encrypts texts, to be values in YAML
    #[command(infer_long_args = true)]
    EncryptString(EncryptString),
    /// Encrypts vaults with another password
    #[command(infer_long_args = true)]
    Rekey(Rekey),
}

impl VaultAction {
    /// What vaults are opened with.
    pub fn vault(&self) -> &Vault {
        match self {
            VaultAction::Create(create) => &create.vault,
            VaultAction::Decrypt(decrypt) => &decrypt.vault,
            VaultAction::Edit(edit) => &edit.vault,
            VaultAction::View(view) => &view.vault,
            VaultAction::Encrypt(encrypt) => &encrypt.vault,
            VaultAction::EncryptString(strings) => &strings.vault,
            VaultAction::Rekey(rekey) => &rekey.vault,
        }
    }
}

/// Which password encrypts.
#[derive(Args, Clone, Debug, Default)]
pub struct EncryptWith {
    /// The label of the password to encrypt with, when there are several
    #[arg(long, value_name = "ENCRYPT_VAULT_ID")]
    pub encrypt_vault_id: Option<String>,
}

/// `create`.
#[derive(Args, Clone, Debug)]
pub struct Create {
    /// The file
    #[arg(required = true, value_name = "file_name")]
    pub files: Vec<PathBuf>,

    /// Opens the editor even without a terminal
    #[arg(long)]
    pub skip_tty_check: bool,

    #[command(flatten)]
    pub with: EncryptWith,
    #[command(flatten)]
    pub vault: Vault,
    #[arg(short, long, action = clap::ArgAction::Count)]
    /// Says more; may be given several times
    pub verbose: u8,
}

/// `decrypt`.
#[derive(Args, Clone, Debug)]
pub struct Decrypt {
    /// The files; standard input without any
    #[arg(value_name = "file_name")]
    pub files: Vec<PathBuf>,

    /// Where what is in it goes, instead of in its place; - is standard output
    #[arg(long, value_name = "OUTPUT_FILE")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub vault: Vault,
    #[arg(short, long, action = clap::ArgAction::Count)]
    /// Says more; may be given several times
    pub verbose: u8,
}

/// `edit`.
#[derive(Args, Clone, Debug)]
pub struct Edit {
    /// The files
    #[arg(required = true, value_name = "file_name")]
    pub files: Vec<PathBuf>,

    #[command(flatten)]
    pub with: EncryptWith,
    #[command(flatten)]
    pub vault: Vault,
    #[arg(short, long, action = clap::ArgAction::Count)]
    /// Says more; may be given several times
    pub verbose: u8,
}

/// `view`.
#[derive(Args, Clone, Debug)]
pub struct View {
    /// The files; standard input without any
    #[arg(value_name = "file_name")]
    pub files: Vec<PathBuf>,

    #[command(flatten)]
    pub vault: Vault,
    #[arg(short, long, action = clap::ArgAction::Count)]
    /// Says more; may be given several times
    pub verbose: u8,
}

/// `encrypt`.
#[derive(Args, Clone, Debug)]
pub struct Encrypt {
    /// The files; standard input without any
    #[arg(value_name = "file_name")]
    pub files: Vec<PathBuf>,

    /// Where the vault goes, instead of in the file's place; - is standard output
    #[arg(long, value_name = "OUTPUT_FILE")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub with: EncryptWith,
    #[command(flatten)]
    pub vault: Vault,
    #[arg(short, long, action = clap::ArgAction::Count)]
    /// Says more; may be given several times
    pub verbose: u8,
}

/// `encrypt_string`.
#[derive(Args, Clone, Debug)]
pub struct EncryptString {
    /// The texts; standard input without any
    #[arg(value_name = "string_to_encrypt")]
    pub texts: Vec<String>,

    /// The name of a text's variable; may be given several times
    #[arg(short, long, value_name = "ENCRYPT_STRING_NAMES")]
    pub name: Vec<String>,

    /// Asks for the text
    #[arg(short, long)]
    pub prompt: bool,

    /// Shows what is typed when it asks
    #[arg(long)]
    pub show_input: bool,

    /// The name of the variable for the text from standard input
    #[arg(long, value_name = "ENCRYPT_STRING_STDIN_NAME")]
    pub stdin_name: Option<String>,

    /// Where the values go; standard output otherwise
    #[arg(long, value_name = "OUTPUT_FILE")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub with: EncryptWith,
    #[command(flatten)]
    pub vault: Vault,
    #[arg(short, long, action = clap::ArgAction::Count)]
    /// Says more; may be given several times
    pub verbose: u8,
}

/// `rekey`.
#[derive(Args, Clone, Debug)]
pub struct Rekey {
    /// The files
    #[arg(required = true, value_name = "file_name")]
    pub files: Vec<PathBuf>,

    /// Where the new password is: LABEL@FILE, LABEL@prompt, FILE
    #[arg(long, value_name = "NEW_VAULT_ID", conflicts_with = "new_vault_password_file")]
    pub new_vault_id: Option<String>,

    /// A file with the new password
    #[arg(long, value_name = "NEW_VAULT_PASSWORD_FILE")]
    pub new_vault_password_file: Option<PathBuf>,

    #[command(flatten)]
    pub with: EncryptWith,
    #[command(flatten)]
    pub vault: Vault,
    #[arg(short, long, action = clap::ArgAction::Count)]
    /// Says more; may be given several times
    pub verbose: u8,
}
