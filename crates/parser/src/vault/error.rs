//! What can be wrong with a vault, in stock's words.

use thiserror::Error;

/// What is wrong.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Error {
    /// There is no password at all.
    #[error("Attempting to decrypt but no vault secrets found.")]
    NoSecrets,
    /// None of the passwords opens it.
    #[error("Decryption failed (no vault secrets were found that could decrypt).")]
    NoneFits,
    /// It has no header.
    #[error("Input is not vault encrypted data.")]
    NotEncrypted,
    /// The header names a cipher that there isn't.
    #[error("Cipher '{0}' could not be found.")]
    Cipher(String),
    /// What is below the header isn't what it should be.
    #[error("{0}")]
    Format(String),
    /// The system gave no random bytes.
    #[error("no random bytes could be had: {0}")]
    Randomness(String),
}
