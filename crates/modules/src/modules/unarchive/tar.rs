//! Archives that tar reads: what is in them, whether it is all there (`tar --diff`), how it is
//! unpacked. Must not know zip.

use std::ffi::OsString;
use std::path::PathBuf;

use super::run::{Job, Verdict};
use crate::files::Result;

/// How a tar archive is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// With gzip.
    Gzip,
    /// Not, or in a way that tar sees for itself.
    Plain,
    /// With bzip2.
    Bzip2,
    /// With xz.
    Xz,
    /// With zstd.
    Zstd,
}

impl Packing {
    /// All, in the order in which they are tried.
    pub const ALL: [Packing; 5] =
        [Packing::Gzip, Packing::Plain, Packing::Bzip2, Packing::Xz, Packing::Zstd];

    /// Stock's name for what handles it.
    pub fn name(self) -> &'static str {
        match self {
            Packing::Gzip => "TgzArchive",
            Packing::Plain => "TarArchive",
            Packing::Bzip2 => "TarBzipArchive",
            Packing::Xz => "TarXzArchive",
            Packing::Zstd => "TarZstdArchive",
        }
    }

    fn flag(self) -> Option<&'static str> {
        match self {
            Packing::Gzip => Some("-z"),
            Packing::Plain => None,
            Packing::Bzip2 => Some("-j"),
            Packing::Xz => Some("-J"),
            Packing::Zstd => Some("--use-compress-program=zstd"),
        }
    }
}

/// An archive that tar can list.
pub struct Tar {
    program: PathBuf,
    /// How it is packed.
    pub packing: Packing,
    /// What is in it, without what is excluded.
    pub files: Vec<String>,
}

/// Words of `tar --diff` for a file that isn't as in the archive. Another kind of file isn't among
/// them (a folder in the place of a file stays), nor is what is below it.
const DIFFERENT: [&str; 5] = [
    ": Mod time differs",
    ": Size differs",
    ": Contents differ",
    ": Symlink differs",
    "Cannot stat: No such file or directory",
];

impl Tar {
    /// The target's tar.
    pub fn program(job: &Job<'_>) -> Option<PathBuf> {
        ["gtar", "tar"].iter().find_map(|name| job.ctx.find_tool(name))
    }

    /// The archive, or why tar doesn't take it.
    pub fn open(job: &Job<'_>, packing: Packing) -> Result<Result<Tar, String>> {
        let Some(program) = Tar::program(job) else {
            let reason = "Unable to find required 'gtar' or 'tar' binary in the path";
            return Ok(Err(reason.to_owned()));
        };
        let mut tar = Tar { program, packing, files: Vec::new() };
        let gave = job.run(&tar.command(job, "--list", Vec::new()))?;
        let command = tar.program.display();
        if gave.code != 0 {
            return Ok(Err(format!(
                "Command \"{command}\" could not handle archive: Unable to list files in the archive: {}",
                gave.stderr
            )));
        }
        let names = gave.stdout.lines().map(unescaped);
        tar.files = names.map(|name| name.trim_start_matches('/').to_owned()).collect();
        tar.files.retain(|name| !name.is_empty());
        if tar.files.is_empty() {
            return Ok(Err(format!(
                "Command \"{command}\" found no files in archive. Empty archive files are not supported."
            )));
        }
        Ok(Ok(tar))
    }

    /// A command over the archive; `more` comes behind the packing and the user's own options.
    fn command(&self, job: &Job<'_>, what: &str, more: Vec<OsString>) -> Vec<OsString> {
        let mut argv = vec![self.program.clone().into_os_string(), what.into(), "-C".into()];
        argv.push(job.folder.into());
        argv.extend(self.packing.flag().map(OsString::from));
        let mut own = job.words("extra_opts").peekable();
        if own.peek().is_some() {
            argv.push("--show-transformed-names".into());
            argv.extend(own);
        }
        argv.extend(more);
        argv.extend(
            job.args.texts("exclude").iter().map(|name| format!("--exclude={name}").into()),
        );
        argv.push("-f".into());
        argv.push(job.archive.into());
        argv.extend(job.words("include"));
        argv
    }

    /// Whether everything is there. What the task gives all files anyway isn't looked at.
    pub fn compare(&self, job: &Job<'_>) -> Result<Verdict> {
        let gave = job.run(&self.command(job, "--diff", Vec::new()))?;
        let is_root = rustix::process::geteuid().is_root();
        let given = |name: &str| job.args.is_given(name);
        let differs = gave.code != 0
            && gave.stdout.lines().chain(gave.stderr.lines()).any(|line| {
                // A folder whose name was stripped to nothing isn't missing.
                let has_name = !line.contains(": : Warning: ");
                (has_name && DIFFERENT.iter().any(|words| line.ends_with(words)))
                    || (line.ends_with(": Mode differs") && !given("mode"))
                    || (line.ends_with(": Uid differs") && is_root && !given("owner"))
                    || (line.ends_with(": Gid differs") && is_root && !given("group"))
            });
        Ok(Verdict { differs, itemized: None })
    }

    /// The command that unpacks it.
    pub fn extraction(&self, job: &Job<'_>) -> Vec<OsString> {
        let mut more = Vec::new();
        for name in ["owner", "group"] {
            let flag = job.args.text(name).map(|value| format!("--{name}={value}"));
            more.extend(flag.map(OsString::from));
        }
        if job.args.is("keep_newer") {
            more.push("--keep-newer-files".into());
        }
        self.command(job, "--extract", more)
    }
}

/// A name as tar lists it, without its escapes.
fn unescaped(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let octal = after.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(code) = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            bytes.push(code);
            rest = &after[3..];
            continue;
        }
        let Some((letter, after)) = after.split_first() else { break };
        rest = after;
        bytes.push(match letter {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'a' => 7,
            b'b' => 8,
            b'v' => 11,
            b'f' => 12,
            other => *other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_tar_lists_them() {
        assert_eq!(unescaped(r"a\nb\\c\303\251 d"), "a\nb\\cé d");
        assert_eq!(unescaped("plain/é"), "plain/é");
        assert_eq!(unescaped("end\\"), "end");
    }
}
