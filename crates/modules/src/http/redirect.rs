//! What comes after a redirect. Must not know connections.

use super::options::{Follow, Options, Request};
use super::url;

/// The most redirects in a row, as Python has it.
pub const MOST: usize = 10;

/// The most visits of one URL, as Python has it.
pub const REPEATS: usize = 4;

/// Whether this code is a redirect.
pub fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// The request that follows a redirect to `location`; None when the policy doesn't allow it.
pub fn next(request: &Request, status: u16, location: &str, options: &Options) -> Option<Request> {
    let is_safe = matches!(request.method.as_str(), "GET" | "HEAD");
    let is_kept = matches!(status, 307 | 308);
    let followed = match options.follow {
        Follow::Nothing => false,
        Follow::Safe => is_safe,
        Follow::All => true,
        Follow::Urllib => is_safe || (request.method == "POST" && !is_kept),
    };
    if !followed {
        return None;
    }
    let url = url::join(&request.url, &location.replace(' ', "%20"));
    let mut next = Request { url, ..request.clone() };
    if options.follow == Follow::Urllib {
        next.method = "GET".to_owned();
        next.body = None;
    } else if !is_kept {
        next.body = None;
        let becomes_get = match status {
            302 | 303 => request.method != "HEAD",
            _ => request.method == "POST",
        };
        if becomes_get {
            next.method = "GET".to_owned();
        }
    }
    let drops_content = next.body.is_none() && (!is_kept || options.follow == Follow::Urllib);
    let is_of_content = |name: &str| {
        ["content-length", "content-type", "transfer-encoding"]
            .iter()
            .any(|other| other.eq_ignore_ascii_case(name))
    };
    let stays = |name: &str| {
        options.unredirected_headers.iter().any(|other| other.eq_ignore_ascii_case(name))
    };
    next.headers.retain(|(name, _)| !(stays(name) || (drops_content && is_of_content(name))));
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method(follow: Follow, method: &str, status: u16) -> Option<String> {
        let request = Request { method: method.to_owned(), ..Request::get("http://h/a") };
        let options = Options { follow, ..Options::default() };
        next(&request, status, "/b", &options).map(|next| next.method)
    }

    #[test]
    fn policies() {
        assert_eq!(method(Follow::Nothing, "GET", 302), None);
        assert_eq!(method(Follow::Safe, "POST", 302), None);
        assert_eq!(method(Follow::Safe, "HEAD", 302).as_deref(), Some("HEAD"));
        assert_eq!(method(Follow::All, "PUT", 302).as_deref(), Some("GET"));
        assert_eq!(method(Follow::All, "PUT", 301).as_deref(), Some("PUT"));
        assert_eq!(method(Follow::All, "POST", 307).as_deref(), Some("POST"));
        assert_eq!(method(Follow::Urllib, "HEAD", 302).as_deref(), Some("GET"));
        assert_eq!(method(Follow::Urllib, "POST", 307), None);
    }
}
