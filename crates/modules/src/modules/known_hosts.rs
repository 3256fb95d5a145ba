//! `known_hosts`: a host's key is in a file of known hosts, or isn't. `ssh-keygen` finds hosts, also by hashed names.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use nafal_base::Outcome;
use nafal_base::charset::Charset;
use nafal_base::value::string_repr;
use sha1::Sha1;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{Content, Failure, Result, difference, paths, staged};
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "known_hosts",
        &[
            Argument::text("name").required().aliases(&["host"]),
            Argument::text("key"),
            Argument::path("path").or_text("~/.ssh/known_hosts"),
            Argument::flag("hash_host", false),
            Argument::text("state").or_text("present").choices(&["absent", "present"]),
        ],
    ),
    run,
};

/// What a line says.
#[derive(Debug, PartialEq, Eq)]
struct Entry<'a> {
    /// `@revoked` or `@cert-authority`.
    marker: Option<&'a str>,
    host: &'a str,
    kind: &'a str,
    key: &'a str,
}

impl<'a> Entry<'a> {
    fn read(line: &'a str) -> Option<Entry<'a>> {
        let mut words = line.split_whitespace().peekable();
        let marker = words.next_if(|word| word.starts_with('@'));
        Some(Entry { marker, host: words.next()?, kind: words.next()?, key: words.next()? })
    }

    fn is_hashed(&self) -> bool {
        self.host.starts_with('|')
    }
}

/// How names of hosts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    Plain,
    Hashed,
}

/// What the file has of a key.
#[derive(Debug, PartialEq, Eq)]
enum Present {
    Nothing,
    /// This key, in this line.
    Same(usize),
    /// Another key of the same kind.
    Other(usize),
}

/// The first of a host's lines that is this key or stands where it belongs. Lines with a marker never make
/// room for another key.
fn present(lines: &[(usize, String)], new: &Entry<'_>, names: Names) -> Present {
    for (number, line) in lines {
        let Some(found) = Entry::read(line) else { continue };
        let is_name = match names {
            Names::Plain => found.host == new.host,
            Names::Hashed => found.is_hashed(),
        };
        let same_rest = (found.marker, found.kind, found.key) == (new.marker, new.kind, new.key);
        if is_name && same_rest {
            return Present::Same(*number);
        }
        if found.marker.is_none() && found.kind == new.kind {
            return Present::Other(*number);
        }
    }
    Present::Nothing
}

/// The key's line with a hash in place of its host.
fn hashed(key: &str, host: &str, salt: &[u8; 20]) -> Option<String> {
    let entry = Entry::read(key)?;
    let mut code = Hmac::<Sha1>::new_from_slice(salt).ok()?;
    code.update(host.as_bytes());
    let sum = STANDARD.encode(code.finalize().into_bytes());
    let name = format!("|1|{}|{sum}", STANDARD.encode(salt));
    let rest = key.split_whitespace().skip(1 + usize::from(entry.marker.is_some()));
    let words: Vec<&str> = entry.marker.into_iter().chain([name.as_str()]).chain(rest).collect();
    Some(words.join(" "))
}

/// The text without a line, and with another at its end. What the last line lacks is not added.
fn replaced(text: &str, without: Option<usize>, with: Option<&str>) -> String {
    let lines = text.split_inclusive('\n').enumerate();
    let mut new: String =
        lines.filter(|(index, _)| Some(index + 1) != without).map(|(_, line)| line).collect();
    if let Some(line) = with {
        new.push_str(line);
        if !line.ends_with('\n') {
            new.push('\n');
        }
    }
    new
}

/// A file of known hosts.
struct Hosts<'a> {
    ctx: &'a Ctx,
    tool: PathBuf,
    /// The host that is looked for.
    name: String,
    shown: &'a str,
    real: PathBuf,
}

impl Hosts<'_> {
    /// The lines that the host has in a file, with their numbers.
    fn lines_in(&self, file: &Path) -> Result<Vec<(usize, String)>> {
        if !file.exists() {
            return Ok(Vec::new());
        }
        let file = file.to_string_lossy();
        let gave = self.ctx.run_tool(&self.tool, &["-F", &self.name, "-f", &file])?;
        let mut lines = gave.stdout.lines();
        let mut found = Vec::new();
        while let Some(line) = lines.next() {
            let number = line.split_once(" found: line ").map(|(_, rest)| rest);
            let number = number.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
            if let (true, Some(number)) = (line.starts_with('#'), number) {
                found.push((number, lines.next().unwrap_or_default().to_owned()));
            }
        }
        Ok(found)
    }

    /// A key has to be one of the host.
    fn check(&self, key: &str) -> Result<()> {
        let file = self.ctx.temporary().join(format!("key{}", random()?));
        let text = replaced("", None, Some(key));
        staged::write(&file, Content::Bytes(text.as_bytes()), &staged::Options::default())?;
        let found = self.lines_in(&file);
        let _ = std::fs::remove_file(&file);
        if found?.is_empty() {
            let message = "Host parameter does not match hashed host field in supplied key";
            return Err(Failure::new(message).with("rc", 1));
        }
        Ok(())
    }

    fn read(&self) -> Result<String> {
        match std::fs::read(&self.real) {
            Ok(bytes) => Ok(Charset::Utf8.decode(&bytes)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            Err(_) if self.ctx.is_check() => Ok(String::new()),
            Err(error) => {
                let shown = string_repr(self.shown);
                let why = errno_text(&error, Some(self.shown));
                Err(Failure::raised([format!("Failed to read {shown}: {why}")]))
            }
        }
    }

    fn write(&self, text: &str) -> Result<()> {
        let folder = self.ctx.resolve(paths::folder_of(self.shown));
        if !folder.exists() {
            let waiting = folder.join(format!("tmp{}", random()?));
            let missing = std::io::Error::from(rustix::io::Errno::NOENT);
            let why = errno_text(&missing, Some(&waiting.to_string_lossy()));
            let shown = string_repr(self.shown);
            return Err(Failure::raised([format!("Failed to write to file {shown}: {why}")]));
        }
        let content = Content::Bytes(text.as_bytes());
        Ok(staged::write(&self.real, content, &self.ctx.plain_options())?)
    }

    /// Removes all of the host's lines. `ssh-keygen` leaves the old file beside the new one.
    fn forget(&self) -> Result<()> {
        let file = self.real.to_string_lossy();
        self.ctx.need_tool(&self.tool, &["-R", &self.name, "-f", &file]).map(|_| ())
    }
}

