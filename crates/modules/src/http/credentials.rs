//! Basic authentication, and the netrc file that keeps passwords by host. Must not know how they are sent.

use std::path::Path;

use base64::Engine;

/// The value of `Authorization` for a user and a password.
pub fn basic(user: &str, password: &str) -> String {
    let pair = format!("{user}:{password}");
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
}

/// User and password that a netrc file has for a host; the entry `default` is for all others.
pub fn from_netrc(path: &Path, host: &str) -> Option<(String, String)> {
    find(&std::fs::read_to_string(path).ok()?, host)
}

fn find(text: &str, host: &str) -> Option<(String, String)> {
    let lines = text.lines().map(|line| match line.trim_start().starts_with('#') {
        true => "",
        false => line,
    });
    let mut words = lines.flat_map(str::split_whitespace).peekable();
    let (mut found, mut default) = (None, None);
    while let Some(word) = words.next() {
        let machine = match word {
            "machine" => words.next(),
            "default" => None,
            _ => continue,
        };
        let (mut login, mut password) = (String::new(), String::new());
        while let Some(key) =
            words.next_if(|word| !matches!(*word, "machine" | "default" | "macdef"))
        {
            let value = words.next().unwrap_or_default().trim_matches('"').to_owned();
            match key {
                "login" | "user" => login = value,
                "password" => password = value,
                _ => {}
            }
        }
        match machine {
            Some(name) if name == host && found.is_none() => found = Some((login, password)),
            None => default = Some((login, password)),
            _ => {}
        }
    }
    found.or(default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word() {
        assert_eq!(basic("jo", "s3cret"), "Basic am86czNjcmV0");
    }

    #[test]
    fn netrc() {
        let text =
            "# c\nmachine a login jo password p1\nmachine b\n login b account x password p2\n";
        let pair = |user: &str, password: &str| Some((user.to_owned(), password.to_owned()));
        assert_eq!(find(text, "a"), pair("jo", "p1"));
        assert_eq!(find(text, "b"), pair("b", "p2"));
        assert_eq!(find(text, "c"), None);
        assert_eq!(find("default login x password y", "c"), pair("x", "y"));
    }
}
