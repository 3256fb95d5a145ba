//! The few fields of an X.509 certificate that are looked at here. Must not know who is trusted.

/// Who signed what, and how long it holds.
#[derive(Debug, PartialEq, Eq)]
pub struct Fields<'a> {
    /// The issuer's name, encoded.
    pub issuer: &'a [u8],
    /// The subject's name, encoded.
    pub subject: &'a [u8],
    /// From when it is valid: `YYYYMMDDHHMMSSZ`.
    pub from: String,
    /// Until when it is valid.
    pub until: String,
}

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;

/// One element of DER: its tag, its content, what comes after.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        _ => {
            let count = usize::from(first & 0x7f);
            if count > 4 {
                return None;
            }
            let (digits, rest) = rest.split_at_checked(count)?;
            (digits.iter().fold(0, |sum, digit| (sum << 8) | usize::from(*digit)), rest)
        }
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

/// The fields of a certificate in DER.
pub fn fields(der: &[u8]) -> Option<Fields<'_>> {
    let (SEQUENCE, certificate, _) = element(der)? else { return None };
    let (SEQUENCE, signed, _) = element(certificate)? else { return None };
    let mut rest = signed;
    if let (VERSION, _, after) = element(rest)? {
        rest = after;
    }
    let (_, _serial, rest) = element(rest)?;
    let (_, _algorithm, rest) = element(rest)?;
    let (_, issuer, rest) = element(rest)?;
    let (_, validity, rest) = element(rest)?;
    let (_, subject, _) = element(rest)?;
    let (from_tag, from, after) = element(validity)?;
    let (until_tag, until, _) = element(after)?;
    Some(Fields { issuer, subject, from: time(from_tag, from), until: time(until_tag, until) })
}

/// Both encodings of time as one that compares as text.
fn time(tag: u8, digits: &[u8]) -> String {
    let text = String::from_utf8_lossy(digits);
    if tag != UTC_TIME {
        return text.into_owned();
    }
    let century = if text.starts_with(['5', '6', '7', '8', '9']) { "19" } else { "20" };
    format!("{century}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hand_made_one() {
        let wrap = |tag: u8, parts: &[Vec<u8>]| {
            let content = parts.concat();
            [vec![tag, content.len() as u8], content].concat()
        };
        let name = |text: &str| wrap(SEQUENCE, &[text.as_bytes().to_vec()]);
        let validity = wrap(
            SEQUENCE,
            &[
                wrap(UTC_TIME, &[b"260101000000Z".to_vec()]),
                wrap(0x18, &[b"20510101000000Z".to_vec()]),
            ],
        );
        let signed = wrap(
            SEQUENCE,
            &[
                wrap(VERSION, &[]),
                wrap(2, &[vec![1]]),
                name("a"),
                name("iss"),
                validity,
                name("sub"),
            ],
        );
        let der = wrap(SEQUENCE, &[signed]);
        let fields = fields(&der).unwrap();
        assert_eq!((fields.issuer, fields.subject), (&b"iss"[..], &b"sub"[..]));
        assert_eq!(fields.from, "20260101000000Z");
        assert_eq!(fields.until, "20510101000000Z");
        assert_eq!(super::fields(b"\x30\x05ab"), None);
    }
}
