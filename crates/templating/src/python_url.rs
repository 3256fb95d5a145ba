//! What Python's `urllib.parse` does. Never opens anything.

/// The parts of a URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// In small letters.
    pub scheme: String,
    /// User, password, host and port as written.
    pub location: String,
    /// The path.
    pub path: String,
    /// What follows `?`.
    pub query: String,
    /// What follows `#`.
    pub fragment: String,
    /// The user, as written.
    pub user: Option<String>,
    /// The password, as written.
    pub password: Option<String>,
    /// The host in small letters.
    pub host: Option<String>,
    /// The port.
    pub port: Option<u16>,
}

/// `urlsplit`.
pub fn split(text: &str) -> Result<Url, String> {
    let text: String = text
        .trim_start_matches(|c: char| c <= ' ')
        .chars()
        .filter(|c| !matches!(c, '\n' | '\r' | '\t'))
        .collect();
    let mut url = Url::default();
    let mut rest = text.as_str();
    if let Some((scheme, after)) = rest.split_once(':') {
        let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        if valid {
            (url.scheme, rest) = (scheme.to_ascii_lowercase(), after);
        }
    }
    if let Some(after) = rest.strip_prefix("//") {
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        url.location = after[..end].to_owned();
        rest = &after[end..];
        if url.location.contains('[') != url.location.contains(']') {
            return Err("Invalid IPv6 URL".to_owned());
        }
    }
    if let Some((before, fragment)) = rest.split_once('#') {
        (url.fragment, rest) = (fragment.to_owned(), before);
    }
    if let Some((before, query)) = rest.split_once('?') {
        (url.query, rest) = (query.to_owned(), before);
    }
    url.path = rest.to_owned();
    split_location(&mut url)?;
    Ok(url)
}

fn split_location(url: &mut Url) -> Result<(), String> {
    let location = url.location.clone();
    let (user, host) = match location.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, location.as_str()),
    };
    if let Some(user) = user {
        let (name, password) = match user.split_once(':') {
            Some((name, password)) => (name, Some(password)),
            None => (user, None),
        };
        url.user = Some(name.to_owned());
        url.password = password.map(str::to_owned);
    }
    let (name, port) = match host.strip_prefix('[') {
        Some(inner) => {
            let (name, after) = inner.split_once(']').unwrap_or((inner, ""));
            (name, after.strip_prefix(':'))
        }
        None => match host.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (host, None),
        },
    };
    url.host = (!name.is_empty()).then(|| name.to_lowercase());
    url.port = match port.filter(|port| !port.is_empty()) {
        None => None,
        Some(port) if port.bytes().all(|b| b.is_ascii_digit()) => {
            Some(port.parse().map_err(|_| "Port out of range 0-65535".to_owned())?)
        }
        Some(port) => {
            let port = nafal_base::value::string_repr(port);
            return Err(format!("Port could not be cast to integer value as {port}"));
        }
    };
    Ok(())
}

/// `quote(text, safe)`.
pub fn quote(text: &str, safe: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "_.-~".contains(c) || (byte.is_ascii() && safe.contains(c))
        {
            out.push(c);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// `unquote`.
pub fn unquote(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        match code {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_as_python() {
        let url = split("http://user:pw@H.example:8080/p/a?q=1&r#frag").unwrap();
        assert_eq!((url.scheme.as_str(), url.path.as_str()), ("http", "/p/a"));
        assert_eq!((url.host.as_deref(), url.port), (Some("h.example"), Some(8080)));
        assert_eq!((url.user.as_deref(), url.password.as_deref()), (Some("user"), Some("pw")));
        assert_eq!((url.query.as_str(), url.fragment.as_str()), ("q=1&r", "frag"));
        assert_eq!(split("http://[::1]:80/").unwrap().host.as_deref(), Some("::1"));
        assert!(split("http://h:x/").is_err());
        assert_eq!(quote("http://x.y/a b", "/"), "http%3A//x.y/a%20b");
        assert_eq!(unquote("a%20b%zz"), "a b%zz");
    }
}
