//! The lookup of a password that is made once and kept in a file.

use nafal_base::Value;

use super::terms::words;
use crate::arguments::{fail, text};
use crate::context::Context;
use crate::error::Error;
use crate::filters::generator;
use crate::password_hash::{Recipe, hash};
use crate::plugin::{Args, Lookup};
use crate::python_random::Random;
use std::path::{Path, PathBuf};

/// The lookup.
pub const LOOKUPS: &[Lookup] =
    &[Lookup { names: &["password"], doc: "a random password, kept in a file", run: password }];

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &str = "0123456789";
const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/// The characters of a set that Python's `string` module names; any other text is itself.
fn named_set(name: &str) -> &str {
    match name {
        "ascii_letters" => LETTERS,
        "ascii_lowercase" => &LETTERS[..26],
        "ascii_uppercase" => &LETTERS[26..],
        "digits" => DIGITS,
        "hexdigits" => "0123456789abcdefABCDEF",
        "octdigits" => "01234567",
        "punctuation" => PUNCTUATION,
        "whitespace" => " \t\n\r\u{b}\u{c}",
        other => other,
    }
}

/// What a password is made of.
struct Wish {
    path: String,
    length: usize,
    chars: Vec<String>,
    encrypt: Option<String>,
    ident: Option<String>,
    seed: Option<Value>,
}

/// `a,b` with `,,` for a comma.
fn char_sets(text: &str) -> Vec<String> {
    let mut sets: Vec<String> = text
        .replace(",,", ",\u{0},")
        .split(',')
        .map(|part| if part == "\u{0}" { ",".to_owned() } else { part.to_owned() })
        .filter(|part| !part.is_empty())
        .collect();
    if sets.is_empty() && !text.is_empty() {
        sets.push(",".to_owned());
    }
    sets
}

fn wish(term: &str, args: Args<'_>) -> Result<Wish, Error> {
    let split = words(term);
    let term = term.trim_start();
    let path = term.split(' ').next().unwrap_or(term).to_owned();
    // By name, what isn't known does nothing; in the term it is an error.
    let known = |name: &str| ["length", "chars", "encrypt", "ident", "seed"].contains(&name);
    let mut options: Vec<(String, Value)> = args
        .named
        .iter()
        .filter(|(name, _)| known(name))
        .map(|(name, value)| (name.to_string(), value.clone()))
        .collect();
    options.extend(split.pairs.into_iter().map(|(name, value)| (name, Value::from(value))));
    let mut wish = Wish {
        path,
        length: 20,
        chars: ["ascii_letters", "digits", ".,:-_"].map(str::to_owned).to_vec(),
        encrypt: None,
        ident: None,
        seed: None,
    };
    for (name, value) in options {
        let optional = |value: &Value| (!value.is_none()).then(|| value.to_text().into_owned());
        match name.as_str() {
            "length" => wish.length = length(&value)?,
            "chars" => {
                wish.chars = match &value {
                    Value::List(items) => {
                        items.iter().map(|item| item.to_text().into_owned()).collect()
                    }
                    value => char_sets(&text(value)?),
                };
            }
            "encrypt" => wish.encrypt = optional(&value).filter(|name| !name.is_empty()),
            "ident" => wish.ident = optional(&value),
            "seed" => wish.seed = (!value.is_none()).then_some(value),
            other => {
                return fail(format!(
                    "Unrecognized parameter(s) given to password lookup: {other}"
                ));
            }
        }
    }
    Ok(wish)
}

fn length(value: &Value) -> Result<usize, Error> {
    let parsed = match value {
        Value::Str(text) => text.trim().parse().ok(),
        value => value.as_int().and_then(|number| usize::try_from(number).ok()),
    };
    parsed.ok_or_else(|| {
        Error::new(format!(
            "Config 'length' for 'password' lookup plugin from 'Direct' has an invalid value: \
             Invalid value provided for 'integer': {}",
            value.repr()
        ))
    })
}

fn make(random: &mut Random, wish: &Wish) -> String {
    let alphabet: Vec<char> = wish
        .chars
        .iter()
        .flat_map(|set| named_set(set).chars())
        .filter(|c| !matches!(c, '"' | '\''))
        .collect();
    (0..wish.length).filter_map(|_| alphabet.get(random.choose(alphabet.len()))).collect()
}

