//! The key that a source is signed by: named, in the stanza itself, or fetched into a file. Must not know stanzas.

use std::path::PathBuf;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Content, Differences, Failure, Options, Result, Wanted, staged};
use crate::http::{self, Request};

/// Where apt looks for keys of single sources.
pub const FOLDER: &str = "/etc/apt/keyrings";

/// What of the key is in a file.
pub struct Key {
    /// The file, as the source names it.
    pub path: String,
    /// Whether it is new, or another one than before.
    pub is_changed: bool,
}

/// Fetches the key when a URL says where it is; None when the argument is the key, or names it.
pub fn obtain(args: &Arguments, ctx: &Ctx, slug: &str) -> Result<Option<Key>> {
    let Some(url) = args.text("signed_by").filter(|text| is_url(text)) else { return Ok(None) };
    let bytes = fetch(args, ctx, url)?;
    let armor = b"-----BEGIN PGP PUBLIC KEY BLOCK-----";
    let is_armored = bytes.windows(armor.len()).any(|window| window == armor);
    let path = format!("{FOLDER}/{slug}.{}", if is_armored { "asc" } else { "gpg" });
    let mut is_changed = make_folder(ctx)?;
    let file = PathBuf::from(&path);
    if std::fs::read(&file).ok().as_deref() != Some(&bytes[..]) {
        is_changed = true;
        if !ctx.is_check() {
            let options = Options { umask: 0o022, ..ctx.plain_options() };
            staged::write(&file, Content::Bytes(&bytes), &options)?;
        }
    }
    if file.exists() {
        let wanted = Wanted { mode: Some("0644".into()), ..Wanted::default() };
        is_changed |= wanted.apply(ctx.subject(&file), &mut Differences::default())?;
    }
    Ok(Some(Key { path, is_changed }))
}

fn is_url(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        let is_of_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(is_of_scheme)
    })
}

fn make_folder(ctx: &Ctx) -> Result<bool> {
    use std::os::unix::fs::DirBuilderExt;
    if std::path::Path::new(FOLDER).is_dir() {
        return Ok(false);
    }
    if !ctx.is_check() {
        let made = std::fs::DirBuilder::new().mode(0o755).recursive(true).create(FOLDER);
        made.map_err(|error| {
            Failure::raised([crate::files::failure::errno_text(&error, Some(FOLDER))])
        })?;
    }
    Ok(true)
}

fn fetch(args: &Arguments, ctx: &Ctx, url: &str) -> Result<Vec<u8>> {
    let failed = |why: String| Failure::raised(["Could not fetch signed_by key.".to_owned(), why]);
    let mut options = http::plain_options(args, ctx);
    options.verification = http::Verification::Required;
    let answer = http::fetch(&Request::get(url), &options);
    let mut response = answer.map_err(|error| failed(error.reason()))?;
    if response.is_error() {
        return Err(failed(response.message()));
    }
    response.read().map_err(|error| failed(error.to_string()))
}

/// Removes the files that a source's key may be in.
pub fn remove(ctx: &Ctx, slug: &str) -> Result<bool> {
    let mut is_changed = false;
    for end in ["asc", "gpg"] {
        is_changed |= super::run::remove(ctx, &format!("{FOLDER}/{slug}.{end}"))?;
    }
    Ok(is_changed)
}

#[cfg(test)]
mod tests {
    use super::is_url;

    #[test]
    fn urls() {
        for url in ["https://a/b", "HTTP://a", "file:///a", "ftp://a"] {
            assert!(is_url(url), "{url}");
        }
        for other in ["/a://b", "AB CD", "x/y.gpg", "-----BEGIN PGP\nhttps://a", ""] {
            assert!(!is_url(other), "{other}");
        }
    }
}
