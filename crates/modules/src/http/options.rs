//! What is asked for, and how. Must not know how it is sent.

use std::path::PathBuf;
use std::time::Duration;

use super::proxies::Proxies;

/// Which redirects are followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Follow {
    /// None.
    Nothing,
    /// Those of GET and HEAD.
    Safe,
    /// All of them.
    All,
    /// Those that Python's urllib follows: what comes after is a GET.
    #[default]
    Urllib,
}

impl Follow {
    /// The policy by the name that tasks give it.
    pub fn named(name: &str) -> Option<Follow> {
        Some(match name {
            "none" | "no" | "False" => Follow::Nothing,
            "safe" => Follow::Safe,
            "all" | "yes" | "True" => Follow::All,
            "urllib2" => Follow::Urllib,
            _ => return None,
        })
    }
}

/// Whether a server must prove who it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verification {
    /// Yes.
    #[default]
    Required,
    /// No: `validate_certs: false`.
    Skipped,
}

/// How to ask.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which redirects are followed.
    pub follow: Follow,
    /// Whether servers are verified.
    pub verification: Verification,
    /// A file with certificates that are trusted beside the system's.
    pub ca_path: Option<PathBuf>,
    /// The client's certificate, and its key if that has no file of its own.
    pub client_cert: Option<PathBuf>,
    /// The client's key.
    pub client_key: Option<PathBuf>,
    /// Words that choose the ciphers of TLS 1.2, as OpenSSL has them; all when there are none.
    pub ciphers: Vec<String>,
    /// How long to wait for each step on the socket.
    pub timeout: Duration,
    /// The user to authenticate as.
    pub user: Option<String>,
    /// The user's password.
    pub password: Option<String>,
    /// Whether credentials go along before the server asks for them.
    pub force_basic_auth: bool,
    /// The file of credentials by host; None when it isn't wanted.
    pub netrc: Option<PathBuf>,
    /// The proxies; none when they aren't wanted.
    pub proxies: Proxies,
    /// The socket to use whatever the host is.
    pub unix_socket: Option<PathBuf>,
    /// Whether content that came packed is unpacked.
    pub decompress: bool,
    /// Names of headers that don't follow a redirect.
    pub unredirected_headers: Vec<String>,
    /// The name of the client.
    pub agent: String,
    /// Whether no cache may answer.
    pub force: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            follow: Follow::default(),
            verification: Verification::default(),
            ca_path: None,
            client_cert: None,
            client_key: None,
            ciphers: Vec::new(),
            timeout: Duration::from_secs(10),
            user: None,
            password: None,
            force_basic_auth: false,
            netrc: None,
            proxies: Proxies::default(),
            unix_socket: None,
            decompress: true,
            unredirected_headers: Vec::new(),
            agent: "ansible-httpget".to_owned(),
            force: false,
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET`, …
    pub method: String,
    /// Where.
    pub url: String,
    /// Headers beside those that the options make.
    pub headers: Vec<(String, String)>,
    /// What is sent.
    pub body: Option<Vec<u8>>,
    /// Only what has changed since this date (as HTTP writes it) is wanted.
    pub modified_since: Option<String>,
}

impl Request {
    /// A plain GET.
    pub fn get(url: &str) -> Request {
        Request { method: "GET".to_owned(), url: url.to_owned(), ..Request::default() }
    }

    /// The header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}