fn make_salt(random: &mut Random, length: usize) -> String {
    let alphabet: Vec<char> = LETTERS.chars().chain(DIGITS.chars()).chain("./".chars()).collect();
    (0..length).filter_map(|_| alphabet.get(random.choose(alphabet.len()))).collect()
}

/// What a file of this lookup holds: the password, and what hashes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Kept {
    password: String,
    salt: Option<String>,
    ident: Option<String>,
}

fn read_kept(content: &str) -> Kept {
    let content = content.trim_end_matches(['\n', '\r']);
    let (before, ident) = match content.rsplit_once(" ident=") {
        Some((before, ident)) => (before, Some(ident.to_owned())),
        None => (content, None),
    };
    match before.rsplit_once(" salt=") {
        Some((password, salt)) => {
            Kept { password: password.to_owned(), salt: Some(salt.to_owned()), ident }
        }
        None => Kept { password: content.to_owned(), salt: None, ident: None },
    }
}

impl Kept {
    fn to_line(&self) -> String {
        let mut line = self.password.clone();
        if let Some(salt) = &self.salt {
            line.push_str(" salt=");
            line.push_str(salt);
        }
        if let Some(ident) = &self.ident {
            line.push_str(" ident=");
            line.push_str(ident);
        }
        line + "\n"
    }
}

fn place(ctx: &Context<'_>, path: &str) -> PathBuf {
    let path = crate::filters::expand_user(ctx.effects(), path);
    match ctx.search_path().last() {
        Some(folder) if !path.starts_with('/') => folder.join(path),
        _ => PathBuf::from(path),
    }
}

fn password(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let mut found = Vec::new();
    for term in args.positional {
        let wish = wish(&text(term)?, args)?;
        let path = place(ctx, &wish.path);
        let known = read_file(ctx, &path)?;
        let mut kept = known.clone().unwrap_or_default();
        let mut random = generator(ctx, wish.seed.as_ref())?;
        if known.is_none() {
            if wish.chars.iter().all(String::is_empty) && wish.length > 0 {
                return fail("Cannot choose from an empty sequence");
            }
            kept.password = make(&mut random, &wish);
        }
        let mut shown = kept.password.clone();
        if let Some(encrypt) = &wish.encrypt {
            let length = if encrypt == "bcrypt" { 22 } else { 16 };
            let length = if encrypt == "md5_crypt" { 8 } else { length };
            let salt = match &kept.salt {
                Some(salt) => salt.clone(),
                None => make_salt(&mut generator(ctx, None)?, length),
            };
            kept.salt = Some(salt.clone());
            kept.ident = wish.ident.clone().or(kept.ident);
            let recipe = Recipe {
                algorithm: encrypt,
                salt: Some(&salt),
                rounds: None,
                ident: kept.ident.as_deref(),
            };
            shown = hash(&kept.password, &recipe, ctx.effects()).map_err(Error::new)?;
        }
        if known.as_ref() != Some(&kept) && path != Path::new("/dev/null") {
            ctx.effects()
                .write(&path, kept.to_line().as_bytes(), 0o600)
                .map_err(|why| Error::new(why.to_string()))?;
        }
        found.push(Value::Str(nafal_base::Text::new(shown)));
    }
    Ok(found)
}

fn read_file(ctx: &Context<'_>, path: &Path) -> Result<Option<Kept>, Error> {
    if path == Path::new("/dev/null") || !ctx.effects().exists(path) {
        return Ok(None);
    }
    let bytes = ctx.effects().read(path).map_err(|why| Error::new(why.to_string()))?;
    Ok(Some(read_kept(&String::from_utf8_lossy(&bytes))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seeded(chars: &[&str]) -> String {
        let wish = Wish {
            path: String::new(),
            length: 8,
            chars: chars.iter().map(|set| (*set).to_owned()).collect(),
            encrypt: None,
            ident: None,
            seed: None,
        };
        make(&mut Random::from_text("x"), &wish)
    }

    #[test]
    fn same_as_stock() {
        assert_eq!(seeded(&["ascii_letters", "digits", ".,:-_"]), "O9iX65Wv");
        assert_eq!(seeded(&["digits"]), "59971697");
        assert_eq!(seeded(&["abc"]), "cbccbabc");
        let line = "pw salt=abc ident=2b\n";
        assert_eq!(read_kept(line).to_line(), line);
        assert_eq!(read_kept("pw\n").salt, None);
        assert_eq!(char_sets("digits,,,x"), ["digits", ",", "x"]);
    }
}
