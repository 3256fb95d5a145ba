//! The passwords of a run with their labels, and which of them are tried. Must not know where
//! they come from.

use std::fmt;

use zeroize::Zeroizing;

use super::cipher;
use super::{Envelope, Error};

/// A password: never shown, wiped when it goes.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Keeps it.
    pub fn new(bytes: Vec<u8>) -> Secret {
        Secret(Zeroizing::new(bytes))
    }

    /// What it is.
    pub(super) fn reveal(&self) -> &[u8] {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Secret) -> bool {
        *self.0 == *other.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

/// Which passwords are tried on a vault with a label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdMatch {
    /// Those with the same label first, then all others.
    #[default]
    Preferred,
    /// Those with the same label alone (VAULT_ID_MATCH).
    Required,
}

/// The passwords of a run.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    all: Vec<(String, Secret)>,
    matching: IdMatch,
}

impl Secrets {
    /// Passwords with their labels, in the order in which they were given.
    pub fn new(all: Vec<(String, Secret)>, matching: IdMatch) -> Secrets {
        Secrets { all, matching }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Labels with passwords, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.all.iter().map(|(id, secret)| (id.as_str(), secret))
    }

    /// The first password with this label.
    pub fn find(&self, id: &str) -> Option<&Secret> {
        self.iter().find(|(own, _)| *own == id).map(|(_, secret)| secret)
    }

    /// What is in a vault.
    pub fn decrypt(&self, vault: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.decrypt_by(vault).map(|(clear, _)| clear)
    }

    /// What is in a vault, with the label of the password that opened it.
    pub fn decrypt_by(&self, vault: &[u8]) -> Result<(Zeroizing<Vec<u8>>, &str), Error> {
        let envelope = Envelope::parse(vault)?;
        if self.all.is_empty() {
            return Err(Error::NoSecrets);
        }
        let parts = envelope.parts()?;
        for (id, secret) in self.candidates(envelope.id.as_deref()) {
            if let Some(clear) = cipher::open(&parts, secret)? {
                return Ok((clear, id));
            }
        }
        Err(Error::NoneFits)
    }

    /// The same bytes, decrypted when they are a vault: for files that may be one.
    pub fn open(&self, bytes: Vec<u8>) -> Result<Vec<u8>, Error> {
        if super::is_encrypted(&bytes) {
            self.decrypt(&bytes).map(|clear| clear.to_vec())
        } else {
            Ok(bytes)
        }
    }

    fn candidates(&self, id: Option<&str>) -> Vec<(&str, &Secret)> {
        let (mut all, others): (Vec<_>, Vec<_>) =
            self.iter().partition(|(own, _)| Some(*own) == id);
        // A vault without a label may be anybody's, even where labels must match.
        if self.matching == IdMatch::Preferred || id.is_none() {
            all.extend(others);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Salt, encrypt};
    use super::*;

    fn secrets(all: &[(&str, &str)], matching: IdMatch) -> Secrets {
        let all = all.iter().map(|(id, text)| ((*id).to_owned(), secret(text)));
        Secrets::new(all.collect(), matching)
    }

    fn secret(text: &str) -> Secret {
        Secret::new(text.as_bytes().to_vec())
    }

    #[test]
    fn what_stock_encrypted() {
        // `'abc' | vault('x', vault_id='dev', salt='a' * 32)`, as ansible-core 2.21.5 writes it.
        let stock = "$ANSIBLE_VAULT;1.2;AES256;dev\n36313631363136313631363136313631363136313631363136313631363136313631363136313631\n3631363136313631363136313631363136313631363136310a323037613637396335613630366131\n34363938666262393465333064343736323033646131373835343962633162333133366563333138\n3661653463373638310a613933303264663638633637613862363761336665343762333564343163\n3064\n";
        let salt = [b'a'; 32];
        let own = encrypt(b"abc", &secret("x"), Some("dev"), Salt::Given(&salt)).unwrap();
        assert_eq!(own, stock);
        let opened = secrets(&[("q", "no"), ("dev", "x")], IdMatch::Preferred);
        assert_eq!(opened.decrypt_by(stock.as_bytes()).unwrap().0.as_slice(), b"abc");
    }

    #[test]
    fn which_passwords_are_tried() {
        let vault = encrypt(b"abc", &secret("x"), Some("dev"), Salt::Random).unwrap();
        let check = |all: &[(&str, &str)], matching| {
            secrets(all, matching).decrypt_by(vault.as_bytes()).map(|(_, id)| id.to_owned())
        };
        assert_eq!(check(&[], IdMatch::Preferred), Err(Error::NoSecrets));
        assert_eq!(check(&[("dev", "y")], IdMatch::Preferred), Err(Error::NoneFits));
        assert_eq!(check(&[("prod", "x")], IdMatch::Preferred).unwrap(), "prod");
        assert_eq!(check(&[("prod", "x")], IdMatch::Required), Err(Error::NoneFits));
        assert_eq!(check(&[("prod", "x"), ("dev", "x")], IdMatch::Required).unwrap(), "dev");
    }

    #[test]
    fn any_length_comes_back() {
        let own = secrets(&[("default", "geheim")], IdMatch::Preferred);
        for length in [0, 1, 15, 16, 17, 300] {
            let clear = vec![7; length];
            let vault = encrypt(&clear, &secret("geheim"), None, Salt::Random).unwrap();
            assert!(vault.starts_with("$ANSIBLE_VAULT;1.1;AES256\n"));
            assert_eq!(*own.decrypt(vault.as_bytes()).unwrap(), clear);
        }
        assert_eq!(own.open(b"plain".to_vec()).unwrap(), b"plain");
    }
}
