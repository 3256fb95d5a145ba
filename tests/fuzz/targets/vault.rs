//! Vaults: envelopes of anybody's, opened with a password that fits none.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nafal_parser::vault::{Envelope, IdMatch, Secret, Secrets, is_encrypted};

fuzz_target!(|bytes: &[u8]| {
    let _ = is_encrypted(bytes);
    let Ok(envelope) = Envelope::parse(bytes) else { return };
    let _ = format!("{envelope:?}");
    let secrets = vec![("a".to_owned(), Secret::new(b"word".to_vec()))];
    assert!(Secrets::new(secrets, IdMatch::Preferred).decrypt(bytes).is_err(), "opened by chance");
});
