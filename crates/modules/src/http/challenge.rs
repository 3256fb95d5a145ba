//! What a server that asks who one is gets for an answer: Basic, or a digest, as Python's urllib gives
//! them. Must not know connections.

use md5::Digest as _;

use super::credentials;
use super::error::HttpError;
use super::options::Request;

/// The most answers to one request, as Python has it.
const MOST: u32 = 6;

/// Somebody, and the server that may ask who it is: no other one gets to know.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The user.
    pub name: String,
    /// The user's password.
    pub password: String,
    /// The server's host and port.
    pub authority: String,
}

/// What comes after a challenge.
#[derive(Debug, PartialEq, Eq)]
pub enum Reply {
    /// The request once more, with this as `Authorization`.
    Again(String),
    /// Nothing: the refusal is the answer.
    Silence,
    /// Nothing any more.
    GivenUp,
}

/// What was answered to one request so far.
#[derive(Debug, Default)]
pub struct Challenges {
    answered: u32,
    nonce: String,
    uses: u32,
}

impl Challenges {
    /// Answers a server's challenges: the header `WWW-Authenticate`, as often as it came.
    pub fn answer(
        &mut self,
        challenges: &[&str],
        request: &Request,
        target: &str,
        identity: Option<&Identity>,
    ) -> Result<Reply, HttpError> {
        if self.answered >= MOST {
            return Ok(Reply::GivenUp);
        }
        self.answered += 1;
        let Some(first) = challenges.first() else { return Ok(Reply::Silence) };
        let (scheme, fields) = first.split_once(' ').unwrap_or((first, ""));
        match scheme.to_ascii_lowercase().as_str() {
            "digest" => {
                if let Some(identity) = identity
                    && let Some(value) = self.digest(fields, request, target, identity)?
                {
                    return Ok(Reply::Again(value));
                }
            }
            "basic" => {}
            _ => return Err(unsupported("Digest", scheme)),
        }
        basic(challenges, request, identity)
    }

    fn digest(
        &mut self,
        fields: &str,
        request: &Request,
        target: &str,
        identity: &Identity,
    ) -> Result<Option<String>, HttpError> {
        let fields = fields_of(fields);
        let field = |name: &str| {
            fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
        };
        let (Some(realm), Some(nonce)) = (field("realm"), field("nonce")) else { return Ok(None) };
        let algorithm = field("algorithm").unwrap_or("MD5");
        let hash: fn(&str) -> String = match algorithm {
            "MD5" => |text| hex::encode(md5::Md5::digest(text)),
            "SHA" => |text| hex::encode(sha1::Sha1::digest(text)),
            // Known to urllib since Python 3.14.
            "SHA-256" => |text| hex::encode(sha2::Sha256::digest(text)),
            other => {
                let other = nafal_base::value::string_repr(other);
                let message = format!("Unsupported digest authentication algorithm {other}");
                return Err(HttpError::Value(message));
            }
        };
        let Identity { name, password, .. } = identity;
        let secret = hash(&format!("{name}:{realm}:{password}"));
        let asked = hash(&format!("{}:{target}", request.method));
        let (middle, tail) = match field("qop") {
            None => (nonce.to_owned(), String::new()),
            Some(offered) if offered.split(',').any(|one| one == "auth") => {
                let (count, random) = self.use_of(nonce)?;
                let middle = format!("{nonce}:{count}:{random}:auth");
                (middle, format!(", qop=auth, nc={count}, cnonce=\"{random}\""))
            }
            Some(offered) => {
                let offered = nafal_base::value::string_repr(offered);
                return Err(HttpError::Connect(format!("qop {offered} is not supported.")));
            }
        };
        let response = hash(&format!("{secret}:{middle}:{asked}"));
        let opaque = field("opaque").map(|text| format!(", opaque=\"{text}\"")).unwrap_or_default();
        Ok(Some(format!(
            "Digest username=\"{name}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{target}\", \
             response=\"{response}\"{opaque}, algorithm=\"{algorithm}\"{tail}"
        )))
    }

    /// How often this nonce was used, and a number of our own.
    fn use_of(&mut self, nonce: &str) -> Result<(String, String), HttpError> {
        if self.nonce != nonce {
            nonce.clone_into(&mut self.nonce);
            self.uses = 0;
        }
        self.uses += 1;
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|error| HttpError::Other(error.to_string()))?;
        Ok((format!("{:08x}", self.uses), hex::encode(random)))
    }
}

