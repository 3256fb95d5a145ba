//! What a module needs on the target, packed: the user's ansible-core, collections and folders of
//! `module_utils`, each packed once a run and known by its hash. Must not know targets.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use nafal_base::bundle::Bundle;

use crate::finder::Finder;
use crate::imports;
use crate::module::{Package, UserModule, UserStyle};

/// A bundle, ready to travel.
#[derive(Debug)]
pub struct Piece {
    /// The hash of what is in it: its name on targets.
    pub hash: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The collections that its files import from.
    imports: BTreeSet<String>,
}

/// A module with all that it needs.
#[derive(Debug)]
pub struct Packed {
    /// The bundle with `ansible.module_utils`; none for what isn't Python.
    pub base: Option<Arc<Piece>>,
    /// Bundles whose folders are searched for imports.
    pub paths: Vec<Arc<Piece>>,
    /// Bundles that stand in for `ansible.module_utils`.
    pub module_utils: Vec<Arc<Piece>>,
    /// The module's own bundle.
    pub module: Arc<Piece>,
    /// Its path in there.
    pub file: String,
}

impl Packed {
    /// Every bundle of it.
    pub fn pieces(&self) -> impl Iterator<Item = &Arc<Piece>> {
        self.base.iter().chain(&self.paths).chain(&self.module_utils).chain([&self.module])
    }
}

/// Why a module can't be packed.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Python modules need the user's ansible-core, and there is none.
    #[error(
        "the module {module} is written in Python and needs ansible-core's module_utils, which are not on this machine"
    )]
    NoCore {
        /// Which module.
        module: String,
    },
    /// A file can't be read.
    #[error("{path}: {error}", path = path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

impl PackError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            PackError::NoCore { .. } => Some(
                "try `nafal python install`, or pip install ansible-core, or name its folder in NAFAL_ANSIBLE_CORE",
            ),
            PackError::Read { .. } => None,
        }
    }
}

/// What was packed so far.
#[derive(Debug, Default)]
pub(crate) struct Bundles {
    folders: Mutex<HashMap<(PathBuf, String), Arc<Piece>>>,
    modules: Mutex<HashMap<PathBuf, Arc<Packed>>>,
}

impl Finder {
    /// The module with all that it needs; packed once.
    pub fn pack(&self, module: &UserModule) -> Result<Arc<Packed>, PackError> {
        let known = self
            .bundles
            .modules
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&module.path)
            .cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let packed = Arc::new(self.pack_anew(module)?);
        let mut modules = self.bundles.modules.lock().unwrap_or_else(PoisonError::into_inner);
        modules.insert(module.path.clone(), Arc::clone(&packed));
        Ok(packed)
    }

    fn pack_anew(&self, module: &UserModule) -> Result<Packed, PackError> {
        let file = match &module.package {
            Package::Collection { name, .. } => {
                let (folder, stem) = (name.replace('.', "/"), module.name.replace('.', "/"));
                format!("ansible_collections/{folder}/plugins/modules/{stem}.py")
            }
            // Python imports it, whatever its ending is.
            Package::Legacy | Package::Core if module.style == UserStyle::Python => {
                format!("{}.py", module.name.replace('.', "/"))
            }
            Package::Legacy | Package::Core => {
                let name = module.path.file_name().unwrap_or_default();
                name.to_string_lossy().into_owned()
            }
        };
        let mut own = Bundle::default();
        own.add(file.clone(), read(&module.path)?);
        let own = piece(&own)?;
        let mut packed =
            Packed { base: None, paths: Vec::new(), module_utils: Vec::new(), module: own, file };
        if module.style != UserStyle::Python {
            return Ok(packed);
        }
        let core = self.core().ok_or_else(|| PackError::NoCore { module: module.name.clone() })?;
        packed.base =
            Some(self.folder(&core.package.join("module_utils"), "ansible/module_utils")?);
        if matches!(module.package, Package::Collection { .. }) {
            packed.paths.push(Arc::clone(&packed.module));
        }
        for folder in self.module_utils_folders() {
            packed.module_utils.push(self.folder(&folder, "")?);
        }
        self.add_collections(module, &mut packed)?;
        Ok(packed)
    }

    /// The `module_utils` of the module's own collection, and of every collection that any of it imports.
    fn add_collections(&self, module: &UserModule, packed: &mut Packed) -> Result<(), PackError> {
        let mut wanted: Vec<String> = packed.module.imports.iter().cloned().collect();
        wanted.extend(packed.module_utils.iter().flat_map(|piece| piece.imports.iter().cloned()));
        if let Package::Collection { name, .. } = &module.package {
            wanted.push(name.clone());
        }
        let mut seen: BTreeSet<String> = BTreeSet::new();
        while let Some(name) = wanted.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            let Some(folder) = self.collection(&name) else { continue };
            let folder = folder.join("plugins/module_utils");
            if folder.is_dir() {
                let inside =
                    format!("ansible_collections/{}/plugins/module_utils", name.replace('.', "/"));
                let piece = self.folder(&folder, &inside)?;
                wanted.extend(piece.imports.iter().cloned());
                packed.paths.push(piece);
            }
        }
        Ok(())
    }

    /// A folder's Python files under this path; packed once.
    fn folder(&self, folder: &Path, inside: &str) -> Result<Arc<Piece>, PackError> {
        let key = (folder.to_owned(), inside.to_owned());
        // Held while it is packed: whoever else wants it would pack the same.
        let mut folders = self.bundles.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = folders.get(&key) {
            return Ok(Arc::clone(known));
        }
        let mut bundle = Bundle::default();
        if inside.starts_with("ansible/") {
            bundle.add("ansible/__init__.py", Vec::new());
        }
        for path in python_files(folder) {
            let below = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
            let name = if inside.is_empty() { below } else { format!("{inside}/{below}") };
            bundle.add(name, read(&path)?);
        }
        let packed = piece(&bundle)?;
        folders.insert(key, Arc::clone(&packed));
        Ok(packed)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, PackError> {
    fs::read(path).map_err(|error| PackError::Read { path: path.to_owned(), error })
}

/// The Python files below a folder, sorted, so that the same content has the same hash everywhere.
fn python_files(folder: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).follow_links(true).sort_by_file_name();
    let files = walk.into_iter().filter_entry(|entry| entry.file_name() != "__pycache__").flatten();
    files
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|ending| ending == "py"))
        .collect()
}

