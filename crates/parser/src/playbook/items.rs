//! Lists of tasks and blocks. Must not know what a task says.

use std::sync::Arc;

use nafal_base::{Source, Value};

use super::actions::Actions;
use super::ast::{Block, Item};
use super::class::class;
use super::keywords::Place;
use super::reader::{Fields, Parsed, Reader};
use super::values::shown;
use crate::error::Error;

/// What a list of tasks is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TasksKind {
    /// Tasks.
    Tasks,
    /// Handlers: they may `listen`.
    Handlers,
}

/// The items of a file of tasks or handlers, or everything that is wrong with it. An empty file
/// has none.
pub fn parse_tasks(
    source: &Arc<Source>,
    kind: TasksKind,
    actions: &dyn Actions,
) -> Parsed<Vec<Item>> {
    let (mut reader, content) = Reader::open(source, actions)?;
    let items = match content {
        None | Some((Value::None, _)) => Vec::new(),
        Some((Value::List(items), _)) => reader.items(&items, kind, Listed::InFile),
        Some((_, span)) => {
            let error = Error::invalid("included task files must contain a list of tasks", span);
            return Err(vec![error.with_hint("Start each task with `- `.")]);
        }
    };
    reader.finish(items)
}

/// Where a list of tasks stands: it decides what stock calls a wrong item.
#[derive(Clone, Copy)]
pub(super) enum Listed<'b> {
    InFile,
    InBlock(Fields<'b>, &'b str, &'b Value),
}

impl Reader<'_> {
    /// A play's `tasks` and its kin.
    pub(super) fn section(&mut self, fields: Fields<'_>, name: &str, kind: TasksKind) -> Vec<Item> {
        match fields.get(name) {
            None => Vec::new(),
            Some((_, Value::List(items))) => self.items(items, kind, Listed::InFile),
            Some((_, other)) => {
                let message = format!(
                    "A malformed block was encountered while loading {name}: {}",
                    Self::must_be_list(other)
                );
                let error = Error::invalid(message, fields.span.clone());
                self.errors.push(error.with_hint("Start each task with `- `."));
                Vec::new()
            }
        }
    }

    pub(super) fn items(
        &mut self,
        items: &[Value],
        kind: TasksKind,
        listed: Listed<'_>,
    ) -> Vec<Item> {
        let mut parsed = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let span = self.span_of(item);
            match item {
                Value::None => {}
                Value::Dict(dict) if is_block(item) => {
                    let fields = Fields { dict, owner: "Block", span: &span };
                    if kind == TasksKind::Handlers && matches!(listed, Listed::InBlock(..)) {
                        // A block around handlers is only a list of them (case `bad-handlers-blocks`).
                        let message = "Using a block as a handler is not supported.";
                        let error = Error::invalid(message, span.clone());
                        self.errors
                            .push(error.with_hint("Write its tasks in the block around it."));
                        continue;
                    }
                    parsed.push(Item::Block(Box::new(self.block(fields, kind))));
                }
                Value::Dict(dict) => {
                    let owner = match kind {
                        TasksKind::Tasks => "Task",
                        TasksKind::Handlers => "Handler",
                    };
                    let task = self.task(Fields { dict, owner, span: &span }, kind);
                    parsed.extend(task.map(Box::new).map(Item::Task));
                }
                _ => {
                    let first =
                        items.iter().position(|item| !matches!(item, Value::Dict(_) | Value::None));
                    if first == Some(index) {
                        self.not_a_task(items, item, listed);
                    }
                }
            }
        }
        parsed
    }

    /// Stock names the whole run of tasks that the wrong item is in.
    fn not_a_task(&mut self, items: &[Value], item: &Value, listed: Listed<'_>) {
        let (name, list, class, span) = match listed {
            Listed::InBlock(fields, name, list) => {
                (name, shown(list), class(list), Some(fields.span.clone()))
            }
            Listed::InFile => {
                let run: Vec<Value> =
                    items.iter().filter(|item| !is_block(item)).cloned().collect();
                let list = Value::List(run.into()).repr();
                ("block", list, "<class 'list'>".to_owned(), item.span().cloned())
            }
        };
        let message = format!(
            "A malformed block was encountered while loading {name}: The ds ({list}) should be a \
             dict but was a {class}"
        );
        let error = Error::invalid(message, span);
        self.errors.push(error.with_hint("A task is a mapping: `- ansible.builtin.debug:`."));
    }

    fn block(&mut self, fields: Fields<'_>, kind: TasksKind) -> Block {
        self.check_keywords(fields, Place::BLOCK, &[]);
        if !fields.dict.contains("block") {
            for name in ["rescue", "always"] {
                if fields.dict.contains(name) {
                    let message = format!("'{name}' keyword cannot be used without 'block'");
                    self.invalid(message, fields.span.clone());
                    break;
                }
            }
        }
        self.searching(fields, |reader| Block {
            span: fields.span.clone(),
            keywords: reader.keywords(fields),
            notify: reader.list(fields, "notify"),
            block: reader.block_section(fields, "block", kind),
            rescue: reader.block_section(fields, "rescue", kind),
            always: reader.block_section(fields, "always", kind),
            has_rescue: fields.dict.contains("rescue"),
        })
    }

    fn block_section(&mut self, fields: Fields<'_>, name: &str, kind: TasksKind) -> Vec<Item> {
        match fields.dict.get(name) {
            None => Vec::new(),
            Some(list @ Value::List(items)) => {
                self.items(items, kind, Listed::InBlock(fields, name, list))
            }
            Some(other) => {
                let message = format!(
                    "A malformed block was encountered while loading {name}: The ds ({}) should \
                     be a list but was a {}",
                    shown(other),
                    class(other)
                );
                let error = Error::invalid(message, fields.span.clone());
                self.errors.push(error.with_hint("Start each task with `- `."));
                Vec::new()
            }
        }
    }
}

fn is_block(item: &Value) -> bool {
    item.as_dict()
        .is_some_and(|dict| ["block", "rescue", "always"].iter().any(|name| dict.contains(name)))
}
