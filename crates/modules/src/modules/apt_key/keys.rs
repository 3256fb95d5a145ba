//! What apt-key and gpg say and do. Must not know what a task wants.

use std::path::PathBuf;

use nafal_base::shell::quoted;
use nafal_base::{Dict, Value};

use super::identifier::{Identifier, shortened};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::tools::{Gave, refused};
use crate::files::{Failure, Result};
use crate::http::{self, Request};

/// The tools, and the keyring that they work on.
pub struct Keys<'a> {
    ctx: &'a Ctx,
    apt_key: PathBuf,
    gpg: PathBuf,
    keyring: Option<&'a str>,
}

/// Where the text of a key comes from.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// A file of the target.
    File(&'a str),
    /// The task itself.
    Data(&'a [u8]),
}

/// The locale that stock forces where it reads words; its results name it.
const LOCALE: [&str; 4] = ["LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES"];

/// How often a server is asked.
const TRIES: usize = 5;

impl<'a> Keys<'a> {
    /// Finds the tools.
    pub fn new(args: &'a Arguments, ctx: &'a Ctx) -> Result<Keys<'a>> {
        let (apt_key, gpg) = (ctx.tool("apt-key")?, ctx.tool("gpg")?);
        let keyring = args.text("keyring").filter(|path| !path.is_empty());
        Ok(Keys { ctx, apt_key, gpg, keyring })
    }

    fn ask(&self, words: &[&str], stdin: Option<&[u8]>) -> Result<Gave> {
        let keyring = self.keyring.map_or_else(Vec::new, |path| vec!["--keyring", path]);
        self.ctx.feed_tool(&self.apt_key, &[&keyring[..], words].concat(), stdin)
    }

    /// The same for what mustn't fail.
    fn need(&self, words: &[&str], stdin: Option<&[u8]>) -> Result<Gave> {
        let gave = self.ask(words, stdin)?;
        if gave.code == 0 {
            return Ok(gave);
        }
        Err(refused(&self.line(words), gave))
    }

    /// The numbers of all keys and of their parts, as long as this one is where it is looked for among them.
    pub fn all(&self, like: &Identifier) -> Result<Vec<String>> {
        let gave = self.need(&["adv", "--list-public-keys", "--keyid-format=long"], None)?;
        let numbers = gave.stdout.lines().filter_map(number_of);
        let shown = numbers.map(|number| if like.is_short() { shortened(number) } else { number });
        Ok(shown.map(str::to_owned).collect())
    }

    /// The number of the first key in a text.
    pub fn number_in(&self, source: Source<'_>) -> Result<String> {
        let (file, stdin, shown) = match source {
            Source::File(path) => (path, None, path),
            Source::Data(data) => ("-", Some(data), "inline data"),
        };
        let gave = self.ctx.feed_tool(&self.gpg, &["--with-colons", file], stdin)?;
        let keys = gave.stdout.lines().filter(|line| line.starts_with("pub:"));
        let mut numbers = keys.filter_map(|line| line.split(':').nth(4));
        numbers.next().map(str::to_owned).ok_or_else(|| {
            Failure::new(format!("Unable to extract key from '{shown}'"))
                .with("stdout", gave.stdout.as_str())
                .with("stderr", gave.stderr.as_str())
        })
    }

    /// Adds a key.
    pub fn add(&self, source: Source<'_>) -> Result<()> {
        let (words, stdin) = match source {
            Source::File(path) => (["add", path], None),
            Source::Data(data) => (["add", "-"], Some(data)),
        };
        let gave = self.ask(&words, stdin)?;
        if gave.code == 0 {
            return Ok(());
        }
        let failure = match source {
            Source::File(path) => {
                Failure::new(format!("Unable to add a key from file {path}")).with("keyfile", path)
            }
            Source::Data(_) => Failure::new("Unable to add a key from binary data"),
        };
        Err(failure
            .with("cmd", self.line(&words))
            .with("rc", gave.code)
            .with("stdout", gave.stdout)
            .with("stderr", gave.stderr))
    }

    /// A command as results show it.
    fn line(&self, words: &[&str]) -> String {
        let keyring = self.keyring.map_or_else(Vec::new, |path| vec!["--keyring", path]);
        let words = [&keyring[..], words].concat();
        let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
        format!("{} {}", self.apt_key.display(), words.join(" "))
    }

    /// Has a server send a key.
    pub fn receive(&self, server: &str, number: &str) -> Result<()> {
        let words = ["adv", "--no-tty", "--keyserver", server, "--recv", number];
        let mut gave = Gave::default();
        for _ in 0..TRIES {
            gave = self.ask(&words, None)?;
            if gave.code == 0 || self.ctx.processes().is_cancelled() {
                return Ok(());
            }
        }
        let locale: Dict = LOCALE.iter().map(|name| (*name, Value::from("C.utf8"))).collect();
        let message = format!("Error fetching key {number} from keyserver: {server}");
        Err(Failure::new(message)
            .with("cmd", self.line(&words))
            .with("forced_environment", locale)
            .with("rc", gave.code)
            .with("stdout", gave.stdout)
            .with("stderr", gave.stderr))
    }

    /// Removes a key by its short number.
    pub fn remove(&self, number: &str) -> Result<()> {
        self.need(&["del", number], None).map(|_| ())
    }
}

/// The number in `pub   rsa4096/1234567890ABCDEF 2020-01-01 [SC]`.
fn number_of(line: &str) -> Option<&str> {
    let is_key = line.starts_with("pub") || line.starts_with("sub");
    if !is_key || line.contains("expired") {
        return None;
    }
    line.split_whitespace().nth(1)?.split_once('/').map(|(_, number)| number)
}

/// The text of a key that a server has.
pub fn download(args: &Arguments, ctx: &Ctx, url: &str) -> Result<Vec<u8>> {
    let failed = |why: String| Failure::new(format!("Failed to download key at {url}: {why}"));
    let answer = http::fetch(&Request::get(url), &http::plain_options(args, ctx));
    let mut response = answer.map_err(|error| failed(error.to_string()))?;
    // Of a file on the target there is no code, which stock takes for a failure.
    if response.status != Some(200) {
        return Err(failed(response.message()));
    }
    response.read().map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::number_of;

    #[test]
    fn lines_of_keys() {
        assert_eq!(
            number_of("pub   ed25519/1189FE7038464A06 2026-11-27 [SC]"),
            Some("1189FE7038464A06")
        );
        assert_eq!(number_of("sub   rsa2048/AB 2026-11-27 [E]"), Some("AB"));
        for other in
            ["pub   rsa/AB 2020-01-01 [SC] [expired: 2021-01-01]", "uid  [ unknown] x", "pub", ""]
        {
            assert_eq!(number_of(other), None, "{other}");
        }
    }
}
