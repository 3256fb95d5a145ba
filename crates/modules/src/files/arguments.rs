//! The arguments that all modules share which make files. Must not know any module.

use std::path::Path;

use super::attributes::{Subject, Wanted};
use super::staged::{Options, UnsafeWrites};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::spec::{Argument, Kind};

/// `mode`, `owner`, `group` and the like.
pub const FILE_ARGUMENTS: &[Argument] = &[
    Argument::new("mode", Kind::Raw),
    Argument::text("owner"),
    Argument::text("group"),
    Argument::text("seuser"),
    Argument::text("serole"),
    Argument::text("selevel"),
    Argument::text("setype"),
    Argument::text("attributes").aliases(&["attr"]),
    Argument::flag("unsafe_writes", false).or_variable("ANSIBLE_UNSAFE_WRITES"),
];

impl Wanted {
    /// What the arguments want.
    pub fn from_arguments(args: &Arguments) -> Wanted {
        let text = |name: &str| args.text(name).map(str::to_owned);
        Wanted {
            mode: args.value("mode").cloned(),
            owner: text("owner"),
            group: text("group"),
            label: [text("seuser"), text("serole"), text("setype"), text("selevel")],
            flags: text("attributes"),
        }
    }

    /// Whether nothing is wanted.
    pub fn is_nothing(&self) -> bool {
        self.mode.is_none()
            && self.owner.is_none()
            && self.group.is_none()
            && self.flags.is_none()
            && self.label.iter().all(Option::is_none)
    }
}

impl Ctx {
    /// A file whose attributes are looked at in these surroundings.
    pub fn subject<'a>(&self, path: &'a Path) -> Subject<'a> {
        Subject { path, mode: self.mode(), umask: self.umask() }
    }

    /// How to write a file with these arguments.
    pub fn write_options(&self, args: &Arguments) -> Options<'_> {
        let unsafe_writes = match args.is("unsafe_writes") {
            true => UnsafeWrites::Allowed,
            false => UnsafeWrites::Refused,
        };
        Options { unsafe_writes, ..self.plain_options() }
    }

    /// How to write a file of which the arguments say nothing.
    pub fn plain_options(&self) -> Options<'_> {
        Options { umask: self.umask(), temporary: Some(self.temporary()), ..Options::default() }
    }
}
