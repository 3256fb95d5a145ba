//! Which statements are open, so that a wrong or missing end is refused in Jinja2's words.

use super::tokens::{Kind, Token};
use crate::error::Error;
use crate::extensions::Extension;

/// What stands before the name of a block in a macro, which is a filter to the parser.
pub(crate) const BLOCK_IN_MACRO: &str = "__block__";

/// Whether a block has a name, and isn't for templates that extend this one alone.
pub(super) fn has_plain_name(tokens: &[Token<'_>]) -> bool {
    tokens.get(1).is_some_and(|token| token.kind == Kind::Name)
        && !tokens.iter().any(|token| token.is_name("required"))
}

/// A statement that waits for its end.
#[derive(Debug)]
struct Open {
    name: String,
    /// What may come, in the order in which Jinja2 lists it.
    ends: Vec<&'static str>,
}

/// The open statements, the innermost last.
#[derive(Debug, Default)]
pub(crate) struct Tags {
    open: Vec<Open>,
}

impl Tags {
    /// A statement starts with this keyword; `assigns` says whether a `set` has a value.
    pub fn statement(&mut self, name: &str, assigns: Assigns) -> Result<(), Error> {
        let ends: &[&str] = match name {
            "for" => &["endfor", "else"],
            "if" => &["elif", "else", "endif"],
            "set" if assigns == Assigns::No => &["endset"],
            "macro" => &["endmacro"],
            "call" => &["endcall"],
            "filter" => &["endfilter"],
            "with" => &["endwith"],
            "block" => &["endblock"],
            "autoescape" => &["endautoescape"],
            "set" | "include" | "import" | "from" | "extends" | "print" => return Ok(()),
            name if Extension::allows(name) => return Ok(()),
            name => return self.end(name),
        };
        self.open.push(Open { name: name.to_owned(), ends: ends.to_vec() });
        Ok(())
    }

    /// Whether it is in the body of a macro or of a call.
    pub fn in_macro(&self) -> bool {
        self.open.iter().any(|open| matches!(&*open.name, "macro" | "call"))
    }

    fn end(&mut self, name: &str) -> Result<(), Error> {
        let Some(open) = self.open.last_mut() else {
            return Err(Error::new(format!("Encountered unknown tag '{name}'.")));
        };
        if !open.ends.contains(&name) {
            let message = format!("Encountered unknown tag '{name}'.{}", looking_for(open));
            return Err(Error::new(message));
        }
        match name {
            "elif" => {}
            "else" => open.ends = vec![if open.name == "for" { "endfor" } else { "endif" }],
            _ => {
                self.open.pop();
            }
        }
        Ok(())
    }

    /// The template ends here.
    pub fn finish(&self) -> Result<(), Error> {
        match self.open.last() {
            None => Ok(()),
            Some(open) => {
                Err(Error::new(format!("Unexpected end of template.{}", looking_for(open))))
            }
        }
    }
}

fn looking_for(open: &Open) -> String {
    let ends: Vec<_> = open.ends.iter().map(|end| format!("'{end}'")).collect();
    format!(
        " Jinja was looking for the following tags: {}. The innermost block that needs to be closed is '{}'.",
        ends.join(" or "),
        open.name
    )
}

/// Whether a `set` has a value behind it or a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Assigns {
    Yes,
    No,
}

/// The length of `-? name -? end`, if the text starts with it.
pub(super) fn tag(text: &str, name: &str, end: &str) -> Option<usize> {
    let rest = text.trim_start_matches(['-', '+']).trim_start();
    let rest = rest.strip_prefix(name)?.trim_start();
    let rest = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    rest.strip_prefix(end).map(|rest| text.len() - rest.len())
}
