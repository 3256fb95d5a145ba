//! Which files a templated name may mean: `{{ ansible_os_family }}.yml`, the files of a `first_found`, a loop's items. None
//! where it may be anything.

use std::path::{Path, PathBuf};

use nafal_base::{Dict, Value};
use nafal_graph::TaskNode;
use nafal_graph::findings::loop_names;
use nafal_parser::playbook::ast::LoopSource;

/// How deep names are followed from one to the next.
const DEEPEST: usize = 5;

/// A file's name with holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<String>);

impl Pattern {
    /// The name, if it has no holes.
    pub fn constant(&self) -> Option<&str> {
        match &self.0[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    fn matches(&self, name: &str) -> bool {
        let (Some(first), Some(last)) = (self.0.first(), self.0.last()) else { return false };
        if self.0.len() == 1 {
            return first == name;
        }
        let Some(mut rest) = name.strip_prefix(first.as_str()) else { return false };
        for part in self.0.get(1..self.0.len() - 1).unwrap_or_default() {
            let Some(at) = rest.find(part.as_str()) else { return false };
            rest = rest.get(at + part.len()..).unwrap_or_default();
        }
        // What fills a hole is a word, not a way.
        rest.strip_suffix(last.as_str()).is_some_and(|hole| !hole.contains('/'))
    }

    /// The same name below a folder.
    fn below(&self, folder: &str) -> Pattern {
        let mut parts = self.0.clone();
        if let Some(first) = parts.first_mut() {
            first.insert_str(0, &format!("{}/", folder.trim_end_matches('/')));
        }
        Pattern(parts)
    }

    /// The files that it may mean in these folders.
    pub fn files(&self, folders: &[PathBuf]) -> Vec<PathBuf> {
        if let Some(name) = self.constant() {
            let paths = folders.iter().map(|folder| folder.join(name));
            return paths.filter(|path| path.is_file()).collect();
        }
        let Some((first, rest)) = self.0.split_first() else { return Vec::new() };
        // What stands before the first hole may name a folder.
        let (folder, first) = first.rsplit_once('/').map_or(("", first.as_str()), |(a, b)| (a, b));
        let inner = Pattern([first.to_owned()].into_iter().chain(rest.iter().cloned()).collect());
        let depth = rest.iter().map(|part| part.matches('/').count()).sum::<usize>() + 1;
        let mut found = Vec::new();
        for base in folders.iter().map(|base| base.join(folder)) {
            let all = walkdir::WalkDir::new(&base).min_depth(depth).max_depth(depth).into_iter();
            let files = all.filter_map(Result::ok).filter(|entry| entry.path().is_file());
            found.extend(files.map(walkdir::DirEntry::into_path).filter(|path| {
                let name = path.strip_prefix(&base).unwrap_or(path);
                inner.matches(&name.to_string_lossy())
            }));
        }
        found
    }
}

/// What is known of the names in a task's templates.
pub(super) struct Names<'a> {
    /// The task.
    pub task: &'a TaskNode,
    /// What `-e` says: nothing is stronger.
    pub extra: &'a Dict,
}

/// The names that a task's text may give.
pub(super) fn patterns(text: &str, names: &Names<'_>) -> Option<Vec<Pattern>> {
    let mut found = Vec::new();
    of_text(text, names, 0, &mut found)?;
    Some(found)
}

fn of_text(text: &str, names: &Names<'_>, depth: usize, found: &mut Vec<Pattern>) -> Option<()> {
    let text = text.trim();
    if depth > DEEPEST || text.contains("{%") || text.contains("{#") {
        return None;
    }
    if let Some(expression) = only_expression(text) {
        return of_expression(expression, names, depth, found);
    }
    let mut parts = vec![String::new()];
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (expression, behind) = after.split_once("}}")?;
        let known = constant_of(expression.trim(), names);
        parts.last_mut()?.push_str(before);
        match known {
            Some(known) => parts.last_mut()?.push_str(&known),
            // A folder that isn't known may be anywhere.
            None if parts.len() == 1 && parts.first()?.is_empty() && behind.starts_with('/') => {
                return None;
            }
            None => parts.push(String::new()),
        }
        rest = behind;
    }
    parts.last_mut()?.push_str(rest);
    found.push(Pattern(parts));
    Some(())
}

/// The expression of a text that is nothing else.
fn only_expression(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("{{")?.strip_suffix("}}")?;
    (!inner.contains("{{") && !inner.contains("}}")).then(|| inner.trim())
}

