//! Tests of paths on the controller.

use std::path::{Path, PathBuf};

use nafal_base::Value;

use super::test;
use crate::arguments::{Signature, text, text_or};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Test};

/// The tests.
pub const TESTS: &[Test] = &[
    test(&["exists"], "whether there is something at the path, links followed", exists),
    test(&["file", "is_file"], "whether it is a file, links followed", file),
    test(&["directory", "is_dir"], "whether it is a folder, links followed", directory),
    test(&["link", "is_link"], "whether it is a link", link),
    test(
        &["link_exists"],
        "whether there is something at the path, a dangling link included",
        link_exists,
    ),
    test(&["mount", "is_mount"], "whether something is mounted there", mount),
    test(&["same_file", "is_same_file"], "whether both paths lead to the same file", same_file),
    test(&["abs", "is_abs"], "whether the path is absolute", absolute),
    test(&["vaulted_file"], "whether the file is vaulted", vaulted_file),
];

/// The path, when the value is text: Python's tests say no to anything else.
fn path(value: &Value, args: Args<'_>, function: &'static str) -> Result<Option<PathBuf>, Error> {
    let [] = Signature::filter(function, [], 0).bind(args)?;
    Ok(value.as_str().map(PathBuf::from))
}

/// The metadata behind links, through the world's own eyes for the last step only.
fn followed(ctx: &Context<'_>, path: &Path) -> Option<std::fs::Metadata> {
    let own = ctx.effects().metadata(path).ok()?;
    if own.is_symlink() { std::fs::metadata(path).ok() } else { Some(own) }
}

fn exists(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    Ok(path(value, args, "exists")?.is_some_and(|path| followed(ctx, &path).is_some()))
}

fn file(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let path = path(value, args, "isfile")?;
    Ok(path.and_then(|path| followed(ctx, &path)).is_some_and(|metadata| metadata.is_file()))
}

fn directory(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let path = path(value, args, "isdir")?;
    Ok(path.and_then(|path| followed(ctx, &path)).is_some_and(|metadata| metadata.is_dir()))
}

fn link(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let path = path(value, args, "islink")?;
    Ok(path.is_some_and(|path| ctx.effects().metadata(&path).is_ok_and(|m| m.is_symlink())))
}

fn link_exists(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    Ok(path(value, args, "lexists")?.is_some_and(|path| ctx.effects().metadata(&path).is_ok()))
}

fn mount(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    use std::os::unix::fs::MetadataExt;
    let Some(path) = path(value, args, "ismount")? else {
        return Ok(false);
    };
    let Ok(own) = ctx.effects().metadata(&path) else {
        return Ok(false);
    };
    if own.is_symlink() {
        return Ok(false);
    }
    let Ok(parent) = ctx.effects().metadata(&path.join("..")) else {
        return Ok(false);
    };
    Ok(own.dev() != parent.dev() || own.ino() == parent.ino())
}

fn same_file(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    use std::os::unix::fs::MetadataExt;
    let [other] = Signature::filter("samefile", ["f2"], 1).bind(args)?;
    let meta = |value: &str| {
        followed(ctx, Path::new(value)).ok_or_else(|| {
            let quoted = nafal_base::value::string_repr(value);
            Error::new(format!("[Errno 2] No such file or directory: {quoted}"))
        })
    };
    let (a, b) = (meta(&text(value)?)?, meta(&text_or(other, "")?)?);
    Ok(a.dev() == b.dev() && a.ino() == b.ino())
}

fn absolute(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [] = Signature::filter("isabs", [], 0).bind(args)?;
    Ok(text(value)?.starts_with('/'))
}

fn vaulted_file(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [] = Signature::filter("vaulted_file", [], 0).bind(args)?;
    let path = text(value)?;
    // The world decrypts what it reads, so the first bytes are looked at directly.
    let start = std::fs::File::open(&*path).and_then(|mut file| {
        let mut start = [0_u8; 14];
        std::io::Read::read_exact(&mut file, &mut start).map(|()| start)
    });
    let _ = ctx;
    match start {
        Ok(start) => Ok(&start == b"$ANSIBLE_VAULT"),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
        Err(_) => crate::arguments::fail(format!(
            "Cannot test if the file {path} is a vault: [Errno 2] No such file or directory: \
             {}",
            nafal_base::value::string_repr(&path)
        )),
    }
}
