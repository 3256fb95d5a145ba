//! Text as bytes of another encoding, by Python's names for them (`output_encoding`). Must not know
//! who writes the bytes.

/// Encodings that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf8Signed,
    Utf16Marked,
    Utf16Little,
    Utf16Big,
    Utf32Marked,
    Latin1,
    Ascii,
}

impl Encoding {
    fn named(name: &str) -> Option<Encoding> {
        let plain: String = name.to_lowercase().replace(['-', '_', ' '], "");
        Some(match plain.as_str() {
            "utf8" | "u8" => Encoding::Utf8,
            "utf8sig" => Encoding::Utf8Signed,
            "utf16" | "u16" => Encoding::Utf16Marked,
            "utf16le" => Encoding::Utf16Little,
            "utf16be" => Encoding::Utf16Big,
            "utf32" | "u32" => Encoding::Utf32Marked,
            "latin1" | "latin" | "l1" | "iso88591" => Encoding::Latin1,
            "ascii" | "usascii" => Encoding::Ascii,
            _ => return None,
        })
    }
}

/// Encodings that Python has and this doesn't, by how their names begin.
const OTHERS: &[&str] = &["cp", "windows", "iso", "koi8", "mac", "gb", "big5", "euc", "shift"];

/// The bytes, or why there are none.
pub(crate) fn encoded(text: &str, name: &str) -> Result<Vec<u8>, String> {
    let Some(encoding) = Encoding::named(name) else {
        let lower = name.to_lowercase();
        return Err(if OTHERS.iter().any(|known| lower.starts_with(known)) {
            format!("the encoding '{name}' is not built yet in nafal")
        } else {
            format!("unknown encoding: {name}")
        });
    };
    let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes);
    Ok(match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Signed => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Encoding::Utf16Marked => [0xff, 0xfe].into_iter().chain(utf16(u16::to_le_bytes)).collect(),
        Encoding::Utf16Little => utf16(u16::to_le_bytes).collect(),
        Encoding::Utf16Big => utf16(u16::to_be_bytes).collect(),
        Encoding::Utf32Marked => {
            let units = text.chars().flat_map(|c| u32::from(c).to_le_bytes());
            [0xff, 0xfe, 0, 0].into_iter().chain(units).collect()
        }
        Encoding::Latin1 => narrow(text, "latin-1", 0xff)?,
        Encoding::Ascii => narrow(text, "ascii", 0x7f)?,
    })
}

/// One byte a character; those that are too large are refused in Python's words.
fn narrow(text: &str, name: &str, last: u8) -> Result<Vec<u8>, String> {
    let large = |c: &char| u32::from(*c) > u32::from(last);
    let range = u32::from(last) + 1;
    let Some(at) = text.chars().position(|c| large(&c)) else {
        return Ok(text.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect());
    };
    let run: Vec<char> = text.chars().skip(at).take_while(large).collect();
    let what = match run.as_slice() {
        [only] => format!("character '{}' in position {at}", escaped(*only)),
        run => format!("characters in position {at}-{}", at + run.len() - 1),
    };
    Err(format!("'{name}' codec can't encode {what}: ordinal not in range({range})"))
}

fn escaped(c: char) -> String {
    match u32::from(c) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0x100..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_python() {
        assert_eq!(encoded("é", "Latin-1").unwrap(), [0xe9]);
        assert_eq!(encoded("aé", "utf-16").unwrap(), [0xff, 0xfe, b'a', 0, 0xe9, 0]);
        assert_eq!(encoded("é", "UTF_16_BE").unwrap(), [0, 0xe9]);
        assert_eq!(encoded("a", "utf-8-sig").unwrap(), [0xef, 0xbb, 0xbf, b'a']);
        assert_eq!(encoded("a", "us-ascii").unwrap(), *b"a");
    }

    #[test]
    fn what_is_refused() {
        let ascii = |text| encoded(text, "ascii").unwrap_err();
        assert_eq!(
            ascii("xé"),
            "'ascii' codec can't encode character '\\xe9' in position 1: ordinal not in range(128)"
        );
        assert!(ascii("xéü").contains("characters in position 1-2"));
        assert_eq!(encoded("a", "nosuch").unwrap_err(), "unknown encoding: nosuch");
        assert!(encoded("a", "cp1252").unwrap_err().contains("not built"));
    }
}
