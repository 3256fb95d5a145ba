//! One request to its last answer: credentials, redirects, content that comes packed. Must not know modules.

use std::io::Read;

use ureq::Agent;
use ureq::http;
use ureq::unversioned::transport::{ConnectProxyConnector, Connector};

use super::addresses::Addresses;
use super::challenge::{Challenges, Identity, Reply};
use super::ciphers::Chosen;
use super::error::HttpError;
use super::options::{Options, Request};
use super::response::{Content, Response};
use super::secure::Secure;
use super::socket::{Place, Sockets};
use super::url::{Address, file_path};
use super::{credentials, percent, redirect, trust};

/// Asks, and follows where it leads. An answer of any code is an answer.
pub fn fetch(request: &Request, options: &Options) -> Result<Response, HttpError> {
    let mut request = request.clone();
    if !options.ciphers.is_empty() {
        // Stock looks at them before it knows whether there will be TLS.
        Chosen::by(&options.ciphers)?;
    }
    let mut identity: Option<Identity> = None;
    let mut seen: Vec<String> = Vec::new();
    let mut challenges = Challenges::default();
    // The answer to a challenge goes along once: never where a redirect leads.
    let mut answer: Option<String> = None;
    loop {
        let address = Address::parse(&request.url)?;
        identity = identity.or_else(|| identity_of(&address, options));
        request.url = address.url();
        match address.scheme.as_str() {
            "http" | "https" => {}
            "file" => return from_file(&address),
            "ftp" => return Err(HttpError::Unbuilt("ftp".to_owned())),
            other => return Err(HttpError::UnknownScheme(other.to_owned())),
        }
        let mut sent = with_headers(&request, &address, options, identity.as_ref());
        if let Some(value) = answer.take() {
            sent.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
            sent.headers.push(("Authorization".to_owned(), value));
        }
        let mut response = send(&sent, &address, options)?;
        let status = response.status.unwrap_or_default();
        if status == 401 && identity.is_some() && !options.force_basic_auth {
            let asked = response.all_headers("www-authenticate");
            let target = percent::request_target(&address.target);
            let who = identity.as_ref().filter(|who| who.authority == address.authority);
            match challenges.answer(&asked, &sent, &target, who)? {
                Reply::Again(value) => {
                    answer = Some(value);
                    continue;
                }
                Reply::Silence => {}
                Reply::GivenUp => return Ok(response.given_up("digest auth failed")),
            }
        }
        let next = match response.header("location").filter(|_| redirect::is_redirect(status)) {
            Some(location) => redirect::next(&request, status, location, options),
            None => None,
        };
        let Some(next) = next else { return Ok(unpacked(response, &request.method, options)) };
        seen.push(next.url.clone());
        let repeats = seen.iter().filter(|url| **url == next.url).count();
        if seen.len() > redirect::MOST || repeats > redirect::REPEATS {
            response.reason = format!(
                "The HTTP server returned a redirect error that would lead to an infinite loop.\n\
                 The last 30x error message was:\n{}",
                response.reason
            );
            return Ok(unpacked(response, &request.method, options));
        }
        request = next;
    }
}

/// Who one is by the options, or by the URL: for its server alone.
fn identity_of(address: &Address, options: &Options) -> Option<Identity> {
    let (name, password) = match &options.user {
        Some(name) => (name, &options.password),
        None => (address.user.as_ref()?, &address.password),
    };
    Some(Identity {
        name: name.clone(),
        password: password.clone().unwrap_or_default(),
        authority: address.authority.clone(),
    })
}

/// The request with the headers that the options make; those of the task stand above them.
fn with_headers(
    request: &Request,
    address: &Address,
    options: &Options,
    identity: Option<&Identity>,
) -> Request {
    let mut sent = request.clone();
    let mut add = |name: &str, value: String| {
        if sent.header(name).is_none() {
            sent.headers.push((name.to_owned(), value));
        }
    };
    add("Accept-Encoding", "identity".to_owned());
    add("User-Agent", options.agent.clone());
    let netrc = || credentials::from_netrc(options.netrc.as_deref()?, address.host());
    match identity {
        Some(who) if options.force_basic_auth => {
            add("Authorization", credentials::basic(&who.name, &who.password));
        }
        None => {
            if let Some((name, password)) = netrc() {
                add("Authorization", credentials::basic(&name, &password));
            }
        }
        Some(_) => {}
    }
    if options.force {
        add("Cache-Control", "no-cache".to_owned());
    } else if let Some(date) = &request.modified_since {
        add("If-Modified-Since", date.clone());
    }
    if request.body.is_some() {
        add("Content-Type", "application/x-www-form-urlencoded".to_owned());
    }
    add("Connection", "close".to_owned());
    sent
}

