//! INI inventories: hosts, `[group]`, `[group:children]`, `[group:vars]`.

use std::sync::Arc;

use nafal_base::{Source, Span, Text, Value};

use crate::address::{expand, split_port};
use crate::data::{Data, GroupId, UNGROUPED};
use crate::error::Error;
use crate::group_names::is_safe_group_name;
use crate::{fields, words};

/// What the lines of a section are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Hosts,
    Children,
    Vars,
}

/// A group that was named before it was made, and the section that needs it.
struct Pending {
    group: String,
    section: Section,
    /// For children: the group that includes it.
    parent: Option<GroupId>,
    /// What its `vars` section said.
    vars: Vec<(Text, Value)>,
}

struct Reader<'a> {
    data: &'a mut Data,
    source: &'a Arc<Source>,
    name: &'a Arc<str>,
    pending: Vec<Pending>,
    /// The group of the section; None inside `[x:vars]` of a group that isn't there yet.
    group: Option<GroupId>,
    section: Section,
    hosts: Vec<String>,
}

/// Reads an INI inventory. What was read before an error stays, as with stock.
pub(crate) fn read(source: &Arc<Source>, name: &Arc<str>, data: &mut Data) -> Result<(), Error> {
    let mut reader = Reader {
        data,
        source,
        name,
        pending: Vec::new(),
        group: Some(UNGROUPED),
        section: Section::Hosts,
        hosts: Vec::new(),
    };
    let text = Arc::clone(&source.text);
    for (index, line) in text.lines().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        reader.line(line.trim(), number).map_err(parse_error)?;
    }
    reader.settle().map_err(parse_error)
}

/// Stock says before each what it was doing, and the file without the line.
fn parse_error(error: Error) -> Error {
    match error {
        Error::Caused { cause, span, .. } => {
            Error::Caused { message: "Failed to parse inventory".into(), cause, span }
        }
        other => Error::Source {
            message: format!("Failed to parse inventory: {other}"),
            span: other.span().cloned(),
        },
    }
}

