//! rsync's words as stock writes them, in its order: scripts look at `cmd`. They are text that is split as a shell would
//! split it, options of the user's too. Must not know how rsync is run.

use nafal_base::shell::quoted;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::Result;

/// Flags and the option that each stands for, in the order of the command line.
const FLAGS: [(&str, &str); 4] = [
    ("delete", "--delete-after"),
    ("existing_only", "--existing"),
    ("checksum", "--checksum"),
    ("copy_links", "--copy-links"),
];

/// What `archive` stands for and what may be told otherwise.
const ARCHIVED: [&str; 6] = ["recursive", "links", "perms", "times", "owner", "group"];

/// What a command line is made of.
pub struct Line<'a> {
    /// The module's arguments.
    pub args: &'a Arguments,
    /// Its surroundings.
    pub ctx: &'a Ctx,
    /// Folders to link against.
    pub link_dests: &'a [String],
}

impl Line<'_> {
    /// All words after rsync itself.
    pub fn words(&self, source: &str, dest: &str) -> Result<Vec<String>> {
        let args = self.args;
        let mut words = self.kind_of_transfer();
        if [source, dest].into_iter().any(is_over_ssh) {
            words.push(format!("--rsh={}", quoted(&self.ssh()?)));
        }
        if let Some(path) = args.text("rsync_path").filter(|path| !path.is_empty()) {
            words.push(format!("--rsync-path={}", quoted(path)));
        }
        words.extend(args.texts("rsync_opts").into_iter().map(str::to_owned));
        if args.is("partial") {
            words.push("--partial".to_owned());
        }
        if !self.link_dests.is_empty() {
            words.extend(["-H", "-vv"].map(str::to_owned));
            words.extend(self.link_dests.iter().map(|folder| format!("--link-dest={folder}")));
        }
        words.push(format!("--out-format='{}%i %n%L'", super::MARK));
        words.extend([source, dest].map(|path| quoted(path).into_owned()));
        Ok(words)
    }

    fn kind_of_transfer(&self) -> Vec<String> {
        let args = self.args;
        let mut words = Vec::new();
        if args.is("delay_updates") {
            words.extend(["--delay-updates", "-F"].map(str::to_owned));
        }
        if args.is("compress") {
            words.push("--compress".to_owned());
        }
        if let Some(seconds) = args.int("rsync_timeout").filter(|seconds| *seconds != 0) {
            words.push(format!("--timeout={seconds}"));
        }
        if self.ctx.is_check() {
            words.push("--dry-run".to_owned());
        }
        words.extend(
            FLAGS.iter().filter(|(name, _)| args.is(name)).map(|(_, word)| (*word).to_owned()),
        );
        let archive = args.is("archive");
        if archive {
            words.push("--archive".to_owned());
        }
        for name in ARCHIVED {
            match (archive, args.flag(name)) {
                (true, Some(false)) => words.push(format!("--no-{name}")),
                (false, Some(true)) => words.push(format!("--{name}")),
                _ => {}
            }
        }
        if args.is("dirs") {
            words.push("--dirs".to_owned());
        }
        words
    }

    /// The ssh that rsync starts.
    fn ssh(&self) -> Result<String> {
        let args = self.args;
        let mut words = vec![self.ctx.tool("ssh")?.to_string_lossy().into_owned()];
        if !args.is("ssh_connection_multiplexing") {
            words.push("-S none".to_owned());
        }
        if let Some(key) = args.text("private_key") {
            words.push(format!("-i {key}"));
        }
        if let Some(port) = args.int("dest_port") {
            words.push(format!("-o Port={port}"));
        }
        if !args.is("verify_host") {
            words.push("-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null".to_owned());
        }
        if let Some(more) = args.text("_ssh_args").filter(|more| !more.is_empty()) {
            words.push(more.to_owned());
        }
        Ok(words.join(" "))
    }
}

/// Whether a path is one of another machine that ssh leads to: `HOST:PATH`, and not `rsync://HOST/PATH`.
fn is_over_ssh(path: &str) -> bool {
    !path.starts_with("rsync://") && path.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_a_path() {
        for path in ["host:/x", "bob@host:x", "[bob@fe80::1]:/y", "host::module", "/a:b"] {
            assert!(is_over_ssh(path), "{path}");
        }
        for path in ["/x", "rsync://host/module"] {
            assert!(!is_over_ssh(path), "{path}");
        }
    }
}
