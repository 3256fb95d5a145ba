//! The lookup of what URLs answer.

use nafal_base::{Text, Value};

use super::config;
use super::terms::{bool_option, invalid, not_a_choice, option, text_option};
use crate::arguments::text;
use crate::context::Context;
use crate::effects::{NoAnswer, PluginOption, UrlRequest};
use crate::error::Error;
use crate::plugin::{Args, Lookup};
use crate::python_text;

/// The lookups.
pub const LOOKUPS: &[Lookup] =
    &[Lookup { names: &["url"], doc: "what URLs answer, line by line", run: url }];

const NAMES: &[&str] = &[
    "ca_path",
    "ciphers",
    "follow_redirects",
    "force",
    "force_basic_auth",
    "headers",
    "http_agent",
    "password",
    "split_lines",
    "timeout",
    "unix_socket",
    "unredirected_headers",
    "use_gssapi",
    "use_netrc",
    "use_proxy",
    "username",
    "validate_certs",
];

fn url(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    for (name, _) in args.named {
        if !NAMES.contains(&name.as_str()) {
            ctx.effects().warn(&format!("The lookup url has no option {name}."));
        }
    }
    let settled = settled(ctx, args)?;
    let args = Args { named: &settled, positional: args.positional };
    let mut request = asked(args)?;
    let mut found = Vec::new();
    for term in args.positional {
        request.url = text(term)?.into_owned();
        let body = ctx.effects().fetch(&request).map_err(|why| failure(&request.url, why))?;
        let body = String::from_utf8_lossy(&body).into_owned();
        if bool_option(args, "split_lines", true) {
            found.extend(python_text::lines(&body).into_iter().map(Value::from));
        } else {
            found.push(body.into());
        }
    }
    Ok(found)
}

/// The options as they are given, with what variables, the environment and the file say of the others.
fn settled(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<(Text, Value)>, Error> {
    let mut all = args.named.to_vec();
    for &name in NAMES {
        if option(args, name).is_some() {
            continue;
        }
        let asked = PluginOption { kind: "lookup", plugin: "url", name };
        if let Some(value) = config::said(ctx, &asked)? {
            all.push((name.into(), value));
        }
    }
    Ok(all)
}

fn failure(url: &str, why: NoAnswer) -> Error {
    match why {
        NoAnswer::Refused(why) => Error::new(format!("Received HTTP error for {url}: {why}")),
        NoAnswer::Unreachable(why) => {
            let what =
                Error::new(format!("Failed lookup url for {url}")).caused_by(Error::new(why));
            Error::new("The lookup plugin 'url' failed.").caused_by(what)
        }
        NoAnswer::Other(why) => Error::new(why),
    }
}

fn asked(args: Args<'_>) -> Result<UrlRequest, Error> {
    let text_of =
        |name| text_option(args, name, "").map(|text| Some(text).filter(|t| !t.is_empty()));
    let follow = text_option(args, "follow_redirects", "urllib2")?;
    if !["all", "no", "none", "safe", "urllib2", "yes"].contains(&follow.as_str()) {
        return Err(not_a_choice("url", "follow_redirects", &follow));
    }
    Ok(UrlRequest {
        url: String::new(),
        headers: headers(option(args, "headers"))?,
        username: text_of("username")?,
        password: text_of("password")?,
        force_basic_auth: bool_option(args, "force_basic_auth", false),
        validate_certs: bool_option(args, "validate_certs", true),
        use_proxy: bool_option(args, "use_proxy", true),
        use_netrc: bool_option(args, "use_netrc", true),
        force: bool_option(args, "force", false),
        follow_redirects: follow,
        agent: text_option(args, "http_agent", "ansible-httpget")?,
        timeout: timeout(option(args, "timeout"))?,
        ca_path: text_of("ca_path")?,
        unix_socket: text_of("unix_socket")?,
        unredirected_headers: list(args, "unredirected_headers")?,
        ciphers: list(args, "ciphers")?,
        use_gssapi: bool_option(args, "use_gssapi", false),
    })
}

fn list(args: Args<'_>, name: &str) -> Result<Vec<String>, Error> {
    match option(args, name) {
        None | Some(Value::None) => Ok(Vec::new()),
        Some(Value::List(items)) => {
            Ok(items.iter().map(|item| item.to_text().into_owned()).collect())
        }
        Some(Value::Str(text)) => Ok(text.split(',').map(|name| name.trim().to_owned()).collect()),
        Some(other) => Err(invalid("url", name, "list", other)),
    }
}

fn headers(value: Option<&Value>) -> Result<Vec<(String, String)>, Error> {
    match value {
        None | Some(Value::None) => Ok(Vec::new()),
        Some(Value::Dict(dict)) => dict
            .iter()
            .map(|(name, value)| Ok((text(name.value())?.into_owned(), text(value)?.into_owned())))
            .collect(),
        Some(other) => Err(invalid("url", "headers", "dictionary", other)),
    }
}

fn timeout(value: Option<&Value>) -> Result<f64, Error> {
    match value {
        None | Some(Value::None) => Ok(10.0),
        Some(value) => {
            let number = crate::filters::real(value).ok();
            number
                .or_else(|| value.as_str()?.trim().parse().ok())
                .filter(|number| number.is_finite() && *number > 0.0)
                .ok_or_else(|| invalid("url", "timeout", "float", value))
        }
    }
}
