//! The text of a vault: its header, and hexadecimal digits in lines. Must not know keys.

use super::Error;

/// What every vault begins with.
const MAGIC: &str = "$ANSIBLE_VAULT";
/// The only cipher.
const CIPHER: &str = "AES256";
/// How many digits stand in a line.
const WIDTH: usize = 80;

/// Whether these bytes are a vault.
pub fn is_encrypted(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC.as_bytes())
}

/// A vault taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The label of the password, if the header names one.
    pub id: Option<String>,
    /// The digits.
    body: String,
}

/// What the digits stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    pub salt: Vec<u8>,
    pub hmac: Vec<u8>,
    pub encrypted: Vec<u8>,
}

impl Envelope {
    /// The vault in this text.
    pub fn parse(text: &[u8]) -> Result<Envelope, Error> {
        if !is_encrypted(text) {
            return Err(Error::NotEncrypted);
        }
        let text = String::from_utf8_lossy(text);
        let mut lines = text.lines();
        let mut header = lines.next().unwrap_or_default().trim().split(';').map(str::trim);
        let cipher = header.nth(2).unwrap_or_default();
        if cipher != CIPHER {
            return Err(Error::Cipher(cipher.to_owned()));
        }
        let id = header.next().filter(|id| !id.is_empty()).map(str::to_owned);
        Ok(Envelope { id, body: lines.map(str::trim).collect() })
    }

    pub(super) fn parts(&self) -> Result<Parts, Error> {
        let inner = unhex(self.body.as_bytes())?;
        let mut fields = inner.splitn(3, |byte| *byte == b'\n');
        let (Some(salt), Some(hmac), Some(encrypted)) =
            (fields.next(), fields.next(), fields.next())
        else {
            let count = inner.split(|byte| *byte == b'\n').count();
            return Err(Error::Format(format!(
                "Vault vaulttext format error: not enough values to unpack (expected 3, got {count})"
            )));
        };
        Ok(Parts { salt: unhex(salt)?, hmac: unhex(hmac)?, encrypted: unhex(encrypted)? })
    }
}

fn unhex(digits: &[u8]) -> Result<Vec<u8>, Error> {
    hex::decode(digits).map_err(|error| {
        let reason = match error {
            hex::FromHexError::OddLength => "Odd-length string",
            _ => "Non-hexadecimal digit found",
        };
        Error::Format(format!("Vault format unhexlify error: {reason}"))
    })
}

/// The text of a vault.
pub(super) fn write(parts: &Parts, id: Option<&str>) -> String {
    let fields = [&parts.salt, &parts.hmac, &parts.encrypted].map(hex::encode);
    let body = hex::encode(fields.join("\n"));
    // A label needs the newer version; without one stock writes the older.
    let mut text = match id.filter(|id| *id != "default") {
        Some(id) => format!("{MAGIC};1.2;{CIPHER};{id}\n"),
        None => format!("{MAGIC};1.1;{CIPHER}\n"),
    };
    for line in body.as_bytes().chunks(WIDTH) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<Option<&str>, &str>) {
        let found = Envelope::parse(text.as_bytes()).and_then(|vault| {
            vault.parts()?;
            Ok(vault.id)
        });
        match (found, expected) {
            (Ok(id), Ok(wanted)) => assert_eq!(id.as_deref(), wanted),
            (Err(error), Err(wanted)) => assert_eq!(error.to_string(), wanted),
            (found, _) => panic!("{found:?}"),
        }
    }

    #[test]
    fn headers_and_bodies() {
        let body = hex::encode("6161\n6262\n6363");
        check(&format!("$ANSIBLE_VAULT;1.1;AES256\n{body}\n"), Ok(None));
        let (a, b) = body.split_at(10);
        check(&format!("$ANSIBLE_VAULT;1.2;AES256;dev\n  {a}\n  {b}"), Ok(Some("dev")));
        check("hello", Err("Input is not vault encrypted data."));
        check("$ANSIBLE_VAULT;1.1;AES\n3132", Err("Cipher 'AES' could not be found."));
        check(
            "$ANSIBLE_VAULT;1.1;AES256\n1234zz",
            Err("Vault format unhexlify error: Non-hexadecimal digit found"),
        );
        check(
            "$ANSIBLE_VAULT;1.1;AES256\n3132",
            Err("Vault vaulttext format error: not enough values to unpack (expected 3, got 1)"),
        );
    }
}
