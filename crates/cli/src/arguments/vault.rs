//! What vaults are opened with. Must not know what is in files that these name.

use std::path::PathBuf;

use clap::Args;

/// What vaults are opened with.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Vaults")]
pub struct Vault {
    /// Where a vault's password is: LABEL@FILE, LABEL@prompt, FILE; may be given several times
    #[arg(long, value_name = "VAULT_IDS")]
    pub vault_id: Vec<String>,

    /// Asks for the vault's password
    #[arg(
        short = 'J',
        long,
        visible_alias = "ask-vault-pass",
        conflicts_with = "vault_password_file"
    )]
    pub ask_vault_password: bool,

    /// A file with the vault's password; may be given several times
    #[arg(long, visible_alias = "vault-pass-file", value_name = "FILE")]
    pub vault_password_file: Vec<PathBuf>,
}
