//! The ansible-core that the user has: its `module_utils` are what modules in Python import, and its modules
//! stand in where nafal has none of its own. nafal ships none of it. Must not know who needs it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// Where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnsibleCore {
    /// The folder of the package `ansible`.
    pub package: PathBuf,
    /// The Python that said where it is.
    said_by: Option<PathBuf>,
    /// Where that Python looks for packages.
    path: Vec<PathBuf>,
}

/// The Python that counts as the one that runs playbooks: the first on PATH. Nobody is asked.
pub fn playbook_python() -> String {
    static FOUND: LazyLock<String> = LazyLock::new(|| {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut all = env::split_paths(&path).map(|folder| folder.join("python3"));
        let first = all.find(|python| python.is_file());
        first.map_or_else(|| "/usr/bin/python3".to_owned(), |python| python.display().to_string())
    });
    FOUND.clone()
}

/// Asks a Python where its `ansible` is, and where else it looks for packages.
const ASK: &str = "import importlib.util as u, sys; s = u.find_spec('ansible.module_utils.basic'); print(s.origin if s else ''); print(*filter(None, sys.path), sep='\\n')";

impl AnsibleCore {
    /// Finds it: in `NAFAL_ANSIBLE_CORE`, in nafal's own data folder, else in the Pythons on PATH and behind the
    /// commands that an installation made.
    pub fn find() -> Option<AnsibleCore> {
        let named = env::var_os("NAFAL_ANSIBLE_CORE").map(PathBuf::from);
        let own = data_folder().map(|folder| folder.join("python/ansible"));
        let direct = named.into_iter().chain(own).find_map(|folder| AnsibleCore::at(&folder));
        direct.or_else(|| pythons().iter().find_map(|python| ask(python)))
    }

    /// The one in this folder, when it is one.
    pub fn at(package: &Path) -> Option<AnsibleCore> {
        let found = [package.to_owned(), package.join("ansible")];
        let package =
            found.into_iter().find(|folder| folder.join("module_utils/basic.py").is_file())?;
        Some(AnsibleCore { package, said_by: None, path: Vec::new() })
    }

    /// The Python that runs it: the one that has it, or that of the virtual environment that it is in.
    pub fn python(&self) -> PathBuf {
        let around = || {
            // …/bin/python3 for …/lib/python3.N/site-packages/ansible
            let python = self.package.ancestors().nth(4)?.join("bin/python3");
            python.is_file().then_some(python)
        };
        self.said_by.clone().or_else(around).unwrap_or_else(|| PathBuf::from("python3"))
    }

    /// The folders of Python packages, where collections that pip installed are: those of its Python, else the
    /// one that it is in.
    pub fn packages(&self) -> impl Iterator<Item = &Path> {
        let beside = self.package.parent().filter(|_| self.path.is_empty());
        self.path.iter().map(PathBuf::as_path).chain(beside)
    }
}

pub(crate) fn data_folder() -> Option<PathBuf> {
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    let data = env::var_os("XDG_DATA_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    data.or_else(home).map(|folder| folder.join("nafal"))
}

/// Pythons that may have it: `python3` wherever PATH has one, and those named by the first line of `ansible*` there.
fn pythons() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<PathBuf> = Vec::new();
    let mut add = |python: PathBuf| {
        if python.is_file() && !found.contains(&python) {
            found.push(python);
        }
    };
    for folder in env::split_paths(&path) {
        add(folder.join("python3"));
        for name in ["ansible-playbook", "ansible-galaxy", "ansible-doc"] {
            let first = first_line(&folder.join(name));
            let python = first.strip_prefix("#!").map(|line| PathBuf::from(line.trim()));
            python.into_iter().for_each(&mut add);
        }
    }
    found
}

fn first_line(path: &Path) -> String {
    use std::io::{BufRead, BufReader, Read};
    let mut line = Vec::new();
    if let Ok(file) = std::fs::File::open(path) {
        let _ = BufReader::new(file.take(512)).read_until(b'\n', &mut line);
    }
    String::from_utf8(line).unwrap_or_default()
}

fn ask(python: &Path) -> Option<AnsibleCore> {
    let output = Command::new(python)
        .args(["-c", ASK])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut lines = text.lines();
    let core = AnsibleCore::at(Path::new(lines.next()?.trim()).parent()?.parent()?)?;
    let path = lines.map(PathBuf::from).collect();
    Some(AnsibleCore { said_by: Some(python.to_owned()), path, ..core })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_by_its_files() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(AnsibleCore::at(folder.path()), None);
        let package = folder.path().join("ansible");
        std::fs::create_dir_all(package.join("module_utils")).unwrap();
        std::fs::write(package.join("module_utils/basic.py"), "").unwrap();
        assert_eq!(AnsibleCore::at(folder.path()).unwrap().package, package);
        assert!(AnsibleCore::at(&package).unwrap().packages().eq([folder.path()]));
    }
}
