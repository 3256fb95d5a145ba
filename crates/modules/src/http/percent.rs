//! Text in URLs and forms. Must not know where it is sent.

use std::fmt::Write;

/// `quote_plus`: a value as forms carry it.
fn quote_plus(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => {
                out.push(char::from(byte));
            }
            other => {
                // Writing to a string can't fail.
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
}

/// `application/x-www-form-urlencoded`.
pub fn form<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        quote_plus(name, &mut out);
        out.push('=');
        quote_plus(value, &mut out);
    }
    out
}

/// A path and query with what can't stand in a request encoded.
pub fn request_target(target: &str) -> String {
    let mut out = String::with_capacity(target.len());
    for byte in target.bytes() {
        match byte {
            b'<' | b'>' | b'\\' | b'^' | b'`' | b'|' | b'"' | b'{' | b'}' | 0x7f.. => {
                let _ = write!(out, "%{byte:02X}");
            }
            _ => out.push(char::from(byte)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded() {
        assert_eq!(form([("a", "x y"), ("é", "&")]), "a=x+y&%C3%A9=%26");
        assert_eq!(request_target("/a|b?c=d%20"), "/a%7Cb?c=d%20");
    }
}
