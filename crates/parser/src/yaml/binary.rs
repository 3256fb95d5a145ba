//! `!!binary`: base64 with line breaks. Must not know nodes.

/// The bytes, or Python's words for what is wrong.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, &'static str> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held, mut padding) = (0_u32, 0_u32, 0);
    for c in text.bytes() {
        let digit = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            // Python's decoder skips what isn't base64.
            _ => continue,
        };
        bits = (bits << 6) | u32::from(digit);
        held += 1;
        if held == 4 {
            bytes.extend([(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
            (bits, held) = (0, 0);
        }
    }
    match (held, padding) {
        (0, _) => {}
        (2, 2..) => bytes.push((bits >> 4) as u8),
        (3, 1..) => bytes.extend([(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => return Err("Incorrect padding"),
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn base64() {
        assert_eq!(decode("Zm9v").unwrap(), b"foo");
        assert_eq!(decode("Zm9\nvYg==\n").unwrap(), b"foob");
        assert_eq!(decode("Zm8=").unwrap(), b"fo");
        assert_eq!(decode("Zm9"), Err("Incorrect padding"));
    }
}
