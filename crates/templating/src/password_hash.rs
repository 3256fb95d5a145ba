//! Password hashes of the system's `crypt`, with salts as libxcrypt makes them of what it is given.

use md5::Md5;
use sha_crypt::{Sha256Params, Sha512Params, sha256_crypt_b64, sha512_crypt_b64};
use sha2::Digest;

use crate::effects::Effects;

/// How a password is hashed.
#[derive(Clone, Copy, Debug)]
pub struct Recipe<'a> {
    /// `sha512`, `sha512_crypt`, `bcrypt`, ….
    pub algorithm: &'a str,
    /// What the salt is made of; random when there is none.
    pub salt: Option<&'a str>,
    /// How many rounds.
    pub rounds: Option<u32>,
    /// bcrypt's flavour.
    pub ident: Option<&'a str>,
}

/// The alphabet of crypt's base64, lowest bits first.
const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Md5,
    Blowfish,
    Sha256,
    Sha512,
}

impl Algorithm {
    fn find(name: &str) -> Result<Algorithm, String> {
        Ok(match name {
            "md5" | "md5_crypt" => Algorithm::Md5,
            "blowfish" | "bcrypt" => Algorithm::Blowfish,
            "sha256" | "sha256_crypt" => Algorithm::Sha256,
            "sha512" | "sha512_crypt" => Algorithm::Sha512,
            other => {
                return Err(format!(
                    "{other} is not in the list of supported passlib algorithms: md5, blowfish, \
                     sha256, sha512"
                ));
            }
        })
    }

    fn name(self) -> &'static str {
        match self {
            Algorithm::Md5 => "md5_crypt",
            Algorithm::Blowfish => "bcrypt",
            Algorithm::Sha256 => "sha256_crypt",
            Algorithm::Sha512 => "sha512_crypt",
        }
    }

    /// How long what the salt is made of may be.
    fn salt_length(self) -> usize {
        match self {
            Algorithm::Md5 => 8,
            Algorithm::Blowfish => 22,
            Algorithm::Sha256 | Algorithm::Sha512 => 16,
        }
    }
}

pub(crate) fn random_salt(length: usize, effects: &dyn Effects) -> Result<String, String> {
    let mut bytes = vec![0_u8; length];
    effects.random(&mut bytes).map_err(|why| why.to_string())?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 64)])).collect())
}

fn check_salt(salt: &str, algorithm: Algorithm) -> Result<(), String> {
    let (given, most) = (salt.chars().count(), algorithm.salt_length());
    if !salt.bytes().all(|byte| ALPHABET.contains(&byte)) {
        return Err("invalid characters in salt".to_owned());
    }
    match algorithm {
        Algorithm::Blowfish if given != most => {
            Err(format!("invalid salt size supplied ({given}), expected {most}"))
        }
        _ if given > most => {
            Err(format!("invalid salt size supplied ({given}), expected at most {most}"))
        }
        Algorithm::Blowfish => Ok(()),
        _ if given < 3 => Err(format!(
            "Failed to generate salt for '{}' algorithm: crypt_gensalt failed: unable to generate \
             salt",
            algorithm.name()
        )),
        _ => Ok(()),
    }
}

/// Four characters of three bytes.
fn quad(out: &mut String, bytes: [u8; 3], characters: usize) {
    let mut bits = u32::from(bytes[0]) | u32::from(bytes[1]) << 8 | u32::from(bytes[2]) << 16;
    for _ in 0..characters {
        out.push(char::from(ALPHABET[(bits & 63) as usize]));
        bits >>= 6;
    }
}

/// libxcrypt's salt of these bytes: triples, one byte always left over for the sha kinds.
fn salt_of(seed: &str, algorithm: Algorithm) -> String {
    let mut salt = String::new();
    let spare = usize::from(algorithm != Algorithm::Md5);
    for (index, triple) in seed.as_bytes().chunks_exact(3).enumerate() {
        if (index + 1) * 3 + spare > seed.len() || salt.len() >= algorithm.salt_length() {
            break;
        }
        quad(&mut salt, [triple[0], triple[1], triple[2]], 4);
    }
    salt
}

