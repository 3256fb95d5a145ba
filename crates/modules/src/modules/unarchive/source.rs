//! The archive as a file of the target: it is there, or it is fetched. Must not know what is in it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result, paths, staged};
use crate::http::{self, Request};

/// A file that is there, or that goes away with this value.
pub enum Source {
    /// It was there.
    Present(PathBuf),
    /// It was fetched, or sent by the controller.
    Temporary(PathBuf),
}

impl Source {
    /// Where it is.
    pub fn path(&self) -> &Path {
        match self {
            Source::Present(path) | Source::Temporary(path) => path,
        }
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        if let Source::Temporary(path) = self {
            // What stays goes with the agent's folder.
            let _ = fs::remove_file(path);
        }
    }
}

/// The archive that `src` names.
pub fn obtain(args: &Arguments, ctx: &Ctx) -> Result<Source> {
    let named = args.required_text("src");
    let path = ctx.absolute(named);
    let sent = path.starts_with(ctx.temporary());
    if !path.exists() {
        if args.is("remote_src") && named.contains("://") {
            return fetch(args, ctx, named);
        }
        return Err(Failure::new(format!("Source '{named}' does not exist")));
    }
    if rustix::fs::access(&path, rustix::fs::Access::READ_OK).is_err() {
        return Err(Failure::new(format!("Source '{named}' not readable")));
    }
    if fs::metadata(&path).is_ok_and(|found| found.is_file() && found.len() == 0) {
        return Err(Failure::new(format!("Invalid archive '{named}', the file is 0 bytes")));
    }
    Ok(if sent { Source::Temporary(path) } else { Source::Present(path) })
}

fn fetch(args: &Arguments, ctx: &Ctx, url: &str) -> Result<Source> {
    let failed = |why: String| Failure::new(format!("Failure downloading {url}, {why}"));
    let answer = http::fetch(&Request::get(url), &http::plain_options(args, ctx));
    let mut response = answer.map_err(|error| failed(error.to_string()))?;
    if response.status.is_some_and(|status| status != 200) {
        return Err(failed(response.message()));
    }
    let temporary = |error: std::io::Error| failed(error.to_string());
    let random = staged::random_text().map_err(temporary)?;
    let (stem, ending) = split(paths::name_of(url.split(['?', '#']).next().unwrap_or(url)));
    let source = Source::Temporary(ctx.temporary().join(format!("{stem}{random}{ending}")));
    let mut file = fs::File::create_new(source.path()).map_err(temporary)?;
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    file.set_permissions(private).map_err(temporary)?;
    std::io::copy(&mut response.body(), &mut file).map_err(temporary)?;
    Ok(source)
}

/// A name and its last ending.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 => name.split_at(at),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings() {
        assert_eq!(split("a.tar.gz"), ("a.tar", ".gz"));
        assert_eq!(split(".hidden"), (".hidden", ""));
        assert_eq!(split("plain"), ("plain", ""));
    }
}
