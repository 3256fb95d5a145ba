//! The module's arguments, and what they mean for it. Must not run anything.

use std::path::PathBuf;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::spec::{Argument, Default, Kind, Spec};

/// What the module says about itself.
pub const SPEC: Spec = Spec {
    mutually_exclusive: &[&["separate_git_dir", "bare"], &["accept_hostkey", "accept_newhostkey"]],
    required_by: &[("archive_prefix", &["archive"])],
    ..Spec::new("git", ARGUMENTS)
};

const ARGUMENTS: &[Argument] = &[
    Argument::path("dest"),
    Argument::text("repo").required().aliases(&["name"]),
    Argument::text("version").or_text("HEAD"),
    Argument::text("remote").or_text("origin"),
    Argument::text("refspec"),
    Argument::text("reference"),
    Argument::flag("force", false),
    Argument::new("depth", Kind::Int),
    Argument::flag("clone", true),
    Argument::flag("update", true),
    Argument::flag("verify_commit", false),
    Argument::list("gpg_allowlist", Kind::Str).or(Default::Texts(&[])),
    Argument::flag("accept_hostkey", false),
    Argument::flag("accept_newhostkey", false),
    Argument::path("key_file"),
    Argument::text("ssh_opts"),
    Argument::path("executable"),
    Argument::flag("bare", false),
    Argument::flag("recursive", true),
    Argument::flag("single_branch", false),
    Argument::flag("track_submodules", false),
    Argument::new("umask", Kind::Raw),
    Argument::path("archive"),
    Argument::text("archive_prefix"),
    Argument::path("separate_git_dir"),
];

/// Where and what.
pub struct Settings<'a> {
    /// The arguments.
    pub args: &'a Arguments,
    /// The repository, as git is told it.
    pub url: String,
    /// The checkout's folder, from the root.
    pub dest: Option<PathBuf>,
    /// The version as it was given.
    pub version: &'a str,
    /// The name of the remote.
    pub remote: &'a str,
    /// How many commits; None for all.
    pub depth: Option<i64>,
    /// Where the repository is, when it isn't below the checkout.
    pub separate: Option<PathBuf>,
}

impl<'a> Settings<'a> {
    /// Those of the arguments.
    pub fn new(args: &'a Arguments, ctx: &Ctx) -> Result<Settings<'a>> {
        let repo = args.required_text("repo");
        let url = if repo.starts_with('/') { format!("file://{repo}") } else { repo.to_owned() };
        let absolute = |name: &str| args.text(name).map(|path| ctx.absolute(path));
        let dest = absolute("dest");
        if dest.is_none() && args.is("clone") {
            let message = "the destination directory must be specified unless clone=no";
            return Err(Failure::new(message));
        }
        Ok(Settings {
            args,
            url,
            dest,
            version: args.required_text("version"),
            remote: args.required_text("remote"),
            depth: args.int("depth").filter(|depth| *depth >= 1),
            separate: absolute("separate_git_dir"),
        })
    }

    /// Whether the repository has no checkout.
    pub fn is_bare(&self) -> bool {
        self.args.is("bare")
    }

    /// The refspec that is fetched beside the others.
    pub fn refspec(&self) -> Option<&'a str> {
        self.args.text("refspec").filter(|refspec| !refspec.is_empty())
    }
}
