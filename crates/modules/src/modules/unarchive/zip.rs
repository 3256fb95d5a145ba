//! Archives that unzip reads: what is in them, whether it is all there, how it is unpacked. What
//! differs is told as rsync itemizes it. Must not know tar.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use flate2::Crc;

use super::run::{Job, Verdict};
use super::zip_entries::{Entry, Sort, entries};
use crate::files::mode::{Mode, PERMISSION_BITS, Present};
use crate::files::{Failure, Result, owner};
use crate::glob::is_like;

/// An archive that unzip can list.
pub struct Zip {
    program: PathBuf,
    entries: Vec<Entry>,
    /// The names of what is in it, as far as it is wanted.
    pub files: Vec<String>,
    /// What stays as it is, since it is newer.
    kept: Vec<String>,
}

/// Who all files shall belong to.
struct Owners {
    uid: u32,
    gid: u32,
}

impl Zip {
    /// The archive, or why unzip doesn't take it.
    pub fn open(job: &Job<'_>) -> Result<Result<Zip, Vec<String>>> {
        let missing =
            |name: &str| format!("Unable to find required 'unzip' or '{name}' binary in the path.");
        let tools = ["unzip", "zipinfo"].map(|name| (name, job.ctx.find_tool(name)));
        let [(_, Some(program)), (_, Some(zipinfo))] = tools else {
            let absent = tools.iter().filter(|(_, found)| found.is_none());
            return Ok(Err(absent.map(|(name, _)| missing(name)).collect()));
        };
        let archive = || OsString::from(job.archive);
        let listed = job.run(&[program.clone().into(), "-l".into(), archive()])?;
        if listed.code != 0 {
            let command = program.display();
            let reason =
                format!("Command \"{command}\" could not handle archive: {}", listed.stderr);
            return Ok(Err(vec![reason]));
        }
        let listing = job.run(&[zipinfo.into(), "-T".into(), "-s".into(), archive()])?;
        let table = job.run(&[program.clone().into(), "-v".into(), archive()])?;
        let mut entries = entries(&listing.stdout, &table.stdout, job.ctx.umask());
        let (include, exclude) = (job.args.texts("include"), job.args.texts("exclude"));
        let is_any =
            |patterns: &[&str], name: &str| patterns.iter().any(|like| is_like(name, like));
        entries.retain(|entry| {
            (include.is_empty() || is_any(&include, &entry.name)) && !is_any(&exclude, &entry.name)
        });
        let files = entries.iter().map(|entry| entry.name.clone()).collect();
        Ok(Ok(Zip { program, entries, files, kept: Vec::new() }))
    }

    /// Whether everything is there as it is in the archive.
    pub fn compare(&mut self, job: &Job<'_>) -> Result<Verdict> {
        let owners = Owners {
            uid: job.args.text("owner").and_then(known_user).unwrap_or_else(own_user),
            gid: job.args.text("group").and_then(known_group).unwrap_or_else(own_group),
        };
        let mode = job.args.value("mode").map(Mode::from_value).transpose();
        let mode = mode.map_err(|error| refused_mode(&error))?;
        let mut itemized = String::new();
        for entry in &self.entries {
            // A folder's name ends with a slash: a link to a folder is one, too.
            let path = job.folder.join(&entry.name);
            let found = fs::symlink_metadata(&path).ok();
            let item = match &found {
                None => {
                    itemized.push_str(&format!(">{}++++++.?? {}\n", letter(entry), entry.name));
                    continue;
                }
                Some(found) if !is_same_sort(entry, found) => {
                    itemized.push_str(&format!("c{}++++++.?? {}\n", letter(entry), entry.name));
                    continue;
                }
                Some(found) => found,
            };
            let bits = wanted_bits(entry, item, mode.as_ref(), job.ctx.umask())?;
            let time = modified(entry);
            if job.args.is("keep_newer")
                && entry.sort == Sort::File
                && time.is_some_and(|time| time < seconds(item))
            {
                self.kept.push(entry.name.clone());
                continue;
            }
            let marks =
                Marks::of(entry, item, &path, bits, time).with_owners(job, entry, item, &owners)?;
            itemized.push_str(&marks.line(entry));
        }
        // Nothing to look at is left for unzip to complain of.
        let differs = !itemized.is_empty() || self.entries.is_empty();
        Ok(Verdict { differs, itemized: Some(itemized) })
    }

    /// The command that unpacks it.
    pub fn extraction(&self, job: &Job<'_>) -> Vec<OsString> {
        let mut argv = vec![self.program.clone().into_os_string(), "-o".into()];
        argv.extend(job.words("extra_opts"));
        argv.push(job.archive.into());
        argv.extend(job.words("include"));
        let mut left_out =
            job.words("exclude").chain(self.kept.iter().map(OsString::from)).peekable();
        if left_out.peek().is_some() {
            argv.push("-x".into());
            argv.extend(left_out);
        }
        argv.push("-d".into());
        argv.push(job.folder.into());
        argv
    }
}