impl Reader<'_> {
    fn line(&mut self, line: &str, number: u32) -> Result<(), Error> {
        if line.is_empty() || line.starts_with([';', '#']) {
            return Ok(());
        }
        if line.starts_with('[')
            && let Some((group, kind)) = header(line)
        {
            return self.start_section(group, kind);
        }
        if line.starts_with('[') && line.ends_with(']') {
            return Err(Error::source(format!(
                "Invalid section entry: '{line}'. Please make sure that there are no spaces in the \
                 section entry, and that there are no other invalid characters"
            )));
        }
        match self.section {
            Section::Hosts => self.host_line(line, number),
            Section::Vars => self.variable_line(line, number),
            Section::Children => self.child_line(line),
        }
    }

    fn start_section(&mut self, group: &str, kind: Option<&str>) -> Result<(), Error> {
        // Stock leaves the lines of children as they are, and so doesn't find them (case
        // `inventory-group-names`).
        self.data.has_odd_groups |= !is_safe_group_name(group);
        let group = &*self.data.group_names.name(group);
        self.section = match kind {
            None | Some("hosts") => Section::Hosts,
            Some("children") => Section::Children,
            Some("vars") => Section::Vars,
            Some(kind) => {
                return Err(Error::source(format!(
                    "Section [{group}:{kind}] has unknown type: {kind}"
                )));
            }
        };
        if self.section == Section::Vars && self.data.group_id(group).is_none() {
            self.group = None;
            self.pend(group, Section::Vars, None);
            return Ok(());
        }
        self.group = Some(self.declare(group)?);
        Ok(())
    }

    fn pend(&mut self, group: &str, section: Section, parent: Option<GroupId>) {
        let group = group.to_owned();
        self.pending.push(Pending { group, section, parent, vars: Vec::new() });
    }

    /// Makes a group and gives it what waited for it.
    fn declare(&mut self, name: &str) -> Result<GroupId, Error> {
        let id = self.data.ensure_group(name);
        let (waiting, pending) =
            std::mem::take(&mut self.pending).into_iter().partition(|p| p.group == name);
        self.pending = pending;
        let waiting: Vec<Pending> = waiting;
        for entry in waiting {
            if let Some(parent) = entry.parent {
                self.data.add_child(parent, id)?;
            }
            for (key, value) in entry.vars {
                self.data.set_group_variable(id, key, value);
            }
        }
        Ok(id)
    }

    fn host_line(&mut self, line: &str, number: u32) -> Result<(), Error> {
        let words = words::split(line).map_err(|why| Error::Caused {
            message: String::new(),
            cause: format!("Error parsing host definition '{line}': {why}"),
            span: None,
        })?;
        let Some((pattern, assignments)) = words.split_first() else {
            return Ok(());
        };
        if pattern.trim() == "---" {
            return Err(Error::source(format!(
                "Invalid host pattern '{pattern}' supplied, '---' is normally a sign this is a YAML file."
            )));
        }
        if pattern.trim().ends_with(':') {
            return Err(Error::source(format!(
                "Invalid host pattern '{pattern}' supplied, ending in ':' is not allowed, this \
                 character is reserved to provide a port."
            )));
        }
        let (name, port) = split_port(pattern);
        let mut hosts = std::mem::take(&mut self.hosts);
        hosts.clear();
        expand(name, &mut hosts)?;
        let span = Span::new(self.source, number, 0);
        let mut vars = Vec::with_capacity(assignments.len());
        for assignment in assignments {
            let Some((key, value)) = assignment.split_once('=') else {
                return Err(Error::source(format!(
                    "Expected key=value host variable assignment, got: {assignment}"
                )));
            };
            vars.push((Text::placed(key, span.clone()), fields::value(value, &span)));
        }
        let group = self.group.unwrap_or(UNGROUPED);
        for host in &hosts {
            let id = self.data.ensure_host(host, Some(self.name));
            self.data.add_host_to(group, id);
            if let Some(port) = port {
                self.data.set_host_variable(id, "ansible_port", Value::from(port));
            }
            for (key, value) in &vars {
                self.data.set_host_variable(id, key.clone(), value.clone());
            }
        }
        self.hosts = hosts;
        Ok(())
    }

    fn variable_line(&mut self, line: &str, number: u32) -> Result<(), Error> {
        let Some((key, value)) = line.split_once('=') else {
            return Err(Error::source(format!("Expected key=value, got: {line}")));
        };
        let span = Span::new(self.source, number, 0);
        let value = fields::value(value.trim(), &span);
        let key = Text::placed(key.trim(), span);
        match (self.group, self.pending.last_mut()) {
            (Some(group), _) => self.data.set_group_variable(group, key, value),
            (None, Some(pending)) => pending.vars.push((key, value)),
            (None, None) => {}
        }
        Ok(())
    }

    fn child_line(&mut self, line: &str) -> Result<(), Error> {
        let name = line.split_once('#').map_or(line, |(name, _)| name.trim_end());
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || matches!(c, ':' | ']')) {
            return Err(Error::source(format!("Expected group name, got: {line}")));
        }
        let parent = self.group.unwrap_or(UNGROUPED);
        match self.data.group_id(name) {
            Some(child) => self.data.add_child(parent, child).map(|_| ()),
            None => {
                self.pend(name, Section::Children, Some(parent));
                Ok(())
            }
        }
    }

    /// Everything that waited must have come.
    fn settle(&mut self) -> Result<(), Error> {
        let Some(pending) = self.pending.first() else {
            return Ok(());
        };
        Err(Error::source(match pending.section {
            Section::Vars => {
                let group = &pending.group;
                format!("Section [{group}:vars] not valid for undefined group '{group}'.")
            }
            _ => {
                let parent = pending.parent.map_or("", |id| &*self.data.group(id).name);
                format!("Section [{parent}:children] includes undefined group '{}'.", pending.group)
            }
        }))
    }
}

/// `[name]` or `[name:kind]`, with a comment behind it perhaps.
fn header(line: &str) -> Option<(&str, Option<&str>)> {
    let (inside, behind) = line.strip_prefix('[')?.split_once(']')?;
    let behind = behind.trim_start();
    if !behind.is_empty() && !behind.starts_with('#') {
        return None;
    }
    let (name, kind) = match inside.split_once(':') {
        Some((name, kind)) => (name, Some(kind)),
        None => (inside, None),
    };
    let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
    let is_kind = kind.is_none_or(|kind| {
        !kind.is_empty() && kind.chars().all(|c| c.is_alphanumeric() || c == '_')
    });
    (is_name && is_kind).then_some((name, kind))
}
