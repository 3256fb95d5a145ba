//! Who one becomes on a host. Must not know how.

use std::path::PathBuf;

use clap::Args;

/// Who one becomes on a host.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Privilege escalation")]
pub struct Escalation {
    /// Becomes somebody else (asks for no password)
    #[arg(short = 'b', long = "become")]
    pub becomes: bool,

    /// How: sudo, su
    #[arg(long, value_name = "BECOME_METHOD")]
    pub become_method: Option<String>,

    /// Whom; root if nothing says otherwise
    #[arg(long, value_name = "BECOME_USER")]
    pub become_user: Option<String>,

    /// Asks for the password that it takes
    #[arg(short = 'K', long, conflicts_with = "become_password_file")]
    pub ask_become_pass: bool,

    /// A file with that password, or a program that prints it
    #[arg(long, visible_alias = "become-pass-file", value_name = "FILE")]
    pub become_password_file: Option<PathBuf>,
}
