//! Vaults: texts and files that are encrypted with a password, in stock's formats 1.1 and 1.2
//! (AES256: PBKDF2 and HMAC with SHA-256, AES in counter mode).
//!
//! Must not know where passwords come from, nor what is in a vault.

mod cipher;
mod envelope;
mod error;
mod secrets;
mod words;

pub use cipher::{Salt, encrypt};
pub use envelope::{Envelope, is_encrypted};
pub use error::Error;
pub use secrets::{IdMatch, Secret, Secrets};
pub use words::{decrypt_text, encrypt_text};
