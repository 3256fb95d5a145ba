//! Permissions as users write them: octal, symbolic, numbers. Must not touch files.

use nafal_base::Value;

use super::failure::Failure;

/// All bits that chmod may set.
pub const PERMISSION_BITS: u32 = 0o7777;

/// Permissions that someone asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// These bits.
    Bits(i64),
    /// A change of the bits that are there: `u=rw,g+X`.
    Symbolic(String),
}

/// Why permissions can't be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModeError {
    /// Neither octal nor symbolic.
    #[error("bad symbolic permission for mode: {0}")]
    Symbolic(String),
    /// A list or a dict.
    #[error("'{0}' object has no attribute 'split'")]
    NoText(String),
}

/// What symbolic permissions depend on.
#[derive(Clone, Copy, Debug)]
pub struct Present {
    /// The bits that are there.
    pub bits: u32,
    /// Whether it is a folder (`X` always means `x` then).
    pub is_folder: bool,
    /// The mask for clauses that name nobody (`+x`).
    pub umask: u32,
}

impl Mode {
    /// Reads an argument: a number is bits as it stands (YAML's 0644 is already octal), a text is
    /// octal or symbolic.
    pub fn from_value(value: &Value) -> Result<Mode, ModeError> {
        let number = match value {
            Value::Int(number) => *number,
            other @ (Value::List(_) | Value::Dict(_)) => {
                return Err(ModeError::NoText(other.type_name().to_owned()));
            }
            other => {
                let text = other.to_text();
                match parse_octal(&text) {
                    Some(number) => number,
                    None => return Ok(Mode::Symbolic(text.into_owned())),
                }
            }
        };
        Ok(Mode::Bits(number))
    }

    /// The bits for a file that is as `present` says. A number isn't masked: stock takes bits
    /// beyond those of permissions, shows them and lets the system drop them.
    pub fn apply(&self, present: Present) -> Result<i64, ModeError> {
        match self {
            Mode::Bits(bits) => Ok(*bits),
            Mode::Symbolic(text) => symbolic(text, present).map(i64::from),
        }
    }
}

/// Python's `int(text, 8)`.
fn parse_octal(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits.strip_prefix("0o").or_else(|| digits.strip_prefix("0O")).unwrap_or(digits);
    let is_digits = digits.starts_with(|c: char| c.is_ascii_digit())
        && !digits.ends_with('_')
        && !digits.contains("__");
    let digits: String = digits.chars().filter(|c| *c != '_').collect();
    let number = i64::from_str_radix(&digits, 8).ok().filter(|_| is_digits)?;
    Some(if negative { -number } else { number })
}

fn symbolic(text: &str, present: Present) -> Result<u32, ModeError> {
    let mut bits = present.bits & PERMISSION_BITS;
    for clause in text.split(',') {
        bits = apply_clause(clause, bits, present)
            .ok_or_else(|| ModeError::Symbolic(clause.to_owned()))?;
    }
    Ok(bits)
}

/// One clause: users, then any number of operators, each with its permissions.
fn apply_clause(clause: &str, mut bits: u32, present: Present) -> Option<u32> {
    let start = clause.find(is_operator).unwrap_or(clause.len());
    let (users, mut rest) = clause.split_at(start);
    let names_nobody = users.is_empty();
    let users = if names_nobody || users == "a" { "ugo" } else { users };
    if !users.chars().all(|user| matches!(user, 'u' | 'g' | 'o')) {
        return None;
    }
    while let Some(operator) = rest.chars().next() {
        let after = rest.get(1..)?;
        let end = after.find(is_operator).unwrap_or(after.len());
        let (permissions, next) = after.split_at(end);
        for user in users.chars() {
            let mut wanted = 0;
            for permission in permissions.chars() {
                wanted |= permission_bits(user, permission, bits, present)?;
            }
            if names_nobody {
                wanted &= !present.umask;
            }
            bits = match operator {
                '+' => bits | wanted,
                '-' => bits & !wanted,
                _ => (bits & !user_bits(user)) | wanted,
            };
        }
        rest = next;
    }
    Some(bits)
}

fn is_operator(c: char) -> bool {
    matches!(c, '+' | '-' | '=')
}

/// Everything that `=` sets for a user.
fn user_bits(user: char) -> u32 {
    match user {
        'u' => 0o4700,
        'g' => 0o2070,
        _ => 0o1007,
    }
}

fn permission_bits(user: char, permission: char, bits: u32, present: Present) -> Option<u32> {
    let shift = match user {
        'u' => 6,
        'g' => 3,
        _ => 0,
    };
    let has_execute = present.is_folder || bits & 0o111 != 0;
    let plain = match permission {
        'r' => 4,
        'w' => 2,
        'x' => 1,
        'X' => u32::from(has_execute),
        'u' => bits >> 6 & 7,
        'g' => bits >> 3 & 7,
        'o' => bits & 7,
        's' => {
            return Some(match user {
                'u' => 0o4000,
                'g' => 0o2000,
                _ => 0,
            });
        }
        't' => return Some(if user == 'o' { 0o1000 } else { 0 }),
        _ => return None,
    };
    Some(plain << shift)
}

/// Permissions as results show them: `0644`.
pub fn mode_text(bits: u32) -> String {
    format!("0{:03o}", bits & PERMISSION_BITS)
}

/// A mode that was asked for as differences show it, whatever its bits are.
pub fn wanted_text(mode: i64) -> String {
    match mode {
        0.. => format!("0{mode:03o}"),
        _ => format!("0-{:02o}", mode.unsigned_abs()),
    }
}

/// A mask for new files, in octal.
pub fn umask(text: &str) -> Result<u32, Failure> {
    u32::from_str_radix(text.trim(), 8).map_err(|_| {
        let shown = nafal_base::value::string_repr(text);
        Failure::new("umask must be an octal integer")
            .with("details", format!("invalid literal for int() with base 8: {shown}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(mode: &str, bits: u32) -> i64 {
        let present = Present { bits, is_folder: false, umask: 0o022 };
        Mode::from_value(&Value::from(mode)).unwrap().apply(present).unwrap()
    }

    #[test]
    fn octal_and_numbers() {
        assert_eq!(text("0644", 0), 0o644);
        assert_eq!(text("1777", 0), 0o1777);
        assert_eq!(Mode::from_value(&Value::Int(420)), Ok(Mode::Bits(0o644)));
        assert_eq!(wanted_text(-1), "0-01");
        assert_eq!(wanted_text(0o100644), "0100644");
    }

    #[test]
    fn symbolic_clauses() {
        assert_eq!(text("u=rw,g=r,o=", 0o777), 0o640);
        assert_eq!(text("a+x", 0o644), 0o755);
        assert_eq!(text("+w", 0o444), 0o644);
        assert_eq!(text("u+X", 0o644), 0o644);
        assert_eq!(text("a+X", 0o744), 0o755);
        assert_eq!(text("g=u", 0o640), 0o660);
        assert_eq!(text("u=o,o=u", 0o640), 0o040);
        assert_eq!(text("u+s,g+s,o+t", 0o755), 0o7755);
        assert_eq!(text("u=rwx-w+x", 0), 0o500);
    }

    #[test]
    fn what_is_refused() {
        let present = Present { bits: 0, is_folder: false, umask: 0 };
        let error = Mode::Symbolic("u=rw,ua=q".into()).apply(present).unwrap_err();
        assert_eq!(error, ModeError::Symbolic("ua=q".into()));
    }
}
