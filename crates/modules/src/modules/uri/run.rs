//! Asking, and telling what came back. Must not know how bodies are made.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use nafal_base::charset::Charset;
use nafal_base::{Dict, Outcome, Value};

use super::body::{self, Kind as ContentKind};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{
    Content, Differences, FILE_ARGUMENTS, Failure, Options, Result, Wanted, paths, write,
};
use crate::http::{self, Follow, HTTP_ARGUMENTS, HttpError, Request, Response};
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        shared: FILE_ARGUMENTS,
        mutually_exclusive: &[&["body", "src"]],
        ..Spec::new("uri", ARGUMENTS)
    },
    run,
};

const ARGUMENTS: &[Argument] = &{
    let own = [
        Argument::new("body", Kind::Raw),
        Argument::text("body_format").or_text("raw").choices(&[
            "form-urlencoded",
            "json",
            "raw",
            "form-multipart",
        ]),
        Argument::path("ca_path"),
        Argument::path("creates"),
        Argument::path("dest"),
        Argument::text("follow_redirects")
            .or_text("safe")
            .choices(&["all", "no", "none", "safe", "urllib2", "yes"]),
        Argument::new("headers", Kind::Dict).or(crate::spec::Default::EmptyDict),
        Argument::text("method").or_text("GET"),
        Argument::flag("remote_src", false),
        Argument::path("removes"),
        Argument::flag("return_content", false),
        Argument::path("src"),
        Argument::list("status_code", Kind::Int).or(crate::spec::Default::Texts(&["200"])),
        Argument::new("timeout", Kind::Int).or(crate::spec::Default::Int(30)),
        Argument::path("unix_socket"),
        Argument::text("url_username").aliases(&["user"]),
    ];
    join(own)
};

/// The arguments of this module and of all that fetch.
const fn join(own: [Argument; 16]) -> [Argument; 16 + HTTP_ARGUMENTS.len()] {
    let mut all = [own[0]; 16 + HTTP_ARGUMENTS.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < 16 { own[at] } else { HTTP_ARGUMENTS[at - 16] };
        at += 1;
    }
    all
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    if ctx.is_check() {
        let message = "This action (uri) does not support check mode.";
        return Ok(Outcome::skipped().with("msg", message));
    }
    let method = args.required_text("method").to_uppercase();
    if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(Failure::new(
            "Parameter 'method' needs to be a single word in uppercase, like GET or POST.",
        ));
    }
    if matches!(args.text("follow_redirects"), Some("yes" | "no")) {
        let message = "Using 'yes' or 'no' for 'follow_redirects' parameter is deprecated.";
        ctx.deprecate(message, Some("2.22"));
    }
    for (name, is_wanted, why) in
        [("creates", true, "exists"), ("removes", false, "does not exist")]
    {
        if let Some(path) = args.text(name)
            && ctx.resolve(path).exists() == is_wanted
        {
            let message = format!("skipped, since '{path}' {why}");
            return Ok(Outcome::ok().with("stdout", message));
        }
    }
    let begun = Instant::now();
    let asked = ask(args, ctx, method)?;
    let elapsed = i64::try_from(begun.elapsed().as_secs()).unwrap_or_default();
    match asked {
        Ok(response) => Answer { args, ctx, elapsed, response }.tell(),
        Err(error) if error.is_of_value() => {
            let url = args.required_text("url");
            Err(Failure::new(error.to_string()).with("status", -1).with("url", url))
        }
        Err(error) => {
            let mut outcome = Outcome::ok();
            if args.is("return_content") {
                outcome = outcome.with("content", "");
            }
            let outcome = outcome
                .with("elapsed", elapsed)
                .with("redirected", false)
                .with("status", -1)
                .with("url", args.required_text("url"));
            Ok(judged(args, -1, error.to_string(), outcome))
        }
    }
}

fn ask(args: &Arguments, ctx: &Ctx, method: String) -> Result<Result<Response, HttpError>> {
    let mut options = http::options_from(args, ctx)?;
    options.follow = Follow::named(args.required_text("follow_redirects")).unwrap_or(Follow::Safe);
    options.ca_path = args.text("ca_path").map(|path| ctx.resolve(path));
    options.unix_socket = args.text("unix_socket").map(|path| ctx.resolve(path));
    let sent = match body::from_arguments(args, ctx)? {
        Ok(sent) => sent,
        Err(why) => return Ok(Err(HttpError::Other(why))),
    };
    let mut request = Request::get(args.required_text("url"));
    request.method = method;
    request.body = sent.bytes;
    request.headers = headers(args.dict("headers"));
    match sent.kind {
        Some(ContentKind::Default(kind)) if request.header("content-type").is_none() => {
            request.headers.push(("Content-Type".to_owned(), kind.to_owned()));
        }
        Some(ContentKind::Fixed(kind)) => {
            request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
            request.headers.push(("Content-Type".to_owned(), kind));
        }
        _ => {}
    }
    if let Some(dest) = args.text("dest") {
        request.modified_since = modified(&ctx.resolve(dest));
    }
    Ok(http::fetch(&request, &options))
}

/// Headers as a task gives them.
pub fn headers(given: Option<&Dict>) -> Vec<(String, String)> {
    let pairs = given.into_iter().flat_map(Dict::iter);
    pairs
        .filter(|(_, value)| !value.is_none())
        .map(|(name, value)| (name.value().to_text().into_owned(), value.to_text().into_owned()))
        .collect()
}