/// The hash of a password.
pub fn hash(password: &str, recipe: &Recipe<'_>, effects: &dyn Effects) -> Result<String, String> {
    let algorithm = Algorithm::find(recipe.algorithm)?;
    let seed = match recipe.salt {
        Some(salt) => salt.to_owned(),
        None => random_salt(algorithm.salt_length(), effects)?,
    };
    check_salt(&seed, algorithm)?;
    match algorithm {
        Algorithm::Md5 => {
            let salt = salt_of(&seed, algorithm);
            Ok(format!("$1${salt}${}", md5_crypt(password.as_bytes(), salt.as_bytes())))
        }
        Algorithm::Sha256 => {
            let (salt, rounds) = (salt_of(&seed, algorithm), recipe.rounds.unwrap_or(535_000));
            let params = Sha256Params::new(rounds as usize).map_err(|_| bad_rounds(rounds))?;
            let text = sha256_crypt_b64(password.as_bytes(), salt.as_bytes(), &params)
                .map_err(|_| bad_rounds(rounds))?;
            Ok(format!("$5${}{salt}${text}", rounds_text(rounds)))
        }
        Algorithm::Sha512 => {
            let (salt, rounds) = (salt_of(&seed, algorithm), recipe.rounds.unwrap_or(656_000));
            let params = Sha512Params::new(rounds as usize).map_err(|_| bad_rounds(rounds))?;
            let text = sha512_crypt_b64(password.as_bytes(), salt.as_bytes(), &params)
                .map_err(|_| bad_rounds(rounds))?;
            Ok(format!("$6${}{salt}${text}", rounds_text(rounds)))
        }
        Algorithm::Blowfish => blowfish(password, &seed, recipe),
    }
}

fn bad_rounds(rounds: u32) -> String {
    format!("the number of rounds {rounds} can't be used")
}

/// The usual number isn't written.
fn rounds_text(rounds: u32) -> String {
    if rounds == 5000 { String::new() } else { format!("rounds={rounds}$") }
}

fn blowfish(password: &str, seed: &str, recipe: &Recipe<'_>) -> Result<String, String> {
    let mut salt = [0_u8; 16];
    for (slot, byte) in salt.iter_mut().zip(seed.bytes()) {
        *slot = byte;
    }
    let version = match recipe.ident.map(|ident| ident.trim_matches('$')) {
        None | Some("2b") => bcrypt::Version::TwoB,
        Some("2a") => bcrypt::Version::TwoA,
        Some("2y") => bcrypt::Version::TwoY,
        Some(other) => return Err(format!("invalid ident specified ({other})")),
    };
    let parts = bcrypt::hash_with_salt(password.as_bytes(), recipe.rounds.unwrap_or(12), salt)
        .map_err(|why| why.to_string())?;
    Ok(parts.format_for_version(version))
}

/// Poul-Henning Kamp's algorithm.
fn md5_crypt(password: &[u8], salt: &[u8]) -> String {
    let inner =
        Md5::new().chain_update(password).chain_update(salt).chain_update(password).finalize();
    let mut state = Md5::new().chain_update(password).chain_update(b"$1$").chain_update(salt);
    for index in 0..password.len() {
        state.update([inner[index % 16]]);
    }
    let mut length = password.len();
    while length > 0 {
        state.update(if length & 1 == 1 { &[0][..] } else { &password[..1] });
        length >>= 1;
    }
    let mut result = state.finalize();
    for round in 0..1000 {
        let mut state = Md5::new();
        let result_first = round % 2 == 0;
        state.update(if result_first { &result[..] } else { password });
        if round % 3 != 0 {
            state.update(salt);
        }
        if round % 7 != 0 {
            state.update(password);
        }
        state.update(if result_first { password } else { &result[..] });
        result = state.finalize();
    }
    let mut out = String::new();
    for group in [[12, 6, 0], [13, 7, 1], [14, 8, 2], [15, 9, 3], [5, 10, 4]] {
        quad(&mut out, group.map(|index: usize| result[index]), 4);
    }
    quad(&mut out, [result[11], 0, 0], 2);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::NoEffects;

    fn made(algorithm: &str, salt: &str, rounds: Option<u32>) -> Result<String, String> {
        hash("x", &Recipe { algorithm, salt: Some(salt), rounds, ident: None }, &NoEffects)
    }

    #[test]
    fn same_as_stock() {
        assert_eq!(
            made("sha512", "somesalt", Some(5000)).unwrap(),
            "$6$nxKPZBLM$qhC6IzQMc.PwM43HcyoeeSEmvH4Qv8p.58uu6RGz/g0XzZhHXhu4RCJW1El2ca/9MqoYvpbxAB/Gk9X0r6oZ/1"
        );
        assert_eq!(made("md5", "somesalt", None).unwrap(), "$1$nxKPZBLM$fYza7wX323ltOcnkq8DPf.");
        assert_eq!(made("md5", "aaaaaaaa", None).unwrap(), "$1$V3KMV3KM$as7HOdDFDlOc6Z4fOB/mw1");
        let bcrypt = Recipe {
            algorithm: "bcrypt",
            salt: Some("1234567890123456789012"),
            rounds: Some(5),
            ident: Some("2a"),
        };
        assert_eq!(
            hash("x", &bcrypt, &NoEffects).unwrap(),
            "$2a$05$KRGxLBS0Lxe3KBCwKxOzLeR87cVgn.qUBhbsk8z3ckWbs1L.IvDXK"
        );
        assert_eq!(salt_of("abcdefghijklmnop", Algorithm::Sha512), "V7qMYJaNbVKOeh4P");
        assert_eq!(salt_of("abc", Algorithm::Sha512), "");
        assert!(made("sha512", "ab", None).is_err());
        assert!(made("yescrypt", "somesalt", None).is_err());
    }
}
