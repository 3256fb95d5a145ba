//! Bundles on the target: each unpacked once into a folder that is named by its hash, and complete or not
//! there. Must not know what is in them.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Component, Path, PathBuf};

use nafal_base::bundle::Bundle;

use crate::ctx::Ctx;

/// The folder of all bundles of this user; in the agent's own folder when there is no home to write to.
pub fn root(ctx: &Ctx) -> PathBuf {
    let cache = home(ctx).map(|home| home.join(".cache/nafal/python"));
    cache.filter(|cache| make(cache).is_ok()).unwrap_or_else(|| ctx.temporary().join("python"))
}

/// `HOME` where it is this user's own: sudo may leave somebody else's there.
fn home(ctx: &Ctx) -> Option<PathBuf> {
    let own = |home: &PathBuf| {
        let owner = fs::metadata(home).map(|metadata| metadata.uid());
        owner.is_ok_and(|owner| owner == rustix::process::geteuid().as_raw())
    };
    let named = ctx.env("HOME").map(PathBuf::from).filter(own);
    named.or_else(|| crate::passwd::own_home().map(PathBuf::from))
}

fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Whether a name is a hash and nothing that leads elsewhere.
fn is_hash(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The folder of a bundle that is there.
pub fn find(root: &Path, hash: &str) -> Option<PathBuf> {
    let folder = root.join(hash);
    (is_hash(hash) && folder.is_dir()).then_some(folder)
}

/// Unpacks the bundle in `file` and removes the file.
pub fn unpack(root: &Path, hash: &str, file: &Path) -> io::Result<()> {
    if !is_hash(hash) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a bundle is named by its hash"));
    }
    make(root)?;
    let bundle = Bundle::from_bytes(&fs::read(file)?)?;
    let new =
        root.join(format!(".{hash}-{}-{:?}", std::process::id(), std::thread::current().id()));
    let written = write(&new, &bundle).and_then(|()| match fs::rename(&new, root.join(hash)) {
        // Somebody else was faster with the same content.
        Err(_) if root.join(hash).is_dir() => fs::remove_dir_all(&new),
        other => other,
    });
    if written.is_err() {
        let _ = fs::remove_dir_all(&new);
    }
    let _ = fs::remove_file(file);
    written
}

fn write(folder: &Path, bundle: &Bundle) -> io::Result<()> {
    make(folder)?;
    for (path, content) in bundle.files() {
        let path = Path::new(path);
        if path.components().any(|part| !matches!(part, Component::Normal(_))) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a bundle has a path that leads out of it",
            ));
        }
        let path = folder.join(path);
        path.parent().map_or(Ok(()), make)?;
        fs::write(path, content)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        let file = folder.path().join("upload");
        let mut bundle = Bundle::default();
        bundle.add("a/b.py", b"x = 1\n".to_vec());
        fs::write(&file, bundle.to_bytes().unwrap()).unwrap();
        unpack(&root, "ab12", &file).unwrap();
        assert_eq!(fs::read(find(&root, "ab12").unwrap().join("a/b.py")).unwrap(), b"x = 1\n");
        assert!(!file.exists());
        for bad in ["../x", "/x"] {
            let mut bundle = Bundle::default();
            bundle.add(bad, Vec::new());
            fs::write(&file, bundle.to_bytes().unwrap()).unwrap();
            assert!(unpack(&root, "cd34", &file).is_err());
            assert!(find(&root, "cd34").is_none());
        }
        assert!(unpack(&root, "../escape", &file).is_err());
        assert_eq!(fs::read_dir(&root).unwrap().count(), 1);
    }
}
