//! `checksum`: an algorithm and a digest, or the address of a list of digests. Must not know downloads.

use std::io;
use std::path::Path;

use crate::arguments::Arguments;
use crate::files::{Failure, Result, digest};
use crate::http::{self, Options, Request};
use crate::modules::uri::url_name;

/// What a file must have.
pub struct Checksum {
    /// The algorithm's name.
    pub algorithm: String,
    /// The digest in lower case.
    pub digest: String,
}

/// Why there is no checksum to compare with.
pub enum Refused {
    /// What was given can't be one.
    Format(&'static str),
    /// The list could not be had.
    List(Failure),
}

/// What the task wants; None when it wants none.
pub fn wanted(args: &Arguments, options: &Options) -> Result<Option<Checksum>, Refused> {
    let given = args.required_text("checksum");
    if given.is_empty() {
        return Ok(None);
    }
    let (algorithm, value) = given.split_once(':').ok_or(Refused::Format(
        "The checksum parameter has to be in format <algorithm>:<checksum>",
    ))?;
    let value = value.trim();
    let is_url = ["http://", "https://", "ftp://", "file://"].iter().any(|s| value.starts_with(s));
    let value = match is_url {
        true => listed(value, args, options).map_err(Refused::List)?,
        false => value.to_owned(),
    };
    let digest: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    if digest.is_empty() || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Refused::Format("The checksum format is invalid"));
    }
    let digest = digest.to_ascii_lowercase();
    Ok(Some(Checksum { algorithm: algorithm.trim().to_owned(), digest }))
}

/// The digest that a list on a server has for the file.
fn listed(list: &str, args: &Arguments, options: &Options) -> Result<String> {
    let failed = |message: String| Failure::new(message).with("url", list);
    let mut request = Request::get(list);
    request.headers = crate::modules::uri::headers(args.dict("headers"));
    let dest = args.required_text("dest");
    let mut response = http::fetch(&request, options)
        .map_err(|error| failed(error.to_string()).with("dest", dest).with("elapsed", 0))?;
    if response.is_error() {
        return Err(failed("Request failed".to_owned())
            .with("dest", dest)
            .with("elapsed", 0)
            .with("status_code", response.status.map_or(-1, i64::from))
            .with("response", response.message()));
    }
    let bytes = response.read().map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8_lossy(&bytes);
    let name = url_name(args.required_text("url"));
    find(&text, &name).ok_or_else(|| {
        Failure::new(format!("Unable to find a checksum for file '{name}' in '{list}'"))
    })
}

/// The digest for this name; a list of one bare digest is for whatever file.
fn find(text: &str, name: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if let [only] = lines[..]
        && only.split_whitespace().count() == 1
        && !only.contains('=')
    {
        return Some(only.to_owned());
    }
    lines.iter().find_map(|line| {
        // `SHA256 (name) = digest`, as BSD writes it.
        if let Some((left, digest)) = line.rsplit_once(" = ")
            && let Some((_, quoted)) = left.split_once('(')
        {
            return (quoted.trim_end_matches(')') == name).then(|| digest.trim().to_owned());
        }
        let (digest, file) = line.split_once(char::is_whitespace)?;
        let file = file.trim_start().trim_start_matches('*');
        let file = file.strip_prefix("./").unwrap_or(file);
        (file == name).then(|| digest.to_owned())
    })
}

impl Checksum {
    /// The digest that a file has by the same algorithm.
    pub fn of(&self, path: &Path, shown: &str) -> Result<String> {
        digest::of_file(&self.algorithm, path).map_err(|error| match error.kind() {
            io::ErrorKind::Unsupported => Failure::new(format!(
                "Could not hash file '{shown}' with algorithm '{}'. Available algorithms: {}",
                self.algorithm,
                digest::ALGORITHMS.join(", ")
            )),
            _ => Failure::new(crate::files::failure::errno_text(&error, Some(shown))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        assert_eq!(find("abc\n", "x").as_deref(), Some("abc"));
        assert_eq!(find("abc  a\ndef *x\n", "x").as_deref(), Some("def"));
        assert_eq!(find("abc  a\ndef  ./x\n", "x").as_deref(), Some("def"));
        assert_eq!(find("SHA256 (x) = abc\n", "x").as_deref(), Some("abc"));
        assert_eq!(find("abc  a\ndef  y\n", "x"), None);
    }
}
