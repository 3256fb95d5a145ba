//! `copy` of a folder of the controller: every file goes its own way, then what has no files. Must
//! not know how one file is sent.

use std::path::{Path, PathBuf};

use nafal_base::{Dict, Outcome, Status, Value};

use crate::actions::copy::one_file;
use crate::context::ActionContext;
use crate::effect::Performed;
use crate::payload;

/// Copies it: `src/` is what is in it, `src` the folder itself.
pub(crate) fn run(
    context: &ActionContext<'_>,
    path: &Path,
    source: &str,
    args: &Dict,
) -> Result<Performed, Performed> {
    let dest = args.get("dest").map(|dest| dest.to_text().into_owned()).unwrap_or_default();
    let dest = slash(dest);
    let links = match args.get("local_follow").and_then(crate::arguments::to_bool) {
        Some(false) => Links::Kept,
        _ => Links::Followed,
    };
    let mut walk = Walk { context, root: path, links, above: Vec::new(), tree: Tree::default() };
    walk.folder(Path::new("")).map_err(|error| {
        let message = format!("could not read the folder {}: {error}", path.display());
        Performed::from(Outcome::failed(message))
    })?;
    let tree = walk.tree;
    let prefix = match source.ends_with('/') {
        true => Path::new(""),
        false => Path::new(path.file_name().unwrap_or_default()),
    };
    let (mut changed, mut only) = (false, None);
    for file in &tree.files {
        let mut one = args.clone();
        one.insert("dest", Value::from(dest.as_str()));
        let name = prefix.join(file).display().to_string();
        let outcome = one_file(context, &path.join(file), one, Some(&name))?;
        if !matches!(outcome.status, Status::Ok) {
            return Ok(payload::performed(outcome));
        }
        changed |= outcome.changed;
        only = Some(outcome);
    }
    let places = tree.empty.iter().map(|folder| (folder, None));
    let places = places.chain(tree.links.iter().map(|(link, to)| (link, Some(to))));
    for (relative, link) in places {
        let place = format!("{dest}{}", prefix.join(relative).display());
        let outcome = make(context, &place, link, args);
        if !matches!(outcome.status, Status::Ok) {
            return Ok(Performed::module(outcome));
        }
        changed |= outcome.changed;
    }
    // Stock tells of a single file as if it had been named; of several, neither which nor what
    // changed in them.
    if let Some(only) = only.filter(|_| tree.files.len() == 1) {
        return Ok(Performed::module(only.changed_if(changed)));
    }
    let shown = path.display().to_string();
    let shown = if source.ends_with('/') { slash(shown) } else { shown };
    Ok(Performed::module(Outcome::ok().changed_if(changed).with("dest", dest).with("src", shown)))
}

fn slash(path: String) -> String {
    if path.ends_with('/') { path } else { path + "/" }
}

/// Whether links of the controller are copied as what they lead to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    Followed,
    Kept,
}

/// What is in a folder, as paths relative to it.
#[derive(Default)]
struct Tree {
    files: Vec<PathBuf>,
    links: Vec<(PathBuf, PathBuf)>,
    /// Folders without any file below, which no file brings into being.
    empty: Vec<PathBuf>,
}

struct Walk<'a> {
    context: &'a ActionContext<'a>,
    root: &'a Path,
    links: Links,
    /// Where this folder and those above it really are: a link back to one isn't followed.
    above: Vec<PathBuf>,
    tree: Tree,
}

impl Walk<'_> {
    fn folder(&mut self, relative: &Path) -> std::io::Result<()> {
        let full = self.root.join(relative);
        self.above.push(std::fs::canonicalize(&full)?);
        let before = self.tree.files.len();
        let mut below = Vec::new();
        for path in self.context.effects.list(&full)? {
            let Some(name) = path.file_name() else { continue };
            let entry = relative.join(name);
            if path.is_symlink() && self.keeps(&path) {
                self.tree.links.push((entry, std::fs::read_link(&path)?));
            } else if path.is_dir() {
                below.push(entry);
            } else {
                self.tree.files.push(entry);
            }
        }
        for entry in below {
            self.folder(&entry)?;
        }
        self.above.pop();
        // The folder itself isn't made for its own sake.
        if self.tree.files.len() == before && !relative.as_os_str().is_empty() {
            self.tree.empty.push(relative.to_owned());
        }
        Ok(())
    }

    /// Whether a link stays one: also one that leads nowhere or back to where it is (case
    /// `module-copy-links`).
    fn keeps(&self, link: &Path) -> bool {
        let leads_back = |real| self.above.contains(&real);
        self.links == Links::Kept || std::fs::canonicalize(link).map_or(true, leads_back)
    }
}

/// A folder or a link on the target.
fn make(context: &ActionContext<'_>, place: &str, link: Option<&PathBuf>, args: &Dict) -> Outcome {
    let mut module = Dict::new();
    module.insert("path", Value::from(place));
    for key in ["owner", "group"] {
        if let Some(value) = args.get(key) {
            module.insert(key, value.clone());
        }
    }
    match link {
        Some(to) => {
            module.insert("state", Value::from("link"));
            module.insert("src", Value::from(to.display().to_string()));
            module.insert("force", Value::Bool(true));
            module.insert("follow", Value::Bool(false));
        }
        None => {
            module.insert("state", Value::from("directory"));
            if let Some(mode) = args.get("directory_mode") {
                module.insert("mode", mode.clone());
            }
        }
    }
    context.remote.run("ansible.legacy.file", module)
}
