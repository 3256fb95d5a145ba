//! `nafal link FOLDER`: links with stock's names, so that scripts find nafal where they look for
//! stock's commands. A file that is no link is never replaced.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use anyhow::{Context, bail};
use nafal_output::{Stream, Terminal};

use super::session::{begin, close};
use super::table::{COMMANDS, Call};
use crate::arguments::Link;

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let mut session = match begin::<Link>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let result = std::env::current_exe()
        .context("nafal's own file can't be found")
        .and_then(|own| link_all(&session.arguments.folder, &own, &mut session.terminal));
    close(&mut session.terminal, result.map(|()| 0).map_err(Into::into))
}

fn link_all(folder: &Path, own: &Path, terminal: &mut Terminal) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    for name in COMMANDS.iter().filter_map(|command| command.stock) {
        let path = folder.join(name);
        link(&path, own)?;
        let line = format!("{} -> {}", path.display(), own.display());
        terminal.line(Stream::Out, None, &line);
    }
    Ok(())
}

/// One link, put in place whole.
fn link(path: &Path, own: &Path) -> anyhow::Result<()> {
    if fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_symlink()) {
        bail!("{} is there and is no link, so it is left as it is", path.display());
    }
    let new = path.with_extension(format!("nafal-{}", std::process::id()));
    symlink(own, &new)
        .and_then(|()| fs::rename(&new, path).inspect_err(|_| drop(fs::remove_file(&new))))
        .with_context(|| format!("{} can't be made", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen;

    #[test]
    fn links_replace_links_alone() {
        let folder = tempfile::tempdir().unwrap();
        let into = folder.path().join("bin");
        let mut terminal = screen::open(None);
        link_all(&into, Path::new("/one/nafal"), &mut terminal).unwrap();
        link_all(&into, Path::new("/two/nafal"), &mut terminal).unwrap();
        let target = fs::read_link(into.join("ansible-playbook")).unwrap();
        assert_eq!(target, Path::new("/two/nafal"));
        fs::remove_file(into.join("ansible")).unwrap();
        fs::write(into.join("ansible"), "mine").unwrap();
        let refused = link_all(&into, Path::new("/two/nafal"), &mut terminal).unwrap_err();
        assert!(refused.to_string().contains("is no link"));
        assert_eq!(fs::read_to_string(into.join("ansible")).unwrap(), "mine");
        assert_eq!(fs::read_dir(&into).unwrap().count(), 5);
    }
}