/// Who isn't known is passed over here, and refused once the files are there.
fn known_user(name: &str) -> Option<u32> {
    match name.parse() {
        Ok(uid) => owner::user_by_id(uid).map(|user| user.uid),
        Err(_) => owner::user_by_name(name).map(|user| user.uid),
    }
}

fn known_group(name: &str) -> Option<u32> {
    match name.parse() {
        Ok(gid) => owner::group_by_id(gid).map(|group| group.gid),
        Err(_) => owner::group_by_name(name).map(|group| group.gid),
    }
}

fn own_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn own_group() -> u32 {
    rustix::process::getegid().as_raw()
}

fn refused_mode(error: &dyn std::fmt::Display) -> Failure {
    Failure::new("mode must be in octal or symbolic form").with("details", error.to_string())
}

/// The permissions that a file shall have; what changes permissions changes those that are there.
fn wanted_bits(entry: &Entry, found: &Metadata, mode: Option<&Mode>, umask: u32) -> Result<u32> {
    let Some(mode) = mode else { return Ok(entry.bits) };
    let is_folder = entry.sort == Sort::Folder;
    let bits = mode.apply(Present { bits: found.mode() & PERMISSION_BITS, is_folder, umask });
    Ok((bits.map_err(|error| refused_mode(&error))? & i64::from(PERMISSION_BITS)) as u32)
}

fn letter(entry: &Entry) -> char {
    match entry.sort {
        Sort::File => 'f',
        Sort::Folder => 'd',
        Sort::Link => 'L',
    }
}

fn is_same_sort(entry: &Entry, found: &Metadata) -> bool {
    match entry.sort {
        Sort::File => found.is_file(),
        Sort::Folder => found.is_dir(),
        Sort::Link => found.is_symlink(),
    }
}

/// The entry's time as the system counts it: an archive knows no zone, so it is the target's.
fn modified(entry: &Entry) -> Option<f64> {
    let civil = jiff::fmt::strtime::parse("%Y%m%d.%H%M%S", &entry.time).ok()?.to_datetime().ok()?;
    let zoned = civil.to_zoned(jiff::tz::TimeZone::system()).ok()?;
    Some(zoned.timestamp().as_second() as f64)
}

fn seconds(found: &Metadata) -> f64 {
    crate::files::metadata::seconds(found.mtime(), found.mtime_nsec())
}

/// What of a file isn't as in the archive.
#[derive(Debug, Default, PartialEq, Eq)]
struct Marks {
    content: bool,
    size: bool,
    time: bool,
    mode: bool,
    /// The owner, or the group, which stands in its place.
    owner: Option<char>,
}

impl Marks {
    fn of(entry: &Entry, found: &Metadata, path: &Path, bits: u32, time: Option<f64>) -> Marks {
        let mut marks = Marks::default();
        if entry.sort == Sort::File {
            marks.time = time.is_some_and(|time| time != seconds(found));
            marks.size = entry.size != found.len();
            marks.content =
                marks.size || entry.crc.is_some_and(|sum| checksum(path).is_ok_and(|is| is != sum));
        }
        if entry.sort != Sort::Link {
            marks.mode = found.mode() & PERMISSION_BITS != bits;
        }
        marks
    }

    fn with_owners(
        mut self,
        job: &Job<'_>,
        entry: &Entry,
        found: &Metadata,
        wanted: &Owners,
    ) -> Result<Marks> {
        let is_other = [
            ("owner", "ownership", found.uid() != wanted.uid, wanted.uid != own_user()),
            ("group", "group ownership", found.gid() != wanted.gid, wanted.gid != own_group()),
        ];
        for (name, what, differs, is_foreign) in is_other {
            if !differs {
                continue;
            }
            if own_user() != 0 && is_foreign {
                let to = job.args.text(name).unwrap_or_default();
                let user = owner::user_by_id(own_user())
                    .map_or_else(|| own_user().to_string(), |user| user.name);
                // Stock's module doesn't expect that it may not.
                return Err(Failure::raised([format!(
                    "Cannot change {what} of {} to {to}, as user {user}",
                    entry.name
                )]));
            }
            self.owner = name.chars().next();
        }
        Ok(self)
    }

    /// As rsync itemizes it; nothing when all is as it should be.
    fn line(&self, entry: &Entry) -> String {
        if *self == Marks::default() {
            return String::new();
        }
        let mark = |is: bool, letter: char| if is { letter } else { '.' };
        format!(
            ".{}{}{}{}{}{}..?? {}\n",
            letter(entry),
            mark(self.content, 'c'),
            mark(self.size, 's'),
            mark(self.time, 't'),
            mark(self.mode, 'p'),
            self.owner.unwrap_or('.'),
            entry.name
        )
    }
}

fn checksum(path: &Path) -> std::io::Result<u32> {
    let mut file = fs::File::open(path)?;
    let (mut sum, mut buffer) = (Crc::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(sum.sum()),
            read => sum.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}
