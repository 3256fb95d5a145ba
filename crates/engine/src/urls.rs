//! What URLs answer, for the lookup `url`: the modules' client. Must not know templates.

use std::path::PathBuf;
use std::time::Duration;

use nafal_modules::http::{self, Follow, HttpError, Options, Proxies, Request, Verification};
use nafal_templating::{NoAnswer, UrlRequest};

/// Asks, and reads the answer.
pub(crate) fn fetch(asked: &UrlRequest) -> Result<Vec<u8>, NoAnswer> {
    if asked.use_gssapi {
        return Err(no_answer(HttpError::no_gssapi(nafal_plugins::playbook_python())));
    }
    let request = Request { headers: asked.headers.clone(), ..Request::get(&asked.url) };
    let mut response = http::fetch(&request, &options(asked)).map_err(no_answer)?;
    if response.is_error() {
        return Err(NoAnswer::Refused(response.message()));
    }
    response.read().map_err(|error| NoAnswer::Other(error.to_string()))
}

fn options(asked: &UrlRequest) -> Options {
    let variable = |name: &str| std::env::var(name).ok();
    let home = variable("HOME").map(PathBuf::from);
    Options {
        follow: Follow::named(&asked.follow_redirects).unwrap_or_default(),
        verification: match asked.validate_certs {
            true => Verification::Required,
            false => Verification::Skipped,
        },
        ca_path: asked.ca_path.as_ref().map(PathBuf::from),
        timeout: Duration::from_secs_f64(asked.timeout),
        user: asked.username.clone(),
        password: asked.password.clone(),
        force_basic_auth: asked.force_basic_auth,
        netrc: home.filter(|_| asked.use_netrc).map(|home| home.join(".netrc")),
        proxies: match asked.use_proxy {
            true => Proxies::from_environment(variable),
            false => Proxies::default(),
        },
        ciphers: asked.ciphers.clone(),
        unix_socket: asked.unix_socket.as_ref().map(PathBuf::from),
        unredirected_headers: asked.unredirected_headers.clone(),
        agent: asked.agent.clone(),
        force: asked.force,
        ..Options::default()
    }
}

fn no_answer(error: HttpError) -> NoAnswer {
    let words = error.words();
    match (&error, words.strip_prefix("Request failed: ")) {
        (_, Some(why)) => NoAnswer::Unreachable(why.to_owned()),
        _ => NoAnswer::Other(words),
    }
}
