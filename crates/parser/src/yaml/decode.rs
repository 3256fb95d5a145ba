//! Bytes of a file to text: UTF-8 with or without a byte order mark, UTF-16 with one. Must not
//! know what the text is.

use thiserror::Error;

/// The bytes are no text.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("this file must be UTF-8 encoded (byte {offset} is not)")]
pub struct Undecodable {
    /// Where the first wrong byte is, from 0.
    pub offset: usize,
}

/// The text that `bytes` are.
pub fn decode(bytes: Vec<u8>) -> Result<String, Undecodable> {
    match bytes.get(..2) {
        Some([0xff, 0xfe]) => utf16(&bytes, u16::from_le_bytes),
        Some([0xfe, 0xff]) => utf16(&bytes, u16::from_be_bytes),
        _ => {
            let mut text = String::from_utf8(bytes)
                .map_err(|error| Undecodable { offset: error.utf8_error().valid_up_to() })?;
            if text.starts_with('\u{feff}') {
                text.remove(0);
            }
            Ok(text)
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Undecodable> {
    let units: Vec<u16> =
        bytes.chunks_exact(2).skip(1).map(|pair| unit([pair[0], pair[1]])).collect();
    if bytes.len() % 2 == 1 {
        return Err(Undecodable { offset: bytes.len() - 1 });
    }
    String::from_utf16(&units).map_err(|_| {
        let good = char::decode_utf16(units.iter().copied())
            .take_while(Result::is_ok)
            .flatten()
            .map(char::len_utf16)
            .sum::<usize>();
        Undecodable { offset: 2 + 2 * good }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        assert_eq!(decode(b"a: \xc3\xa9".to_vec()).unwrap(), "a: é");
        assert_eq!(decode(b"\xef\xbb\xbfa".to_vec()).unwrap(), "a");
        assert_eq!(decode(b"\xff\xfea\0\xe9\0".to_vec()).unwrap(), "aé");
        assert_eq!(decode(b"\xfe\xff\0a".to_vec()).unwrap(), "a");
        assert_eq!(decode(b"ab\xff".to_vec()), Err(Undecodable { offset: 2 }));
        assert_eq!(decode(b"\xff\xfea\0\0\xd8".to_vec()), Err(Undecodable { offset: 4 }));
    }
}
