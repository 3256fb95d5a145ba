//! The arguments that modules which fetch have in common. Must not know any module.

use std::path::PathBuf;
use std::time::Duration;

use super::ciphers::Chosen;
use super::error::HttpError;
use super::options::{Options, Verification};
use super::proxies::Proxies;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result, tools};
use crate::spec::{Argument, Kind};

/// What is the same in `uri` and `get_url`.
pub const HTTP_ARGUMENTS: &[Argument] = &[
    Argument::list("ciphers", Kind::Str),
    Argument::path("client_cert"),
    Argument::path("client_key"),
    Argument::flag("decompress", true),
    Argument::flag("force", false),
    Argument::flag("force_basic_auth", false),
    Argument::text("http_agent").or_text("ansible-httpget"),
    Argument::list("unredirected_headers", Kind::Str).or(crate::spec::Default::Texts(&[])),
    Argument::text("url").required(),
    Argument::text("url_password").aliases(&["password"]).hidden(),
    Argument::flag("use_gssapi", false),
    Argument::flag("use_netrc", true),
    Argument::flag("use_proxy", true),
    Argument::flag("validate_certs", true),
];

/// The options that arguments ask for; policies of redirects and sockets are the module's own.
pub fn options_from(args: &Arguments, ctx: &Ctx) -> Result<Options> {
    if args.is("use_gssapi") {
        let python = tools::python().unwrap_or_default().to_string_lossy().into_owned();
        return Err(Failure::new(HttpError::no_gssapi(python).to_string()));
    }
    let ciphers: Vec<String> = args.texts("ciphers").into_iter().map(str::to_owned).collect();
    if let Some(missing) = Chosen::by(&ciphers).ok().and_then(|chosen| chosen.missing()) {
        ctx.warn(format!("nafal has no ciphers like {missing}: only TLS 1.3 is offered"));
    }
    let path = |name: &str| args.text(name).map(|path| ctx.resolve(path));
    let text = |name: &str| args.text(name).map(str::to_owned);
    let timeout = args.int("timeout").and_then(|seconds| u64::try_from(seconds).ok());
    Ok(Options {
        verification: verification(args),
        client_cert: path("client_cert"),
        client_key: path("client_key"),
        ciphers,
        timeout: Duration::from_secs(timeout.unwrap_or(10).max(1)),
        user: text("url_username"),
        password: text("url_password"),
        force_basic_auth: args.is("force_basic_auth"),
        netrc: args.is("use_netrc").then(|| netrc(ctx)),
        proxies: match args.is("use_proxy") {
            true => proxies(ctx),
            false => Proxies::default(),
        },
        decompress: args.is("decompress"),
        unredirected_headers: args
            .texts("unredirected_headers")
            .into_iter()
            .map(str::to_owned)
            .collect(),
        agent: args.required_text("http_agent").to_owned(),
        force: args.is("force"),
        ..Options::default()
    })
}

/// The options of a module that fetches in passing, and takes `validate_certs` alone.
pub fn plain_options(args: &Arguments, ctx: &Ctx) -> Options {
    Options {
        verification: verification(args),
        netrc: Some(netrc(ctx)),
        proxies: proxies(ctx),
        ..Options::default()
    }
}

fn verification(args: &Arguments) -> Verification {
    match args.is("validate_certs") {
        true => Verification::Required,
        false => Verification::Skipped,
    }
}

/// The netrc file of the task's user.
fn netrc(ctx: &Ctx) -> PathBuf {
    match ctx.env("NETRC") {
        Some(named) => PathBuf::from(named),
        None => PathBuf::from(ctx.expand_user("~/.netrc")),
    }
}

/// The proxies of the task's environment.
pub fn proxies(ctx: &Ctx) -> Proxies {
    Proxies::from_environment(|name| {
        ctx.env(name).map(|value| value.to_string_lossy().into_owned())
    })
}
