//! Faults at every step of writing: the old file stays whole, no temporary file is left.

use super::*;

struct FailAt(Step, io::ErrorKind);

impl Faults for FailAt {
    fn before(&self, step: Step) -> io::Result<()> {
        if step == self.0 { Err(self.1.into()) } else { Ok(()) }
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn every_fault_leaves_the_old_file() {
    for step in [Step::Create, Step::Write, Step::Keep, Step::Sync, Step::Rename] {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::Other] {
            let folder = folder();
            let path = folder.path().join("f");
            fs::write(&path, "old").unwrap();
            let faults = FailAt(step, kind);
            let options = Options::default();
            let result = Staged::with_faults(&path, Content::Bytes(b"new"), &options, &faults)
                .and_then(Staged::commit);
            assert!(result.is_err(), "{step:?}");
            assert_eq!(fs::read_to_string(&path).unwrap(), "old", "{step:?}");
            assert_eq!(names(folder.path()), ["f"], "{step:?}");
        }
    }
}

#[test]
fn a_busy_file_is_overwritten_only_when_allowed() {
    let folder = folder();
    let path = folder.path().join("f");
    fs::write(&path, "old").unwrap();
    let inode = fs::metadata(&path).unwrap().ino();
    let faults = FailAt(Step::Rename, io::ErrorKind::ResourceBusy);
    let mut options = Options::default();
    let refused = Staged::with_faults(&path, Content::Bytes(b"new"), &options, &faults).unwrap();
    assert!(refused.commit().is_err());
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    options.unsafe_writes = UnsafeWrites::Allowed;
    let allowed = Staged::with_faults(&path, Content::Bytes(b"new"), &options, &faults).unwrap();
    allowed.commit().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    assert_eq!(fs::metadata(&path).unwrap().ino(), inode);
    assert_eq!(names(folder.path()), ["f"]);
}

#[test]
fn a_folder_that_takes_no_file_is_worked_around_when_allowed() {
    let (folder, other) = (folder(), folder());
    let path = folder.path().join("f");
    fs::write(&path, "old").unwrap();
    let faults = FailAt(Step::Create, io::ErrorKind::PermissionDenied);
    let options = Options {
        unsafe_writes: UnsafeWrites::Allowed,
        temporary: Some(other.path()),
        ..Options::default()
    };
    let staged = Staged::with_faults(&path, Content::Bytes(b"new"), &options, &faults).unwrap();
    staged.commit().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    assert!(names(other.path()).is_empty());
}

#[test]
fn modes_are_kept_or_masked() {
    let folder = folder();
    let path = folder.path().join("f");
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o7777;
    let options = Options { umask: 0o027, ..Options::default() };
    write(&path, Content::Bytes(b"1"), &options).unwrap();
    assert_eq!(mode(&path), 0o640);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o4751)).unwrap();
    write(&path, Content::Bytes(b"2"), &options).unwrap();
    assert_eq!(mode(&path), 0o4751);
    let secret = folder.path().join("s");
    write(&secret, Content::Bytes(b"3"), &Options { ceiling: Some(0o600), ..options }).unwrap();
    assert_eq!(mode(&secret), 0o600);
}

#[test]
fn moved_content_leaves_its_place() {
    let folder = folder();
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    fs::write(&from, "x").unwrap();
    write(&to, Content::CopyOf(&from), &Options::default()).unwrap();
    assert_eq!(names(folder.path()), ["from", "to"]);
    write(&to, Content::MovedFrom(&from), &Options::default()).unwrap();
    assert_eq!(names(folder.path()), ["to"]);
}

#[test]
fn a_running_program_can_be_replaced() {
    let folder = folder();
    let path = folder.path().join("sleeper");
    fs::copy(std::path::Path::new("/bin/sleep"), &path).unwrap();
    let mut child = std::process::Command::new(&path).arg("5").spawn().unwrap();
    write(&path, Content::Bytes(b"new"), &Options::default()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_link_is_replaced_itself() {
    let folder = folder();
    let (target, link) = (folder.path().join("target"), folder.path().join("link"));
    fs::write(&target, "old").unwrap();
    std::os::unix::fs::symlink("target", &link).unwrap();
    write(&link, Content::Bytes(b"new"), &Options::default()).unwrap();
    assert_eq!(fs::read_to_string(&target).unwrap(), "old");
    assert!(fs::symlink_metadata(&link).unwrap().is_file());
}
