//! Which styles a text may be written in. Must not know where it stands.

/// What libyaml finds out about a text before it writes it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Analysis {
    /// It has line breaks.
    pub multiline: bool,
    /// It may stand plain inside brackets.
    pub flow_plain: bool,
    /// It may stand plain elsewhere.
    pub block_plain: bool,
    /// It may stand in single quotes.
    pub single_quoted: bool,
    /// It may be a block with `|` or `>`.
    pub block: bool,
}

pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What libyaml writes as it is. (It escapes what lies beyond the BMP.)
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

fn is_blank_or_end(c: Option<char>) -> bool {
    c.is_none_or(|c| c == ' ' || c == '\t' || c == '\0' || is_break(c))
}

/// Signs in a text that mean something to YAML.
#[derive(Default)]
struct Signs {
    flow: bool,
    block: bool,
}

impl Signs {
    fn both(&mut self) {
        (self.flow, self.block) = (true, true);
    }

    fn see(&mut self, c: char, first: bool, preceded: bool, followed: bool) {
        match c {
            '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
            | '@' | '`'
                if first =>
            {
                self.both();
            }
            '?' | ':' if first => {
                self.flow = true;
                self.block |= followed;
            }
            '-' if first && followed => self.both(),
            ',' | '?' | '[' | ']' | '{' | '}' if !first => self.flow = true,
            ':' if !first => {
                self.flow = true;
                self.block |= followed;
            }
            '#' if !first && preceded => self.both(),
            _ => {}
        }
    }
}

/// Blanks and breaks in places where some styles would lose them.
#[derive(Default)]
struct Gaps {
    leading: bool,
    trailing: bool,
    trailing_space: bool,
    break_space: bool,
    space_break: bool,
    previous_space: bool,
    previous_break: bool,
}

impl Gaps {
    fn see(&mut self, c: char, first: bool, last: bool) {
        if c == ' ' {
            self.leading |= first;
            self.trailing |= last;
            self.trailing_space |= last;
            self.break_space |= self.previous_break;
            (self.previous_space, self.previous_break) = (true, false);
        } else if is_break(c) {
            self.leading |= first;
            self.trailing |= last;
            self.space_break |= self.previous_space;
            (self.previous_space, self.previous_break) = (false, true);
        } else {
            (self.previous_space, self.previous_break) = (false, false);
        }
    }
}

/// Looks at a text.
pub(super) fn analyse(text: &[char]) -> Analysis {
    if text.is_empty() {
        return Analysis { block_plain: true, single_quoted: true, ..Analysis::default() };
    }
    let (mut signs, mut gaps) = (Signs::default(), Gaps::default());
    if text.starts_with(&['-', '-', '-']) || text.starts_with(&['.', '.', '.']) {
        signs.both();
    }
    let (mut breaks, mut special) = (false, false);
    let mut preceded = true;
    for (index, c) in text.iter().copied().enumerate() {
        let followed = is_blank_or_end(text.get(index + 1).copied());
        signs.see(c, index == 0, preceded, followed);
        special |= !is_printable(c);
        breaks |= is_break(c);
        gaps.see(c, index == 0, index + 1 == text.len());
        preceded = is_blank_or_end(Some(c));
    }
    let plain = !(gaps.leading || gaps.trailing || gaps.break_space || breaks);
    let ordinary = !(gaps.space_break || special);
    Analysis {
        multiline: breaks,
        flow_plain: plain && ordinary && !signs.flow,
        block_plain: plain && ordinary && !signs.block,
        single_quoted: ordinary && !gaps.break_space,
        block: ordinary && !gaps.trailing_space,
    }
}