fn send(request: &Request, address: &Address, options: &Options) -> Result<Response, HttpError> {
    if let Some(found) = address.target.chars().find(|c| *c <= ' ' || *c == '\u{7f}') {
        return Err(HttpError::Characters { target: address.target.clone(), found });
    }
    let agent = agent(address, options)?;
    let target = percent::request_target(&address.target);
    let url = format!("{}://{}{target}", address.scheme, address.authority);
    let mut built = http::Request::builder().method(request.method.as_str()).uri(url);
    for (name, value) in &request.headers {
        built = built.header(name.as_str(), value.as_bytes());
    }
    if let Some(authorization) = plain_proxy(address, options).and_then(|proxy| {
        Some(credentials::basic(proxy.user.as_deref()?, proxy.password.as_deref().unwrap_or("")))
    }) {
        built = built.header("Proxy-Authorization", authorization);
    }
    let other = |error: http::Error| HttpError::Other(error.to_string());
    let answer = match &request.body {
        Some(body) => agent.run(built.body(body).map_err(other)?)?,
        None => agent.run(built.body(()).map_err(other)?)?,
    };
    let (parts, body) = answer.into_parts();
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), value.as_bytes().iter().map(|b| char::from(*b)).collect())
        })
        .collect();
    Ok(Response {
        url: address.url(),
        status: Some(parts.status.as_u16()),
        reason: parts.status.canonical_reason().unwrap_or_default().to_owned(),
        headers,
        content: Content::There,
        body: Box::new(body.into_reader()),
    })
}

/// The proxy that gets whole URLs: that of plain HTTP.
fn plain_proxy(address: &Address, options: &Options) -> Option<Address> {
    if options.unix_socket.is_some() || address.scheme != "http" {
        return None;
    }
    let proxy = options.proxies.for_address(address)?;
    let proxy = if proxy.contains("://") { proxy.to_owned() } else { format!("http://{proxy}") };
    Address::parse(&proxy).ok()
}

fn agent(address: &Address, options: &Options) -> Result<Agent, HttpError> {
    let (mut place, mut addresses) = (Place::Host, Addresses::Looked);
    if let Some(path) = &options.unix_socket {
        (place, addresses) = (Place::Unix(path.clone()), Addresses::Unused);
    } else if let Some(proxy) = plain_proxy(address, options) {
        let found = super::addresses::look(proxy.host());
        let first = found
            .first()
            .ok_or_else(|| HttpError::Connect("[Errno -2] Name or service not known".to_owned()))?;
        let origin = format!("http://{}", address.authority);
        place = Place::Proxy { address: (*first, proxy.port()).into(), origin };
        addresses = Addresses::Unused;
    }
    let tunnel = match address.scheme.as_str() {
        "https" if options.unix_socket.is_none() => options.proxies.for_address(address),
        _ => None,
    };
    let proxy = tunnel
        .map(ureq::Proxy::new)
        .transpose()
        .map_err(|error| HttpError::Other(error.to_string()))?;
    let config = (address.scheme == "https").then(|| trust::config(options)).transpose()?;
    let settings = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .allow_non_standard_methods(true)
        .user_agent("")
        .accept("")
        .accept_encoding("")
        .proxy(proxy)
        .build();
    let sockets = Sockets { place, timeout: options.timeout };
    let connector =
        ().chain(ConnectProxyConnector::default()).chain(sockets).chain(Secure { config });
    Ok(Agent::with_parts(settings, connector, addresses))
}

fn unpacked(mut response: Response, method: &str, options: &Options) -> Response {
    let encoding = response.header("content-encoding").unwrap_or_default().to_ascii_lowercase();
    // What HEAD is answered with only says how content would be packed.
    let has_content = response.status != Some(304) && method != "HEAD";
    if options.decompress && has_content && matches!(encoding.as_str(), "gzip" | "x-gzip") {
        let packed = std::mem::replace(&mut response.body, Box::new(std::io::empty()));
        response.body = Box::new(flate2::read::MultiGzDecoder::new(packed));
    }
    response
}

/// `file:` URLs are files of whoever asks.
fn from_file(address: &Address) -> Result<Response, HttpError> {
    let path = file_path(address);
    let opened = std::fs::File::open(&path).and_then(|file| Ok((file.metadata()?.len(), file)));
    let (length, file) = opened.map_err(|error| {
        HttpError::Connect(crate::files::failure::errno_text(&error, Some(&path)))
    })?;
    let body: Box<dyn Read + Send> = Box::new(file);
    let headers = vec![("Content-Length".to_owned(), length.to_string())];
    let reason = "OK".to_owned();
    Ok(Response {
        url: address.url(),
        status: None,
        reason,
        headers,
        content: Content::There,
        body,
    })
}
