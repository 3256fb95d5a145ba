//! Addresses taken apart and put together. Must not know what is fetched from them.

use super::error::HttpError;

/// A URL with a host, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `http`, `https`, `file`, …, in lower case.
    pub scheme: String,
    /// The user in the URL.
    pub user: Option<String>,
    /// The password in the URL.
    pub password: Option<String>,
    /// Host and port as they are written.
    pub authority: String,
    /// Path and query, without the fragment; begins with a slash.
    pub target: String,
}

impl Address {
    /// Takes a URL apart.
    pub fn parse(url: &str) -> Result<Address, HttpError> {
        let unknown = || HttpError::UnknownType(url.to_owned());
        let (scheme, rest) = url.split_once("://").ok_or_else(unknown)?;
        let is_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        if scheme.is_empty() || !scheme.chars().all(is_scheme) {
            return Err(unknown());
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let (place, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        let (who, authority) = match place.rsplit_once('@') {
            Some((who, authority)) => (Some(who), authority),
            None => (None, place),
        };
        let (user, password) = match who.map(|who| who.split_once(':').unwrap_or((who, ""))) {
            Some((user, password)) => (Some(decoded(user)), Some(decoded(password))),
            None => (None, None),
        };
        Ok(Address {
            scheme: scheme.to_ascii_lowercase(),
            user,
            password,
            authority: authority.to_owned(),
            target,
        })
    }

    /// The host, without brackets.
    pub fn host(&self) -> &str {
        match self.authority.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => self.authority.split(':').next().unwrap_or_default(),
        }
    }

    /// The port, or the one that the scheme has by default.
    pub fn port(&self) -> u16 {
        let after = self.authority.rsplit(']').next().unwrap_or_default();
        let written = after.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        written.unwrap_or(if self.scheme == "https" { 443 } else { 80 })
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The URL without credentials.
    pub fn url(&self) -> String {
        format!("{}://{}{}", self.scheme, self.authority, self.target)
    }
}

/// `%41` is `A`.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.filter(|_| *byte == b'%').map(|pair| u8::from_str_radix(pair, 16)) {
            Some(Ok(code)) => {
                out.push(code);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The path of a `file:` URL.
pub fn file_path(address: &Address) -> String {
    decoded(address.path())
}

/// `urljoin`: a reference as seen from a URL.
pub fn join(base: &str, reference: &str) -> String {
    let Ok(address) = Address::parse(base) else { return reference.to_owned() };
    let begins = reference.split(['/', '?', '#']).next().unwrap_or_default();
    if begins.contains(':') {
        return reference.to_owned();
    }
    if let Some(rest) = reference.strip_prefix("//") {
        return format!("{}://{rest}", address.scheme);
    }
    let root = format!("{}://{}", address.scheme, address.authority);
    if reference.is_empty() {
        return base.to_owned();
    }
    let (path, rest) = reference.split_at(reference.find(['?', '#']).unwrap_or(reference.len()));
    if path.is_empty() {
        return format!("{root}{}{rest}", address.path());
    }
    let full = match path.starts_with('/') {
        true => path.to_owned(),
        false => {
            let folder = address.path().rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{path}")
        }
    };
    format!("{root}{}{rest}", without_dots(&full))
}

fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let steps: Vec<&str> = path.split('/').skip(1).collect();
    for (index, step) in steps.iter().enumerate() {
        let is_last = index + 1 == steps.len();
        match *step {
            "." if is_last => parts.push(""),
            "." => {}
            ".." => {
                parts.pop();
                if is_last {
                    parts.push("");
                }
            }
            step => parts.push(step),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_apart() {
        let address = Address::parse("HTTPS://jo:a%40b@[::1]:8443?q=1#f").unwrap();
        assert_eq!((address.host(), address.port()), ("::1", 8443));
        assert_eq!(address.password.as_deref(), Some("a@b"));
        assert_eq!(address.url(), "https://[::1]:8443/?q=1");
        assert_eq!(Address::parse("http://h/a?b").unwrap().path(), "/a");
        let error = Address::parse("nourl").unwrap_err();
        assert_eq!(error.to_string(), "unknown url type: 'nourl'");
    }

    #[test]
    fn joined() {
        let base = "http://h:1/a/b?c";
        for (reference, url) in [
            ("/x", "http://h:1/x"),
            ("x/./y", "http://h:1/a/x/y"),
            ("../x?q", "http://h:1/x?q"),
            ("?q", "http://h:1/a/b?q"),
            ("//o/x", "http://o/x"),
            ("https://o", "https://o"),
            (".", "http://h:1/a/"),
        ] {
            assert_eq!(join(base, reference), url, "{reference}");
        }
    }
}
