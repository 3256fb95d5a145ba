//! Keys from passwords, and what they lock and open. Must not know the text around it.

use aes::Aes256;
use aes::cipher::{KeyIvInit, StreamCipher};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Error;
use super::envelope::{self, Parts};
use super::secrets::Secret;

const ROUNDS: u32 = 10_000;
const BLOCK: usize = 16;
const SALT: usize = 32;

type Counter = ctr::Ctr128BE<Aes256>;
type Check = Hmac<Sha256>;

/// Where the salt of a new vault comes from.
#[derive(Clone, Copy, Debug)]
pub enum Salt<'a> {
    /// Fresh random bytes.
    Random,
    /// These (the setting VAULT_ENCRYPT_SALT, an argument of the filter `vault`).
    Given(&'a [u8]),
}

/// A key to encrypt, a key to check, a first counter.
struct Keys(Zeroizing<[u8; 80]>);

impl Keys {
    fn new(secret: &Secret, salt: &[u8]) -> Keys {
        let mut bytes = Zeroizing::new([0; 80]);
        pbkdf2::pbkdf2_hmac::<Sha256>(secret.reveal(), salt, ROUNDS, &mut *bytes);
        Keys(bytes)
    }

    fn check(&self) -> Result<Check, Error> {
        Check::new_from_slice(&self.0[32..64]).map_err(|error| Error::Format(error.to_string()))
    }

    fn apply(&self, bytes: &mut [u8]) -> Result<(), Error> {
        let mut counter = Counter::new_from_slices(&self.0[..32], &self.0[64..])
            .map_err(|error| Error::Format(error.to_string()))?;
        counter.apply_keystream(bytes);
        Ok(())
    }
}

/// What a secret makes of it; None when it isn't the right one.
pub(super) fn open(parts: &Parts, secret: &Secret) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let keys = Keys::new(secret, &parts.salt);
    let mut check = keys.check()?;
    check.update(&parts.encrypted);
    // Compares in constant time.
    if check.verify_slice(&parts.hmac).is_err() {
        return Ok(None);
    }
    let mut clear = Zeroizing::new(parts.encrypted.clone());
    keys.apply(&mut clear)?;
    let padding = clear.last().map_or(0, |byte| usize::from(*byte));
    if padding == 0 || padding > BLOCK || padding > clear.len() {
        return Err(Error::Format("Invalid padding bytes.".to_owned()));
    }
    let length = clear.len() - padding;
    clear.truncate(length);
    Ok(Some(clear))
}

/// A vault with these bytes in it. A label that isn't `default` is named in its header.
pub fn encrypt(
    clear: &[u8],
    secret: &Secret,
    id: Option<&str>,
    salt: Salt<'_>,
) -> Result<String, Error> {
    let salt = match salt {
        Salt::Given(salt) => salt.to_vec(),
        Salt::Random => {
            let mut salt = vec![0; SALT];
            getrandom::fill(&mut salt).map_err(|error| Error::Randomness(error.to_string()))?;
            salt
        }
    };
    let keys = Keys::new(secret, &salt);
    let padding = BLOCK - clear.len() % BLOCK;
    let mut encrypted = Vec::with_capacity(clear.len() + padding);
    encrypted.extend_from_slice(clear);
    encrypted.resize(clear.len() + padding, u8::try_from(padding).unwrap_or_default());
    keys.apply(&mut encrypted)?;
    let mut check = keys.check()?;
    check.update(&encrypted);
    let hmac = check.finalize().into_bytes().to_vec();
    Ok(envelope::write(&Parts { salt, hmac, encrypted }, id))
}
