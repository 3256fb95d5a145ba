//! `nafal man FOLDER`: a manual page for every name of a command. Must not know what the commands do.

use std::fs;
use std::path::Path;

use anyhow::Context;
use nafal_output::{Stream, Terminal, write_report};

use super::manual;
use super::session::{begin, close};
use super::table::Call;
use crate::arguments::Man;

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let mut session = match begin::<Man>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let result = write(&session.arguments.folder, &mut session.terminal);
    close(&mut session.terminal, result.map(|()| 0).map_err(Into::into))
}

fn write(folder: &Path, terminal: &mut Terminal) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    let all = std::iter::once(manual::nafal()).chain(manual::own()).chain(manual::stock());
    for command in all {
        let path = folder.join(format!("{}.1", command.get_name()));
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        write_report(&path, &page)
            .with_context(|| format!("{} can't be written", path.display()))?;
        terminal.line(Stream::Out, None, &path.display().to_string());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen;

    #[test]
    fn a_page_for_every_name() {
        let folder = tempfile::tempdir().unwrap();
        let into = folder.path().join("man1");
        for _ in 0..2 {
            write(&into, &mut screen::open(None)).unwrap();
        }
        let read = |name: &str| fs::read_to_string(into.join(name)).unwrap();
        assert!(read("ansible-playbook.1").contains("force"));
        assert!(read("nafal-graph.1").contains("nafal\\-graph"));
        assert!(read("nafal.1").contains("inventory"));
        let names = fs::read_dir(&into).unwrap().count();
        assert_eq!(names, 1 + manual::own().count() + manual::stock().count());
    }
}
