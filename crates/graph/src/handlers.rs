//! A play's handlers: in which order they run, and which of them a notification means. Must not
//! know who notified.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::node::TaskNode;

/// Where a list of handlers comes from: a role's folder and which of its files.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HandlersFile {
    /// The role's folder.
    pub folder: PathBuf,
    /// `handlers_from`.
    pub from: Option<String>,
}

/// Whether handlers are running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flush {
    /// None is.
    No,
    /// Some are.
    UnderWay,
}

/// Handlers that stand together.
#[derive(Clone, Debug)]
struct List {
    /// None for a play's own.
    file: Option<HandlersFile>,
    start: usize,
    end: usize,
}

/// Handlers of a play, in the order in which they run.
///
/// They come in lists: a role's, an included role's, the play's. Of handlers with the same name
/// the first of the last list counts, for names as for topics (cases `bad-handlers`,
/// `handlers-blocks`). A role that comes again has its new handlers instead of those that it had
/// (case `handlers-role-again`), and they are the last ones (case `handlers-scopes`).
#[derive(Clone, Debug, Default)]
pub struct Handlers {
    all: Vec<Arc<TaskNode>>,
    lists: Vec<List>,
    /// By name, and by role and name: the list it is from, and its index.
    names: HashMap<String, (usize, usize)>,
    topics: HashMap<String, Vec<Listener>>,
    /// Those whose names are templates: found once they are named.
    unnamed: Vec<(usize, usize)>,
}

/// A handler that listens to a topic.
#[derive(Clone, Debug)]
struct Listener {
    list: usize,
    index: usize,
    name: Option<String>,
}

impl Handlers {
    /// All of them, in the order in which they run.
    pub fn all(&self) -> &[Arc<TaskNode>] {
        &self.all
    }

    /// One of them.
    pub fn get(&self, index: usize) -> Option<&Arc<TaskNode>> {
        self.all.get(index)
    }

    /// Appends a list below all that are there, instead of an earlier one from the same file.
    pub fn add(&mut self, file: Option<HandlersFile>, handlers: Vec<Arc<TaskNode>>) {
        if file.is_some() && self.lists.iter().any(|list| list.file == file) {
            let before = std::mem::take(self);
            for list in before.lists.iter().filter(|list| list.file != file) {
                let kept = before.all.get(list.start..list.end).unwrap_or_default();
                self.append(list.file.clone(), kept.to_vec());
            }
        }
        self.append(file, handlers);
    }

    /// Puts new handlers in the place of those from the same file, while notified ones run: their
    /// indices have to stay. False where nothing came from there, or not as many.
    fn replace(&mut self, file: &Option<HandlersFile>, handlers: &[Arc<TaskNode>]) -> bool {
        let known = self.lists.iter().find(|list| file.is_some() && list.file == *file);
        let Some(list) = known.filter(|list| list.end - list.start == handlers.len()) else {
            return false;
        };
        self.all.splice(list.start..list.end, handlers.iter().cloned());
        true
    }

    fn append(&mut self, file: Option<HandlersFile>, handlers: Vec<Arc<TaskNode>>) {
        let start = self.all.len();
        self.lists.push(List { file, start, end: start + handlers.len() });
        for handler in handlers {
            self.push(handler);
        }
    }

    /// Adds the lists of others; while handlers run, none changes its place.
    pub fn extend(&mut self, others: &Handlers, when: Flush) {
        for list in &others.lists {
            let handlers = others.all.get(list.start..list.end).unwrap_or_default();
            match when {
                Flush::No => self.add(list.file.clone(), handlers.to_vec()),
                Flush::UnderWay if self.replace(&list.file, handlers) => {}
                Flush::UnderWay => self.append(list.file.clone(), handlers.to_vec()),
            }
        }
    }

    fn push(&mut self, handler: Arc<TaskNode>) {
        let (list, index) = (self.lists.len(), self.all.len());
        let written = handler.name.as_ref();
        let fixed = written.filter(|name| !name.is_dynamic());
        let name = fixed.and_then(|name| name.source.as_str()).map(str::to_owned);
        if written.is_some_and(|name| name.is_dynamic()) {
            self.unnamed.push((list, index));
        }
        if let Some(name) = &name {
            self.name(name, &handler, list, index);
        }
        for topic in handler.listen.iter().filter_map(|topic| topic.as_str()) {
            for key in with_role(topic, &handler) {
                let listener = Listener { list, index, name: name.clone() };
                add_listener(self.topics.entry(key).or_default(), listener);
            }
        }
        self.all.push(handler);
    }

    fn name(&mut self, name: &str, handler: &TaskNode, list: usize, index: usize) {
        for key in with_role(name, handler) {
            let known = self.names.entry(key).or_insert((list, index));
            if known.0 < list {
                *known = (list, index);
            }
        }
    }

    /// Gives handlers whose names are templates their names, where `render` can tell them.
    pub fn name_templates(&mut self, mut render: impl FnMut(&Arc<TaskNode>) -> Option<String>) {
        for (list, index) in std::mem::take(&mut self.unnamed) {
            let Some(handler) = self.all.get(index).cloned() else { continue };
            match render(&handler) {
                Some(name) => self.name(&name, &handler, list, index),
                None => self.unnamed.push((list, index)),
            }
        }
    }

    /// Those whose names aren't known yet.
    pub fn unnamed(&self) -> impl Iterator<Item = &Arc<TaskNode>> {
        self.unnamed.iter().filter_map(|(_, index)| self.all.get(*index))
    }

    /// Whether some handlers' names aren't known yet.
    pub fn has_unnamed(&self) -> bool {
        !self.unnamed.is_empty()
    }

    /// The handler that `name` means, with or without its role's name before it.
    pub fn named(&self, name: &str) -> Option<usize> {
        self.names.get(name).map(|(_, index)| *index)
    }

    /// Handlers that listen to `topic`, in the order in which they run.
    pub fn listening(&self, topic: &str) -> Vec<usize> {
        let mut all: Vec<usize> = self
            .topics
            .get(topic)
            .map(|listeners| listeners.iter().map(|listener| listener.index).collect())
            .unwrap_or_default();
        all.sort_unstable();
        all
    }
}

/// A name or topic as one may write it: alone, and behind its role's name, with and without its collection's (case
/// `handlers-roles-named`).
fn with_role(name: &str, handler: &TaskNode) -> Vec<String> {
    let mut all = vec![name.to_owned()];
    let role = handler.context.role.as_ref();
    let names = [handler.info.role.as_deref(), role.map(|role| role.short_name())];
    for role in names.into_iter().flatten() {
        let key = format!("{role} : {name}");
        if !all.contains(&key) {
            all.push(key);
        }
    }
    all
}

fn add_listener(listeners: &mut Vec<Listener>, new: Listener) {
    let same = |known: &&mut Listener| known.name.is_some() && known.name == new.name;
    match listeners.iter_mut().find(same) {
        Some(known) if known.list < new.list => *known = new,
        Some(_) => {}
        None => listeners.push(new),
    }
}
