//! Filters between text and its encodings, digests and identities.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use md5::Md5;
use nafal_base::Value;
use nafal_base::charset::Charset;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use crate::arguments::{Signature, fail, flag, given, text, text_or};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};

const fn filter(
    names: &'static [&'static str],
    doc: &'static str,
    run: fn(&Context<'_>, &Value, Args<'_>) -> Result<Value, Error>,
) -> Filter {
    Filter { names, undefined: OnUndefined::PassOn, members: OnMembers::Render, doc, run }
}

/// The filters.
pub const FILTERS: &[Filter] = &[
    filter(&["b64encode"], "the text in base64", b64encode),
    filter(&["b64decode"], "the text that base64 stands for", b64decode),
    filter(&["hash"], "the digest of a text by the algorithm's name", hash),
    filter(&["checksum", "sha1"], "the SHA-1 digest", sha1),
    filter(&["md5"], "the MD5 digest", md5),
    filter(&["to_uuid"], "the UUID of a text in a namespace", to_uuid),
];

/// The encoding with this name, in Python's words when there is none.
fn charset(encoding: &str) -> Result<Charset, Error> {
    Charset::named(encoding).map_err(|error| Error::new(error.to_string()))
}

fn normal(encoding: &str) -> String {
    encoding.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

fn b64encode(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [encoding, url_safe] =
        Signature::filter("b64encode", ["encoding", "urlsafe"], 0).bind(args)?;
    let bytes = match value {
        Value::Bytes(bytes) => bytes.to_vec(),
        value => charset(&text_or(encoding, "utf-8")?)?
            .encode(&text(value)?)
            .map_err(|error| Error::new(error.to_string()))?,
    };
    let engine = if flag(url_safe, false) { &URL_SAFE } else { &STANDARD };
    Ok(engine.encode(bytes).into())
}

fn b64decode(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [encoding, url_safe] =
        Signature::filter("b64decode", ["encoding", "urlsafe"], 0).bind(args)?;
    let encoded = text(value)?;
    let encoded = if flag(url_safe, false) {
        encoded.replace('-', "+").replace('_', "/")
    } else {
        encoded.into_owned()
    };
    let charset = charset(&text_or(encoding, "utf-8")?)?;
    Ok(charset.decode_lossy(&base64_bytes(&encoded)?).into())
}

/// Python's forgiving reader: what isn't of the alphabet is passed over, padding ends it.
pub(crate) fn base64_bytes(encoded: &str) -> Result<Vec<u8>, Error> {
    let alphabet = |byte: u8| {
        Some(match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        })
    };
    let (mut out, mut bits, mut held, mut pads) = (Vec::new(), 0_u32, 0_usize, 0);
    for byte in encoded.bytes() {
        if byte == b'=' {
            pads += 1;
            if held >= 2 && held + pads >= 4 {
                return Ok(out);
            }
            continue;
        }
        let Some(six) = alphabet(byte) else { continue };
        pads = 0;
        bits = (bits << 6) | u32::from(six);
        held += 1;
        match held {
            2 => out.push((bits >> 4) as u8),
            3 => out.push((bits >> 2) as u8),
            4 => {
                out.push(bits as u8);
                (bits, held) = (0, 0);
            }
            _ => {}
        }
    }
    match held {
        0 => Ok(out),
        1 => fail(format!(
            "Invalid base64-encoded string: number of data characters ({}) cannot be 1 more than a \
             multiple of 4",
            out.len() / 3 * 4 + 1
        )),
        _ => fail("Incorrect padding"),
    }
}

/// The digest of these bytes in hexadecimal; None for an algorithm that isn't known.
pub(crate) fn digest(algorithm: &str, bytes: &[u8]) -> Option<String> {
    Some(match normal(algorithm).as_str() {
        "md5" => hex::encode(Md5::digest(bytes)),
        "sha1" => hex::encode(Sha1::digest(bytes)),
        "sha224" => hex::encode(Sha224::digest(bytes)),
        "sha256" => hex::encode(Sha256::digest(bytes)),
        "sha384" => hex::encode(Sha384::digest(bytes)),
        "sha512" => hex::encode(Sha512::digest(bytes)),
        "sha512224" => hex::encode(sha2::Sha512_224::digest(bytes)),
        "sha512256" => hex::encode(sha2::Sha512_256::digest(bytes)),
        "sha3224" => hex::encode(sha3::Sha3_224::digest(bytes)),
        "sha3256" => hex::encode(sha3::Sha3_256::digest(bytes)),
        "sha3384" => hex::encode(sha3::Sha3_384::digest(bytes)),
        "sha3512" => hex::encode(sha3::Sha3_512::digest(bytes)),
        "blake2b" => hex::encode(blake2::Blake2b512::digest(bytes)),
        "blake2s" => hex::encode(blake2::Blake2s256::digest(bytes)),
        _ => return None,
    })
}

fn bytes(value: &Value) -> Result<Vec<u8>, Error> {
    Ok(match value {
        Value::Bytes(bytes) => bytes.to_vec(),
        value => text(value)?.as_bytes().to_vec(),
    })
}

fn hash(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [algorithm] = Signature::filter("get_hash", ["hashtype"], 0).bind(args)?;
    let algorithm = text_or(algorithm, "sha1")?;
    digest(&algorithm, &bytes(value)?)
        .map(Value::from)
        .ok_or_else(|| Error::new(format!("unsupported hash type {algorithm}")))
}

fn sha1(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("secure_hash_s", [], 0).bind(args)?;
    Ok(hex::encode(Sha1::digest(bytes(value)?)).into())
}

fn md5(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("md5s", [], 0).bind(args)?;
    Ok(hex::encode(Md5::digest(bytes(value)?)).into())
}

/// The namespace that stock uses when none is given.
const NAMESPACE: &str = "361E6D51-FAEC-444A-9079-341386DA8E2E";

fn to_uuid(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [namespace] = Signature::filter("to_uuid", ["namespace"], 0).bind(args)?;
    let namespace = given(namespace).map_or(Ok(NAMESPACE.into()), text)?;
    let Ok(namespace_id) = namespace.parse::<uuid::Uuid>() else {
        return fail(format!(
            "Invalid value '{namespace}' for 'namespace': badly formed hexadecimal UUID string"
        ));
    };
    Ok(uuid::Uuid::new_v5(&namespace_id, text(value)?.as_bytes()).to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_python() {
        let read = |text: &str| base64_bytes(text).map_err(|error| error.message());
        assert_eq!(read("aGk="), Ok(b"hi".to_vec()));
        assert_eq!(read("aG\nk="), Ok(b"hi".to_vec()));
        assert_eq!(read("aGk"), Err("Incorrect padding".to_owned()));
        assert_eq!(
            read("not base64!"),
            Err("Invalid base64-encoded string: number of data characters (9) cannot be 1 more than a multiple of 4".to_owned())
        );
    }

    #[test]
    fn digests() {
        assert_eq!(digest("md5", b"x").as_deref(), Some("9dd4e461268c8034f5c8564e155c67a6"));
        assert_eq!(digest("nosuch", b"x"), None);
    }
}
