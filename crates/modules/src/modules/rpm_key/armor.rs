//! Keys as text: OpenPGP's ASCII armor. Must not know what is in the packets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const BEGIN: &str = "-----BEGIN PGP ";
const END: &str = "-----END PGP ";
const PUBLIC_KEY: &str = "PUBLIC KEY BLOCK-----";

/// Whether the reader of rpm before 4.19 takes a block too: its later ones do without checksum and empty line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// It does.
    Strict,
    /// It doesn't.
    Loose,
}

/// A block of a text.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    /// Its packets.
    pub bytes: Vec<u8>,
    /// How it is written.
    pub form: Form,
}

/// Whether there is a public key in a text, to judge by its first and last line.
pub fn has_public_key(text: &str) -> bool {
    let begin = text.find(&format!("{BEGIN}{PUBLIC_KEY}"));
    begin.is_some_and(|begin| text[begin..].contains(&format!("{END}{PUBLIC_KEY}")))
}

/// The blocks of a text, up to one that can't be read.
pub fn blocks(text: &str) -> impl Iterator<Item = Block> {
    let mut lines = text.lines();
    std::iter::from_fn(move || block(&mut lines))
}

/// The next block; what is before it doesn't matter.
fn block<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Option<Block> {
    let begin = lines.find(|line| line.trim_start().starts_with(BEGIN))?;
    let mut form = match begin.starts_with(BEGIN) && begin.contains(PUBLIC_KEY) {
        true => Form::Strict,
        false => Form::Loose,
    };
    let (mut has_ended_head, mut sum, mut data) = (false, None, String::new());
    loop {
        let line = lines.next()?.trim();
        if line.starts_with(END) {
            break;
        } else if line.is_empty() {
            has_ended_head = true;
        } else if line.contains(": ") && data.is_empty() {
            // A header: `Version: …`.
        } else if sum.is_some() {
            return None;
        } else if let Some(encoded) = line.strip_prefix('=') {
            sum = Some(STANDARD.decode(encoded).ok()?);
        } else {
            data.push_str(line);
        }
    }
    let bytes = STANDARD.decode(&data).ok()?;
    let expected = checksum(&bytes).to_be_bytes();
    if !has_ended_head || sum.as_deref() != Some(&expected[1..]) {
        form = Form::Loose;
    }
    Some(Block { bytes, form })
}

/// OpenPGP's checksum of 24 bits (RFC 4880, 6.1).
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x00b7_04ce, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte) << 16, |sum, _| match sum << 1 {
            over if over & 0x0100_0000 != 0 => over ^ 0x0186_4cfb,
            shifted => shifted,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn armored(kind: &str, head: &str, body: &str) -> String {
        format!("{BEGIN}{kind}-----\n{head}{body}\n{END}{kind}-----\n")
    }

    fn forms(text: &str) -> Vec<(Vec<u8>, Form)> {
        blocks(text).map(|block| (block.bytes, block.form)).collect()
    }

    #[test]
    fn strict_and_loose() {
        // "abc", whose checksum is ba1c7b.
        let strict = armored("PUBLIC KEY BLOCK", "Version: 1\n\n", "YWJj\n=uhx7");
        let abc = |form| vec![(b"abc".to_vec(), form)];
        assert_eq!(forms(&strict), abc(Form::Strict));
        assert_eq!(forms(&strict.replace('\n', "\r\n")), abc(Form::Strict));
        assert_eq!(forms(&format!("text\n{strict}text")), abc(Form::Strict));
        let two = format!("{strict}{strict}");
        assert_eq!(forms(&two).len(), 2);
        for loose in [
            armored("PRIVATE KEY BLOCK", "\n", "YWJj\n=uhx7"),
            armored("PUBLIC KEY BLOCK", "", "YWJj\n=uhx7"),
            armored("PUBLIC KEY BLOCK", "\n", "YWJj"),
            armored("PUBLIC KEY BLOCK", "\n", "YWJj\n=AAAA"),
            format!(" {strict}"),
        ] {
            assert_eq!(forms(&loose), abc(Form::Loose), "{loose}");
        }
        for bad in ["", "abc", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nYWJj\n=uhx7\n"] {
            assert_eq!(forms(bad), vec![], "{bad}");
        }
        assert_eq!(forms(&armored("PUBLIC KEY BLOCK", "\n", "YW!j\n=uhx7")), vec![]);
        assert_eq!(forms(&armored("PUBLIC KEY BLOCK", "\n", "=uhx7\nYWJj")), vec![]);
    }

    #[test]
    fn public_keys() {
        assert!(has_public_key(&armored("PUBLIC KEY BLOCK", "\n", "")));
        assert!(!has_public_key(&armored("PRIVATE KEY BLOCK", "\n", "")));
        assert!(!has_public_key("-----BEGIN PGP PUBLIC KEY BLOCK-----\n"));
    }
}
