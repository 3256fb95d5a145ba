//! Where a crontab is kept: with a user, through `crontab`, or in a file of its own. Must not know what is in it.

use std::io;
use std::path::{Path, PathBuf};

use nafal_base::charset::Charset;

use crate::ctx::Ctx;
use crate::files::failure::errno_bytes;
use crate::files::{Content, Failure, Options, Result, UnsafeWrites, owner, paths, staged};

/// Where it is.
pub enum Source<'a> {
    /// A user's own.
    User {
        /// The tool that keeps it.
        crontab: PathBuf,
        /// The user, when the task names one.
        user: Option<&'a str>,
    },
    /// A file.
    File(PathBuf),
}

impl<'a> Source<'a> {
    /// The source that a task means. `crontab` has to be there either way, as with stock.
    pub fn new(ctx: &Ctx, user: Option<&'a str>, file: Option<&str>) -> Result<Source<'a>> {
        let crontab = ctx.tool("crontab")?;
        Ok(match file.filter(|file| !file.is_empty()) {
            Some(file) => Source::File(Path::new("/etc/cron.d").join(file)),
            None => Source::User { crontab, user },
        })
    }

    /// What differences call it.
    pub fn header(&self) -> String {
        match self {
            Source::File(path) => path.display().to_string(),
            Source::User { user: Some(user), .. } => format!("crontab for user \"{user}\""),
            Source::User { user: None, .. } => "crontab".to_owned(),
        }
    }

    /// Its text, without the lines that `crontab` puts on top.
    pub fn read(&self, ctx: &Ctx) -> Result<String> {
        match self {
            Source::File(path) => match std::fs::read(path) {
                Ok(bytes) => Ok(Charset::Utf8.decode(&bytes)?),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
                Err(error) => {
                    Err(Failure::raised([errno_bytes(&error, &path.display().to_string())]))
                }
            },
            Source::User { crontab, user } => {
                let words: Vec<&str> = of_user(*user).into_iter().chain(["-l"]).collect();
                let gave = ctx.run_tool(crontab, &words)?;
                match gave.code {
                    // Or there is none yet.
                    0 | 1 => Ok(without_header(&gave.stdout).to_owned()),
                    _ => Err(Failure::raised(["Unable to read crontab"])),
                }
            }
        }
    }

    /// Puts a text in its place.
    pub fn write(&self, ctx: &Ctx, text: &str) -> Result<()> {
        match self {
            Source::File(path) => {
                let shown = path.display().to_string();
                if !path.parent().is_some_and(Path::exists) {
                    let missing = io::Error::from(rustix::io::Errno::NOENT);
                    return Err(Failure::raised([errno_bytes(&missing, &shown)]));
                }
                let options =
                    Options { unsafe_writes: UnsafeWrites::Allowed, ..ctx.plain_options() };
                let real = paths::real_path(path);
                Ok(staged::write(&real, Content::Bytes(text.as_bytes()), &options)?)
            }
            Source::User { crontab, user } => {
                let file = keep(ctx, text)?;
                let mut words = of_user(*user);
                words.push(&file);
                let gave = ctx.run_tool(crontab, &words);
                let _ = std::fs::remove_file(&file);
                let gave = gave?;
                if gave.code == 0 {
                    return Ok(());
                }
                Err(Failure::new(format!("Failed to install new cronfile: {file}"))
                    .with("rc", gave.code)
                    .with("stdout", gave.stdout)
                    .with("stderr", gave.stderr))
            }
        }
    }
}

/// Removes a file; of a link, the link.
pub fn remove(ctx: &Ctx, path: &Path) -> Result<()> {
    if ctx.is_check() {
        return Ok(());
    }
    let shown = path.display().to_string();
    std::fs::remove_file(path).map_err(|error| Failure::raised([errno_bytes(&error, &shown)]))
}

/// Writes a text to a new file among the temporary ones, which stays.
pub fn keep(ctx: &Ctx, text: &str) -> Result<String> {
    let folder = ctx.env("TMPDIR").map_or_else(|| PathBuf::from("/tmp"), PathBuf::from);
    let name = staged::random_text().map_err(|error| Failure::new(error.to_string()))?;
    let file = folder.join(format!("crontab{name}"));
    let options = Options { ceiling: Some(0o600), ..Options::default() };
    staged::write(&file, Content::Bytes(text.as_bytes()), &options)?;
    Ok(file.to_string_lossy().into_owned())
}

/// `crontab` is told of another user only.
fn of_user(user: Option<&str>) -> Vec<&str> {
    let own = rustix::process::geteuid().as_raw();
    match user.filter(|user| owner::uid_of(user) != Some(own)) {
        Some(user) => vec!["-u", user],
        None => Vec::new(),
    }
}

/// Some kinds of `crontab` list what they put on top, up to three lines.
fn without_header(text: &str) -> &str {
    let is_header = |line: &str| {
        line.starts_with("# DO NOT EDIT THIS FILE")
            || line.starts_with("# (")
                && (line.contains("installed on") || line.contains("version"))
    };
    let lines = text.split_inclusive('\n').take(3).take_while(|line| is_header(line));
    &text[lines.map(str::len).sum()..]
}

#[cfg(test)]
mod tests {
    use super::without_header;

    #[test]
    fn headers() {
        let text =
            "# DO NOT EDIT THIS FILE - x\n# (/tmp/x installed on y)\n# (Cron version z)\n# a\n";
        assert_eq!(without_header(text), "# a\n");
        assert_eq!(without_header("# a\n# (Cron version z)\n"), "# a\n# (Cron version z)\n");
    }
}