fn random() -> Result<String> {
    staged::random_text().map_err(|error| Failure::new(error.to_string()))
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let name = args.required_text("name");
    let shown = args.required_text("path");
    let is_wanted = args.required_text("state") == "present";
    let key = args.text("key").filter(|key| !key.is_empty());
    if is_wanted && key.is_none() {
        return Err(Failure::new("No key specified when adding a host"));
    }
    let tool = ctx.tool("ssh-keygen")?;
    if name.contains(',') {
        return Err(Failure::new(
            "Comma separated list of names is not supported. Please pass a single name to lookup in \
             the known_hosts file.",
        ));
    }
    let hosts = Hosts { ctx, tool, name: name.to_lowercase(), shown, real: ctx.resolve(shown) };
    if let Some(key) = key {
        hosts.check(key)?;
    }
    let old_header = if hosts.real.exists() { shown } else { "/dev/null" };
    let lines = hosts.lines_in(&hosts.real)?;
    let before = hosts.read()?;
    let (after, changed) = match key {
        Some(key) => change(args, &hosts, &lines, (&before, key))?,
        None => {
            if !lines.is_empty() && !ctx.is_check() {
                hosts.forget()?;
            }
            (before.clone(), !lines.is_empty())
        }
    };
    let difference = difference::of_texts((&before, &after), (old_header, shown));
    let mut outcome = Outcome::ok().changed_if(changed).with("diff", difference);
    if !ctx.is_check() {
        outcome.values.lay_over(&args.with_aliases());
    }
    Ok(outcome)
}

/// The text with the key, or without it; whether that is another one.
fn change(
    args: &Arguments,
    hosts: &Hosts<'_>,
    lines: &[(usize, String)],
    (before, key): (&str, &str),
) -> Result<(String, bool)> {
    let names = if args.is("hash_host") { Names::Hashed } else { Names::Plain };
    let found = Entry::read(key).map_or(Present::Nothing, |new| present(lines, &new, names));
    let new = match names {
        Names::Plain => key.to_owned(),
        Names::Hashed => {
            let mut salt = [0_u8; 20];
            getrandom::fill(&mut salt).map_err(|error| Failure::new(error.to_string()))?;
            hashed(key, &hosts.name, &salt).unwrap_or_else(|| key.to_owned())
        }
    };
    let is_wanted = args.required_text("state") == "present";
    let after = match (found, is_wanted) {
        (Present::Same(_), true) | (Present::Nothing, false) => {
            return Ok((before.to_owned(), false));
        }
        (Present::Other(line), true) => replaced(before, Some(line), Some(&new)),
        (Present::Nothing, true) => replaced(before, None, Some(&new)),
        (Present::Same(line) | Present::Other(line), false) => replaced(before, Some(line), None),
    };
    if !hosts.ctx.is_check() {
        hosts.write(&after)?;
    }
    Ok((after, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_host() {
        let lines = |texts: &[&str]| -> Vec<(usize, String)> {
            texts.iter().enumerate().map(|(index, text)| (index + 1, (*text).to_owned())).collect()
        };
        let new = Entry::read("a kind k1 comment").unwrap();
        let plain = |texts: &[&str]| present(&lines(texts), &new, Names::Plain);
        assert_eq!(plain(&["a other k1"]), Present::Nothing);
        assert_eq!(plain(&["@revoked a kind k1", "a  kind k1"]), Present::Same(2));
        assert_eq!(plain(&["a kind k2", "a kind k1"]), Present::Other(1));
        assert_eq!(plain(&["a,b kind k1"]), Present::Other(1));
        assert_eq!(plain(&["|1|x|y kind k1"]), Present::Other(1));
        let found = present(&lines(&["|1|x|y kind k1"]), &new, Names::Hashed);
        assert_eq!(found, Present::Same(1));
    }

    #[test]
    fn texts() {
        assert_eq!(replaced("a\nb\nc", Some(2), Some("d")), "a\ncd\n");
        assert_eq!(replaced("a\n", Some(1), None), "");
        // What `ssh-keygen -F host.example` finds.
        let line = hashed("@revoked x kind key\nmore", "host.example", &[7; 20]).unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        assert_eq!((words[0], &words[2..]), ("@revoked", &["kind", "key", "more"][..]));
        assert!(words[1].starts_with("|1|BwcHBwcHBwcHBwcHBwcHBwcHBwc=|"));
    }
}