/// When a file was changed, as HTTP writes dates; None when there is no file.
pub fn modified(path: &Path) -> Option<String> {
    let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let time = jiff::Timestamp::try_from(metadata.modified().ok()?).ok()?;
    Some(time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

/// The outcome by whether the code is among those that are wanted.
fn judged(args: &Arguments, status: i64, message: String, mut outcome: Outcome) -> Outcome {
    let wanted = args.list("status_code");
    if wanted.iter().any(|code| code.as_int() == Some(status)) {
        return outcome.with("msg", message);
    }
    let wanted: Vec<String> = wanted.iter().map(Value::repr).collect();
    let message = format!("Status code was {status} and not [{}]: {message}", wanted.join(", "));
    outcome.status = nafal_base::Status::Failed;
    outcome.with("msg", message)
}

struct Answer<'a> {
    args: &'a Arguments,
    ctx: &'a Ctx,
    elapsed: i64,
    response: Response,
}

impl Answer<'_> {
    fn tell(mut self) -> Result<Outcome> {
        let status = self.response.status.map(i64::from);
        let code = status.unwrap_or(200);
        let is_wanted =
            self.args.list("status_code").iter().any(|wanted| wanted.as_int() == Some(code));
        let content = self.response.read().map_err(|error| {
            Failure::new(format!("failed to read the answer: {error}"))
                .with("elapsed", self.elapsed)
        })?;
        let mut outcome = Outcome::ok();
        for (name, value) in self.response.told_headers() {
            let value = match name.as_str() {
                "location" => http::join(self.args.required_text("url"), &value),
                _ => value,
            };
            outcome.values.insert(name.replace('-', "_"), value.into());
        }
        // Stock forgets where a refusal came from (module-uri-digest).
        let asked = self.args.required_text("url");
        let url = if self.response.is_error() { asked } else { &self.response.url };
        let is_redirected = url != asked;
        outcome = outcome
            .with("elapsed", self.elapsed)
            .with("redirected", is_redirected)
            .with("status", status.map_or(Value::None, Value::Int))
            .with("url", url);
        if !self.response.is_error() {
            outcome = self.with_cookies(outcome);
        }
        if self.response.is_error() && is_wanted && !self.args.is("return_content") {
            outcome = outcome.with("body", self.text(&content));
        }
        if let Some(dest) = self.args.text("dest") {
            let saved = is_wanted.then_some(&content[..]).filter(|_| code != 304);
            outcome = self.save(dest, saved, outcome)?;
            if outcome.is_failed() {
                return Ok(outcome);
            }
        } else {
            outcome = self.with_content(&content, outcome);
        }
        Ok(judged(self.args, code, self.response.message(), outcome))
    }

    fn with_cookies(&self, outcome: Outcome) -> Outcome {
        let cookies = self.response.cookies();
        let pairs: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies: Dict =
            cookies.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
        outcome.with("cookies", cookies).with("cookies_string", pairs.join("; "))
    }

    fn with_content(&self, content: &[u8], mut outcome: Outcome) -> Outcome {
        let text = self.text(content);
        if !self.response.is_error() && self.is_json() {
            // What says that it is JSON and isn't is just content.
            if let Ok(value) = serde_json::from_str::<Value>(&text) {
                outcome = outcome.with("json", value);
            }
        }
        match self.args.is("return_content") {
            true if self.response.content == http::Content::Gone => {
                outcome.with("content", Value::None)
            }
            true => outcome.with("content", text),
            false => outcome,
        }
    }

    fn is_json(&self) -> bool {
        let kind = self.response.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let sub = kind.split_once('/').map_or("", |(_, sub)| sub);
        let sub = sub.rsplit('+').next().unwrap_or_default();
        matches!(sub, "json" | "javascript")
    }

    fn text(&self, content: &[u8]) -> String {
        let name = self.response.charset().unwrap_or("utf-8");
        let charset = Charset::named(name).unwrap_or_else(|_| {
            self.ctx.warn(format!("the encoding {name} isn't known, UTF-8 was assumed"));
            Charset::Utf8
        });
        charset.decode_lossy(content)
    }

    /// Content goes to `dest`, or to a file in it when that is a folder.
    fn save(&self, dest: &str, content: Option<&[u8]>, outcome: Outcome) -> Result<Outcome> {
        let mut dest = dest.to_owned();
        if self.ctx.resolve(&dest).is_dir() {
            let from_url = url_name(&self.response.url);
            dest = paths::join(&dest, self.response.file_name().unwrap_or(&from_url));
        }
        let outcome = outcome.with("path", dest.as_str());
        let Some(content) = content else { return Ok(outcome) };
        let real: PathBuf = paths::real_path(&self.ctx.resolve(&dest));
        let wanted = Wanted::from_arguments(self.args);
        let options = Options {
            ceiling: wanted.ceiling(self.ctx.umask()),
            ..self.ctx.write_options(self.args)
        };
        if let Err(error) = write(&real, Content::Bytes(content), &options) {
            let message = format!("failed to copy to {dest}: {error}");
            let mut failed = outcome.with("msg", message);
            failed.values.remove("path");
            failed.status = nafal_base::Status::Failed;
            return Ok(failed);
        }
        wanted.apply(self.ctx.subject(&real), &mut Differences::default())?;
        Ok(outcome.changed_if(true))
    }
}

/// The name of the file that a URL is of.
pub fn url_name(url: &str) -> String {
    let path = http::Address::parse(url).map(|address| address.path().to_owned());
    let path = path.unwrap_or_default();
    match paths::name_of(&path) {
        "" => "index.html".to_owned(),
        name => name.to_owned(),
    }
}
