//! How hosts are reached. Must not know what a connection is.

use std::path::PathBuf;

use clap::Args;

/// How hosts are reached, and as whom.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Connection")]
pub struct Connection {
    /// The key to log in with
    #[arg(long, visible_alias = "key-file", value_name = "PRIVATE_KEY_FILE")]
    pub private_key: Option<String>,

    /// Whom to log in as
    #[arg(short, long, value_name = "REMOTE_USER")]
    pub user: Option<String>,

    /// The kind of connection: ssh, local
    #[arg(short, long, value_name = "CONNECTION")]
    pub connection: Option<String>,

    /// Seconds that opening a connection may take
    #[arg(short = 'T', long, value_name = "TIMEOUT")]
    pub timeout: Option<u64>,

    /// Arguments for each ssh
    #[arg(long, value_name = "SSH_COMMON_ARGS", allow_hyphen_values = true)]
    pub ssh_common_args: Option<String>,

    /// Arguments for sftp, which nafal doesn't use
    #[arg(long, value_name = "SFTP_EXTRA_ARGS", allow_hyphen_values = true)]
    pub sftp_extra_args: Option<String>,

    /// Arguments for scp, which nafal doesn't use
    #[arg(long, value_name = "SCP_EXTRA_ARGS", allow_hyphen_values = true)]
    pub scp_extra_args: Option<String>,

    /// More arguments for ssh
    #[arg(long, value_name = "SSH_EXTRA_ARGS", allow_hyphen_values = true)]
    pub ssh_extra_args: Option<String>,

    /// Asks for the password to log in with
    #[arg(short = 'k', long, conflicts_with = "connection_password_file")]
    pub ask_pass: bool,

    /// A file with that password, or a program that prints it
    #[arg(long, visible_alias = "conn-pass-file", value_name = "FILE")]
    pub connection_password_file: Option<PathBuf>,
}
