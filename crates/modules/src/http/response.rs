//! An answer: its code, headers, and content. Must not know what it was asked for.

use std::io::{self, Read};

/// Whether there is content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// There is, be it empty.
    There,
    /// Stock's client has thrown it away.
    Gone,
}

/// An answer whose content is still to be read.
pub struct Response {
    /// The URL that it came from in the end.
    pub url: String,
    /// Its code; None where there is none (files).
    pub status: Option<u16>,
    /// The words for its code, or why it is an error.
    pub reason: String,
    /// Its headers in their order.
    pub headers: Vec<(String, String)>,
    /// Whether it has content.
    pub content: Content,
    pub(super) body: Box<dyn Read + Send>,
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response")
            .field("url", &self.url)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl Response {
    /// Whether stock's client would raise it: anything but success.
    pub fn is_error(&self) -> bool {
        self.status.is_some_and(|status| !(200..300).contains(&status))
    }

    /// What results say of it: `OK (N bytes)`, or `HTTP Error 404: Not Found`.
    pub fn message(&self) -> String {
        match self.status.filter(|_| self.is_error()) {
            Some(status) => format!("HTTP Error {status}: {}", self.reason),
            None => format!("OK ({} bytes)", self.header("content-length").unwrap_or("unknown")),
        }
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// All headers of this name.
    pub fn all_headers(&self, name: &str) -> Vec<&str> {
        let found = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).collect()
    }

    /// The same for another reason, without its content.
    pub(super) fn given_up(self, reason: &str) -> Response {
        let body = Box::new(io::empty());
        Response { reason: reason.to_owned(), content: Content::Gone, body, ..self }
    }

    /// All headers under their names in lower case. Those that came several times are joined; of a refusal
    /// the last one is told.
    pub fn told_headers(&self) -> Vec<(String, String)> {
        let mut joined: Vec<(String, String)> = Vec::new();
        for (name, value) in &self.headers {
            let name = name.to_ascii_lowercase();
            match joined.iter_mut().find(|(other, _)| *other == name) {
                Some((_, last)) if self.is_error() => last.clone_from(value),
                Some((_, all)) => *all = format!("{all}, {value}"),
                None => joined.push((name, value.clone())),
            }
        }
        joined
    }

    /// Names and values of the cookies that it sets.
    pub fn cookies(&self) -> Vec<(String, String)> {
        let mut cookies: Vec<(String, String)> = Vec::new();
        let set = self.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        for (_, text) in set {
            let pair = text.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (name.trim(), value.trim().trim_matches('"'));
            if name.is_empty() {
                continue;
            }
            match cookies.iter_mut().find(|(other, _)| other == name) {
                Some((_, old)) => value.clone_into(old),
                None => cookies.push((name.to_owned(), value.to_owned())),
            }
        }
        cookies
    }

    /// The content, which can be read once.
    pub fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.body.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The content as a stream.
    pub fn body(&mut self) -> &mut (dyn Read + Send) {
        &mut *self.body
    }

    /// The encoding that the content says it has.
    pub fn charset(&self) -> Option<&str> {
        let kind = self.header("content-type")?;
        let parameter = kind.split(';').skip(1).find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then_some(value)
        })?;
        Some(parameter.trim().trim_matches('"'))
    }

    /// The name that the server gives the file.
    pub fn file_name(&self) -> Option<&str> {
        let disposition = self.header("content-disposition")?;
        let name = disposition.split(';').skip(1).find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("filename").then_some(value.trim().trim_matches('"'))
        })?;
        // Only a name: where it goes isn't the server's to say.
        let name = crate::files::paths::name_of(name);
        (!matches!(name, "" | "." | "..")).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let pairs = [
            ("Set-Cookie", "b=2; Path=/"),
            ("set-cookie", "a=\"1\""),
            ("Content-Type", "text/plain; charset=\"latin-1\""),
            ("Content-Disposition", "attachment; filename=\"../../x.txt\""),
        ];
        let response = Response {
            url: String::new(),
            status: Some(200),
            reason: "OK".to_owned(),
            headers: pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
            content: Content::There,
            body: Box::new(io::empty()),
        };
        assert_eq!(response.told_headers()[0].1, "b=2; Path=/, a=\"1\"");
        assert_eq!(response.cookies()[1], ("a".to_owned(), "1".to_owned()));
        assert_eq!(response.charset(), Some("latin-1"));
        assert_eq!(response.file_name(), Some("x.txt"));
        assert_eq!(response.message(), "OK (unknown bytes)");
    }
}
