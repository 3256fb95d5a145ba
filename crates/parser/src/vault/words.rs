//! Vaults of a text under one secret that is text, too: the filters `vault` and `unvault`. Must not know filters.

use nafal_base::Text;

use super::{Error, IdMatch, Salt, Secret, Secrets, encrypt};

/// A text as a vault.
pub fn encrypt_text(
    text: &str,
    secret: &str,
    id: Option<&str>,
    salt: Option<&str>,
) -> Result<Text, Error> {
    let secret = Secret::new(secret.as_bytes().to_vec());
    let salt = salt.map_or(Salt::Random, |salt| Salt::Given(salt.as_bytes()));
    encrypt(text.as_bytes(), &secret, id, salt).map(Text::from)
}

/// The text of a vault, marked as secret.
pub fn decrypt_text(vault: &str, secret: &str) -> Result<Text, Error> {
    let secret = Secret::new(secret.as_bytes().to_vec());
    let own = Secrets::new(vec![(String::new(), secret)], IdMatch::Preferred);
    let clear = own.decrypt(vault.as_bytes())?;
    Ok(Text::new(String::from_utf8_lossy(&clear)).secret())
}