/// Basic authentication, when one of the challenges takes it.
fn basic(
    challenges: &[&str],
    request: &Request,
    identity: Option<&Identity>,
) -> Result<Reply, HttpError> {
    let mut other = None;
    for challenge in challenges {
        for (scheme, has_realm) in schemes_of(challenge) {
            if !scheme.eq_ignore_ascii_case("basic") {
                other = Some(scheme);
            } else if has_realm {
                let value = identity.map(|who| credentials::basic(&who.name, &who.password));
                let is_new = |value: &String| request.header("authorization") != Some(value);
                return Ok(value.filter(is_new).map_or(Reply::Silence, Reply::Again));
            }
        }
    }
    match other {
        Some(scheme) => Err(unsupported("Basic", scheme)),
        None => Ok(Reply::Silence),
    }
}

fn unsupported(handler: &str, scheme: &str) -> HttpError {
    let scheme = nafal_base::value::string_repr(scheme);
    let class = format!("Abstract{handler}AuthHandler");
    HttpError::Value(format!("{class} does not support the following scheme: {scheme}"))
}

/// The schemes of one header, and whether they have a realm; when none has, the first word.
fn schemes_of(challenge: &str) -> Vec<(&str, bool)> {
    let with_realm = challenge.split(',').filter_map(|part| {
        let (scheme, rest) = part.trim().split_once([' ', '\t'])?;
        rest.trim_start().starts_with("realm=").then_some((scheme, true))
    });
    let found: Vec<(&str, bool)> = with_realm.collect();
    match found.is_empty() {
        true => vec![(challenge.split_whitespace().next().unwrap_or_default(), false)],
        false => found,
    }
}

/// `a="b, c", d=e` as names and values.
fn fields_of(text: &str) -> Vec<(String, String)> {
    let mut fields = vec![String::new()];
    let (mut is_quoted, mut is_escaped) = (false, false);
    for c in text.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => {
                is_escaped = true;
                continue;
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => {
                fields.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(field) = fields.last_mut() {
            field.push(c);
        }
    }
    let unquoted = |value: &str| {
        let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        inner.unwrap_or(value).to_owned()
    };
    let pairs = fields.iter().filter_map(|field| field.trim().split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), unquoted(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(challenges: &[&str], request: &Request) -> Result<Reply, String> {
        let identity = Identity {
            name: "Mufasa".to_owned(),
            password: "Circle Of Life".to_owned(),
            authority: String::new(),
        };
        let mut answered = Challenges::default();
        let reply = answered.answer(challenges, request, "/dir/index.html", Some(&identity));
        reply.map_err(|error| error.to_string())
    }

    #[test]
    fn the_digest_of_the_standard() {
        // RFC 2617's example, without qop (RFC 2069's way).
        let challenge =
            "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"";
        let Ok(Reply::Again(value)) = reply(&[challenge], &Request::get("http://h/")) else {
            panic!("an answer");
        };
        assert!(value.contains("response=\"670fd8c2df070c60b045671b8b24ff02\""), "{value}");
        assert!(value.ends_with(", algorithm=\"MD5\""), "{value}");
    }

    #[test]
    fn others() {
        let request = Request::get("http://h/");
        let error = reply(&["Negotiate"], &request).unwrap_err();
        assert!(error.contains("AbstractDigestAuthHandler") && error.ends_with("'Negotiate'"));
        let error = reply(&["Digest realm=x"], &request).unwrap_err();
        assert!(error.contains("AbstractBasicAuthHandler") && error.ends_with("'Digest'"));
        assert_eq!(reply(&["Basic"], &request), Ok(Reply::Silence));
        assert_eq!(reply(&[], &request), Ok(Reply::Silence));
        let both = reply(&["Basic realm=x", "Digest realm=x, nonce=y"], &request);
        assert!(matches!(both, Ok(Reply::Again(value)) if value.starts_with("Basic ")));
        let error = reply(&["digest realm=x, nonce=y, qop=\"auth-int\""], &request).unwrap_err();
        assert!(error.ends_with("qop 'auth-int' is not supported.>"), "{error}");
    }

    #[test]
    fn fields() {
        let fields = fields_of(r#"a="b, \"c", d=e, , f"#);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(fields, [pair("a", "b, \"c"), pair("d", "e")]);
    }
}
