//! Which key is meant, whether it is there, and what is done about it. Must not know rpm's tools.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use nafal_base::Outcome;
use nafal_base::charset::Charset;
use nafal_base::value::string_repr;

use super::armor::{self, Form};
use super::keyring::Keyring;
use super::packets;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{Failure, Result, Temporary};
use crate::http::{self, Request};
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "rpm_key",
        &[
            Argument::text("state").or_text("present").choices(&["absent", "present"]),
            Argument::text("key").required(),
            Argument::list("fingerprint", Kind::Str),
            Argument::flag("validate_certs", true),
        ],
    ),
    run,
};

/// What the task says of its key.
enum Key {
    /// Its number alone.
    Number(String),
    /// All of it, in a file.
    File(File),
}

/// A file with a key.
struct File {
    path: PathBuf,
    /// Of all keys in it and of their parts: the first says which key is meant.
    fingerprints: Vec<String>,
    /// It goes when nobody needs it any more.
    _downloaded: Option<Temporary>,
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let keyring = Keyring::new(ctx)?;
    let key = read(args, ctx, &keyring)?;
    let number = match &key {
        Key::Number(number) => number.as_str(),
        Key::File(file) => file.fingerprints.first().map_or("", String::as_str),
    };
    let installed = keyring.installed()?;
    let found = installed.find(number);
    match (args.required_text("state"), found) {
        ("absent", None) => Ok(Outcome::ok()),
        ("absent", Some(fingerprint)) => {
            if !ctx.is_check() {
                keyring.remove(&installed, fingerprint)?;
            }
            Ok(Outcome::changed())
        }
        (_, Some(_)) => Ok(Outcome::ok()),
        (_, None) => {
            let Key::File(file) = &key else {
                let message = "When importing a key, a valid file must be given";
                return Err(Failure::new(message));
            };
            compare(&args.texts("fingerprint"), &file.fingerprints)?;
            if !ctx.is_check() {
                keyring.import(&file.path)?;
            }
            Ok(Outcome::changed())
        }
    }
}

/// Finds out what the argument is.
fn read(args: &Arguments, ctx: &Ctx, keyring: &Keyring<'_>) -> Result<Key> {
    let given = args.required_text("key");
    if given.contains("://") {
        let (downloaded, text) = download(args, ctx, given)?;
        let path = downloaded.path().to_owned();
        let fingerprints = fingerprints(&text, keyring)?;
        return Ok(Key::File(File { path, fingerprints, _downloaded: Some(downloaded) }));
    }
    if let Some(number) = number(given) {
        return Ok(Key::Number(number));
    }
    let path = ctx.resolve(given);
    if !path.is_file() {
        return Err(Failure::new(format!("Not a valid key {given}")));
    }
    let bytes =
        fs::read(&path).map_err(|error| Failure::raised([errno_text(&error, Some(given))]))?;
    let fingerprints = fingerprints(&Charset::Utf8.decode(&bytes)?, keyring)?;
    Ok(Key::File(File { path, fingerprints, _downloaded: None }))
}

/// Fetches a key into a file.
fn download(args: &Arguments, ctx: &Ctx, url: &str) -> Result<(Temporary, String)> {
    let failed =
        |why: String| Failure::new(format!("failed to fetch key at {url} , error was: {why}"));
    let answer = http::fetch(&Request::get(url), &http::plain_options(args, ctx));
    let mut response = answer.map_err(|error| failed(error.to_string()))?;
    // Of a file on the target there is no code, which stock takes for a failure.
    if response.status != Some(200) {
        return Err(failed(response.message()));
    }
    let bytes = response.read().map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if !armor::has_public_key(&text) {
        return Err(Failure::new(format!("Not a public key: {url}")));
    }
    let broken = |error: std::io::Error| Failure::raised([errno_text(&error, None)]);
    let (temporary, mut file) = Temporary::create(ctx.temporary()).map_err(broken)?;
    file.write_all(&bytes).map_err(broken)?;
    Ok((temporary, text))
}

/// The fingerprints in a text's first block: rpm reads no other.
fn fingerprints(text: &str, keyring: &Keyring<'_>) -> Result<Vec<String>> {
    let unread = || Failure::raised(["Unable to parse PGP key armor"]);
    let block = armor::blocks(text).next().ok_or_else(unread)?;
    if block.form == Form::Loose && !keyring.is_lenient()? {
        return Err(unread());
    }
    let fingerprints = packets::fingerprints(&block.bytes);
    if fingerprints.is_empty() {
        return Err(Failure::new("Failed to get keyid"));
    }
    Ok(fingerprints)
}

/// A key's number, if a text is one: it only has to begin with eight digits, however they are spaced.
fn number(text: &str) -> Option<String> {
    let digits = without_prefix(text).bytes().filter(|byte| *byte != b' ');
    let count = digits.take(8).filter(u8::is_ascii_hexdigit).count();
    (count == 8).then(|| without_prefix(text).to_owned())
}

fn without_prefix(text: &str) -> &str {
    text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text)
}

/// All that the task names must be in the file.
fn compare(wanted: &[&str], found: &[String]) -> Result<()> {
    let mut wanted: Vec<_> =
        wanted.iter().map(|text| text.replace(' ', "").to_ascii_uppercase()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.iter().all(|fingerprint| found.contains(fingerprint)) {
        return Ok(());
    }
    let shown = |texts: &[String]| {
        let texts: Vec<_> = texts.iter().map(|text| string_repr(text)).collect();
        format!("{{{}}}", texts.join(", "))
    };
    Err(Failure::new(format!(
        "The specified fingerprint, '{}', does not match any key fingerprints in 'frozenset({})'",
        shown(&wanted),
        shown(found)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(number("0xDEADBEEF").as_deref(), Some("DEADBEEF"));
        assert_eq!(number("123456789").as_deref(), Some("123456789"));
        assert_eq!(number("AAAA AAAAG").as_deref(), Some("AAAA AAAAG"));
        for other in ["1234567", "DEADBEEG", "", "/a/deadbeef", "0xAAAAAA", "AAA-AAAAA"] {
            assert_eq!(number(other), None, "{other}");
        }
    }

    #[test]
    fn wanted_fingerprints() {
        let found = ["AABB".to_owned(), "CCDD".to_owned()];
        for fine in [&[][..], &["aa bb"], &["CCDD", "AABB"]] {
            assert!(compare(fine, &found).is_ok(), "{fine:?}");
        }
        let told = compare(&["b", "AABB", "b"], &found[..1]).unwrap_err().to_string();
        assert_eq!(
            told,
            "The specified fingerprint, '{'AABB', 'B'}', does not match any key fingerprints in 'frozenset({'AABB'})'"
        );
    }
}
