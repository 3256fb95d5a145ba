//! The fingerprints of the keys in OpenPGP's packets. Must not know how packets are written as text.

use crate::files::digest;

/// The kinds of packets that are keys: of their own, and parts of one.
const KEYS: [u8; 2] = [6, 14];

/// The fingerprints of all keys and of their parts, in order, as far as the packets are whole.
pub fn fingerprints(mut bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    while let Some((tag, body, rest)) = packet(bytes) {
        found.extend(KEYS.contains(&tag).then(|| fingerprint(body)).flatten());
        bytes = rest;
    }
    found
}

/// A key's fingerprint, in upper case; None for versions that rpm doesn't take.
fn fingerprint(body: &[u8]) -> Option<String> {
    let (algorithm, mut told) = match body.first()? {
        4 => ("sha1", [&[0x99], &u16::try_from(body.len()).ok()?.to_be_bytes()[..]].concat()),
        6 => ("sha256", [&[0x9b], &u32::try_from(body.len()).ok()?.to_be_bytes()[..]].concat()),
        _ => return None,
    };
    told.extend_from_slice(body);
    Some(digest::of_bytes(algorithm, &told)?.to_ascii_uppercase())
}

/// A packet's kind, what is in it, and what comes after.
fn packet(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&head, rest) = bytes.split_first()?;
    let (tag, (size, rest)) = match head {
        0xc0.. => (head & 0x3f, new_size(rest)?),
        0x80.. => (head >> 2 & 0xf, old_size(head & 3, rest)?),
        _ => return None,
    };
    let (body, rest) = rest.split_at_checked(size)?;
    Some((tag, body, rest))
}

fn new_size(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    match first {
        0..192 => Some((first.into(), rest)),
        192..224 => {
            let (&second, rest) = rest.split_first()?;
            Some(((usize::from(first - 192) << 8) + usize::from(second) + 192, rest))
        }
        255 => number(rest, 4),
        // Only data come in parts.
        _ => None,
    }
}

fn old_size(kind: u8, bytes: &[u8]) -> Option<(usize, &[u8])> {
    match kind {
        0..3 => number(bytes, 1 << kind),
        _ => Some((bytes.len(), bytes)),
    }
}

fn number(bytes: &[u8], width: usize) -> Option<(usize, &[u8])> {
    let (digits, rest) = bytes.split_at_checked(width)?;
    Some((digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(packet(&[0x98, 2, 4, 5, 9]), Some((6, &[4, 5][..], &[9][..])));
        assert_eq!(packet(&[0x99, 0, 1, 4]), Some((6, &[4][..], &[][..])));
        assert_eq!(packet(&[0x9b, 4, 5]), Some((6, &[4, 5][..], &[][..])));
        assert_eq!(packet(&[0xce, 1, 4]), Some((14, &[4][..], &[][..])));
        let long = [&[0xc6, 192, 8][..], &[4; 200]].concat();
        assert_eq!(packet(&long).map(|(tag, body, _)| (tag, body.len())), Some((6, 200)));
        assert_eq!(packet(&[0xc6, 255, 0, 0, 0, 1, 4]), Some((6, &[4][..], &[][..])));
        for broken in [&[][..], &[0x18, 0], &[0x98], &[0x98, 3, 4], &[0xc6, 230, 1], &[0x99, 0]] {
            assert_eq!(packet(broken), None, "{broken:?}");
        }
    }

    #[test]
    fn numbers_of_keys() {
        let keys = [0x98, 2, 4, 5, 0xb4, 1, b'x', 0xb8, 1, 4, 0x98, 1, 3, 0x98, 9];
        // sha1 of 99 00 02 04 05, and of 99 00 01 04.
        let expected = [b"\x99\x00\x02\x04\x05".as_slice(), b"\x99\x00\x01\x04"];
        let expected: Vec<_> =
            expected.iter().map(|told| digest::sha1_of(told).to_ascii_uppercase()).collect();
        assert_eq!(fingerprints(&keys), expected);
        assert_eq!(fingerprints(&[0xc6, 1, 6])[0].len(), 64);
    }
}