/// What a name surely is.
fn constant_of(expression: &str, names: &Names<'_>) -> Option<String> {
    let context = &names.task.context;
    let of_run = match expression {
        "role_path" => context.role.as_ref().map(|role| role.folder.display().to_string()),
        "playbook_dir" => Some(context.playbook_folder.display().to_string()),
        _ => None,
    };
    let given = || names.extra.get(expression).filter(|value| !value.has_template());
    of_run.or_else(|| given().map(|value| value.to_text().into_owned()))
}

fn of_expression(
    expression: &str,
    names: &Names<'_>,
    depth: usize,
    found: &mut Vec<Pattern>,
) -> Option<()> {
    if let Some(known) = constant_of(expression, names) {
        found.push(Pattern(vec![known]));
        return Some(());
    }
    let task = names.task;
    let is_name = expression.chars().all(|c| c.is_alphanumeric() || c == '_');
    if is_name && loop_names(task).iter().any(|name| name == expression) {
        let repeat = task.repeat.as_ref()?;
        return match &repeat.source {
            LoopSource::Items(value) => of_value(value, names, depth + 1, found),
            LoopSource::Lookup { name, terms } => {
                let known = ["items", "list", "first_found", "flattened"].contains(&name.as_str());
                if known { of_value(terms, names, depth + 1, found) } else { None }
            }
        };
    }
    if is_name {
        return of_value(defined(expression, task)?, names, depth + 1, found);
    }
    // lookup('first_found', files), q('first_found', files, …)
    let inner = expression.split_once("first_found")?.1;
    let inner = inner.trim_start_matches(['\'', '"']).trim_start().strip_prefix(',')?.trim();
    let name: String = inner.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    of_value(defined(&name, task)?, names, depth + 1, found)
}

/// A variable that the task or what is around it defines.
fn defined<'a>(name: &str, task: &'a TaskNode) -> Option<&'a Value> {
    let layers = &task.context.layers;
    let lists = [&layers.role_params, &layers.block_vars, &layers.role_vars, &layers.role_defaults];
    let around = lists.into_iter().flat_map(|list| list.iter().rev());
    let shared = [&layers.shared_vars, &layers.shared_defaults];
    let all = [&task.keywords.vars].into_iter().chain(around).chain(shared);
    all.into_iter().find_map(|dict| dict.get(name))
}

fn of_value(
    value: &Value,
    names: &Names<'_>,
    depth: usize,
    found: &mut Vec<Pattern>,
) -> Option<()> {
    match value {
        Value::Str(text) => of_text(text, names, depth, found),
        Value::List(items) | Value::Tuple(items) => {
            items.iter().try_for_each(|item| of_value(item, names, depth, found))
        }
        Value::Dict(dict) => of_first_found(dict, names, depth, found),
        _ => None,
    }
}

/// The arguments of `first_found`: each of the files in each of the folders.
fn of_first_found(
    dict: &Dict,
    names: &Names<'_>,
    depth: usize,
    found: &mut Vec<Pattern>,
) -> Option<()> {
    let mut files = Vec::new();
    of_value(dict.get("files")?, names, depth, &mut files)?;
    let mut folders = Vec::new();
    if let Some(paths) = dict.get("paths") {
        of_value(paths, names, depth, &mut folders)?;
    }
    for folder in &folders {
        let folder = folder.constant()?;
        found.extend(files.iter().map(|file| file.below(folder)));
    }
    found.extend(files);
    Some(())
}

/// The folders that a role's and a playbook's files of this kind are in.
pub(super) fn folders(task: &TaskNode, kind: &str, search: &[PathBuf]) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = Vec::new();
    let mut add = |folder: &Path| {
        if folder.is_dir() && !all.iter().any(|known| known == folder) {
            all.push(folder.to_owned());
        }
    };
    add(&task.context.folder);
    for folder in search {
        add(&folder.join(kind));
        add(folder);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_holes() {
        let pattern = |parts: &[&str]| Pattern(parts.iter().map(ToString::to_string).collect());
        assert!(pattern(&["", ".yml"]).matches("Debian.yml"));
        assert!(pattern(&["a-", "-", ".yml"]).matches("a-b-c.yml"));
        assert!(!pattern(&["a-", ".yml"]).matches("b-c.yml"));
        assert!(pattern(&["main.yml"]).matches("main.yml"));
        assert_eq!(pattern(&["x.yml"]).constant(), Some("x.yml"));
        assert_eq!(only_expression("{{ a }}"), Some("a"));
        assert_eq!(only_expression("{{ a }}/{{ b }}"), None);
    }
}