fn piece(bundle: &Bundle) -> Result<Arc<Piece>, PackError> {
    let mut hasher = blake3::Hasher::new();
    let mut found = BTreeSet::new();
    for (path, content) in bundle.files() {
        for part in [path.as_bytes(), content] {
            hasher.update(&part.len().to_le_bytes());
            hasher.update(part);
        }
        imports::collections(content, &mut found);
    }
    let hash = hasher.finalize().to_hex().get(..32).unwrap_or_default().to_owned();
    let bytes =
        bundle.to_bytes().map_err(|error| PackError::Read { path: PathBuf::new(), error })?;
    Ok(Arc::new(Piece { hash, bytes, imports: found }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finder::Places;

    fn write(path: PathBuf, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn a_module_with_its_collections() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        write(
            at("c/ansible_collections/a/b/plugins/modules/m.py"),
            "from ..module_utils.x import y\n",
        );
        write(
            at("c/ansible_collections/a/b/plugins/module_utils/x.py"),
            "from ansible_collections.o.p.plugins.module_utils.z import q\n",
        );
        write(at("c/ansible_collections/o/p/plugins/module_utils/z.py"), "q = 1\n");
        write(at("core/ansible/module_utils/basic.py"), "");
        let finder = Finder::new(Places {
            playbook: at("play"),
            collections: vec![at("c")],
            ..Places::default()
        });
        finder.set_core(crate::AnsibleCore::at(&at("core")));
        let module = finder.find("a.b.m").unwrap();
        let packed = finder.pack(&module).unwrap();
        assert_eq!(packed.file, "ansible_collections/a/b/plugins/modules/m.py");
        let paths = |piece: &Piece| -> Vec<String> {
            let bundle = Bundle::from_bytes(&piece.bytes).unwrap();
            bundle.files().map(|(path, _)| path.to_owned()).collect()
        };
        assert_eq!(
            paths(packed.base.as_ref().unwrap()),
            ["ansible/__init__.py", "ansible/module_utils/basic.py"]
        );
        let all: Vec<String> = packed.paths.iter().flat_map(|piece| paths(piece)).collect();
        assert_eq!(
            all,
            [
                "ansible_collections/a/b/plugins/modules/m.py",
                "ansible_collections/a/b/plugins/module_utils/x.py",
                "ansible_collections/o/p/plugins/module_utils/z.py",
            ]
        );
    }

    #[test]
    fn without_ansible_core() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        write(at("library/m.py"), "from ansible.module_utils.basic import AnsibleModule\n");
        let finder =
            Finder::new(Places { playbook: folder.path().to_owned(), ..Places::default() });
        finder.set_core(None);
        let error = finder.pack(&finder.find("m").unwrap()).unwrap_err();
        assert!(error.hint().unwrap().contains("pip install ansible-core"));
    }
}
