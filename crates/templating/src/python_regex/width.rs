//! How long what a pattern matches can be: Python's look-behinds want one length.

/// The least and the most characters; without a most there is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Width {
    least: u64,
    most: Option<u64>,
}

impl Width {
    pub(super) const NOTHING: Width = Width { least: 0, most: Some(0) };
    pub(super) const ONE: Width = Width { least: 1, most: Some(1) };

    fn and(self, other: Width) -> Width {
        let most = self.most.zip(other.most).map(|(a, b)| a.saturating_add(b));
        Width { least: self.least.saturating_add(other.least), most }
    }

    fn or(self, other: Width) -> Width {
        let most = self.most.zip(other.most).map(|(a, b)| a.max(b));
        Width { least: self.least.min(other.least), most }
    }

    fn times(self, least: u64, most: Option<u64>) -> Width {
        let most = match (self.most, most) {
            (Some(0), _) => Some(0),
            (most, times) => most.zip(times).map(|(a, b)| a.saturating_mul(b)),
        };
        Width { least: self.least.saturating_mul(least), most }
    }
}

/// What a parenthesis opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opened {
    /// A group with its number.
    Group(usize),
    /// A group without one.
    Plain,
    /// `(?(1)…|…)`
    Conditional,
    LookAhead,
    LookBehind,
}

#[derive(Debug)]
struct Level {
    kind: Opened,
    /// Alternatives that are complete.
    branches: Option<Width>,
    /// The alternative that is read, without its last item.
    before: Width,
    /// Its last item, which may still be repeated.
    last: Width,
}

impl Level {
    fn new(kind: Opened) -> Level {
        Level { kind, branches: None, before: Width::NOTHING, last: Width::NOTHING }
    }

    fn end_branch(&mut self) {
        let branch = self.before.and(self.last);
        self.branches = Some(self.branches.map_or(branch, |branches| branches.or(branch)));
        (self.before, self.last) = (Width::NOTHING, Width::NOTHING);
    }
}

/// The widths of what was read of a pattern.
#[derive(Debug)]
pub(super) struct Widths {
    levels: Vec<Level>,
    groups: Vec<Width>,
}

impl Widths {
    pub(super) fn new() -> Widths {
        Widths { levels: vec![Level::new(Opened::Plain)], groups: Vec::new() }
    }

    pub(super) fn item(&mut self, width: Width) {
        if let Some(level) = self.levels.last_mut() {
            level.before = level.before.and(level.last);
            level.last = width;
        }
    }

    pub(super) fn repeat(&mut self, least: u64, most: Option<u64>) {
        if let Some(level) = self.levels.last_mut() {
            level.last = level.last.times(least, most);
        }
    }

    pub(super) fn alternative(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            level.end_branch();
        }
    }

    pub(super) fn open(&mut self, kind: Opened) {
        self.levels.push(Level::new(kind));
    }

    pub(super) fn close(&mut self) -> Result<(), String> {
        let Some(mut level) = self.levels.pop() else { return Ok(()) };
        let one_branch = level.branches.is_none();
        level.end_branch();
        let width = level.branches.unwrap_or_default();
        let width = match level.kind {
            Opened::Plain => width,
            Opened::Group(number) => {
                self.groups.resize(self.groups.len().max(number + 1), Width::NOTHING);
                self.groups[number] = width;
                width
            }
            Opened::Conditional if one_branch => width.or(Width::NOTHING),
            Opened::Conditional => width,
            Opened::LookAhead => Width::NOTHING,
            Opened::LookBehind if width.most == Some(width.least) => Width::NOTHING,
            Opened::LookBehind => return Err("look-behind requires fixed-width pattern".to_owned()),
        };
        self.item(width);
        Ok(())
    }

    /// The width of a group that is closed.
    pub(super) fn group(&self, number: usize) -> Width {
        self.groups.get(number).copied().unwrap_or(Width::NOTHING)
    }
}
