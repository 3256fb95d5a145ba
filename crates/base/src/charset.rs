//! Text as bytes of an encoding and back, by Python's names for encodings and in Python's words for
//! what goes wrong. Must not know whose text it is.

mod tables;

use encoding_rs::{DecoderResult, EncoderResult};
use thiserror::Error;

/// An encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// UTF-8 that begins with a byte order mark.
    Utf8Signed,
    /// UTF-16 with a byte order mark; without one it is taken as little endian.
    Utf16Marked,
    /// UTF-16, little endian.
    Utf16Little,
    /// UTF-16, big endian.
    Utf16Big,
    /// UTF-32 with a byte order mark.
    Utf32Marked,
    /// The first 256 characters.
    Latin1,
    /// The first 128.
    Ascii,
    /// One of mainframes' or DOS's.
    Table(&'static tables::Table),
    /// One of those that the web knows beside these.
    Other(&'static encoding_rs::Encoding),
}

/// Why there is no text, or why there are no bytes. Positions are characters of a text, bytes otherwise.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CharsetError {
    /// Nobody has this encoding.
    #[error("unknown encoding: {name}")]
    Unknown {
        /// The name that was given.
        name: String,
    },
    /// Python has it, nafal doesn't.
    #[error("the encoding '{name}' is not built yet in nafal")]
    NotBuilt {
        /// The name that was given.
        name: String,
    },
    /// Characters that the encoding hasn't.
    #[error("'{codec}' codec can't encode {what}: {why}")]
    Encode {
        /// Python's name of the codec.
        codec: &'static str,
        /// Which characters, and where.
        what: String,
        /// The reason.
        why: String,
    },
    /// Bytes that are no text.
    #[error("'{codec}' codec can't decode {what}: {why}")]
    Decode {
        /// Python's name of the codec.
        codec: &'static str,
        /// Which bytes, and where.
        what: String,
        /// The reason.
        why: String,
    },
}

/// Encodings that Python has and this doesn't, by how their names begin.
const OTHERS: &[&str] = &["cp", "iso", "hz", "johab", "ptcp", "kz", "mac", "palmos", "tis", "utf"];

/// Names of Python's that the web has under another one.
const RENAMED: &[(&str, &str)] = &[
    ("cp932", "shift_jis"),
    ("cp936", "gbk"),
    ("cp949", "euc-kr"),
    ("cp950", "big5"),
    ("cp874", "windows-874"),
    ("mac-roman", "macintosh"),
    ("mac-cyrillic", "x-mac-cyrillic"),
];

impl Charset {
    /// The encoding that Python means by a name.
    pub fn named(name: &str) -> Result<Charset, CharsetError> {
        let lower = name.trim().to_lowercase().replace(['_', ' '], "-");
        let plain = lower.replace('-', "");
        Ok(match plain.as_str() {
            "utf8" | "u8" => Charset::Utf8,
            "utf8sig" => Charset::Utf8Signed,
            "utf16" | "u16" => Charset::Utf16Marked,
            "utf16le" => Charset::Utf16Little,
            "utf16be" => Charset::Utf16Big,
            "utf32" | "u32" => Charset::Utf32Marked,
            "latin1" | "latin" | "l1" | "iso88591" => Charset::Latin1,
            "ascii" | "usascii" => Charset::Ascii,
            _ => return other(name, &lower),
        })
    }

    /// The bytes of a text.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, CharsetError> {
        let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes);
        Ok(match self {
            Charset::Utf8 => text.as_bytes().to_vec(),
            Charset::Utf8Signed => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            Charset::Utf16Marked => {
                [0xff, 0xfe].into_iter().chain(utf16(u16::to_le_bytes)).collect()
            }
            Charset::Utf16Little => utf16(u16::to_le_bytes).collect(),
            Charset::Utf16Big => utf16(u16::to_be_bytes).collect(),
            Charset::Utf32Marked => {
                let units = text.chars().flat_map(|c| u32::from(c).to_le_bytes());
                [0xff, 0xfe, 0, 0].into_iter().chain(units).collect()
            }
            Charset::Latin1 => narrow(text, "latin-1", 0xff)?,
            Charset::Ascii => narrow(text, "ascii", 0x7f)?,
            Charset::Table(table) => {
                table.encode(text).map_err(|(at, c)| unmapped(c, at, "charmap"))?
            }
            Charset::Other(encoding) => encode_other(text, encoding)?,
        })
    }

    /// The text of bytes, if all of them are text.
    pub fn decode(self, bytes: &[u8]) -> Result<String, CharsetError> {
        match self {
            Charset::Utf8 => utf8(bytes),
            Charset::Utf8Signed => utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
            Charset::Utf16Marked => match bytes {
                [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes, "utf-16"),
                [0xff, 0xfe, rest @ ..] | rest => wide(rest, u16::from_le_bytes, "utf-16"),
            },
            Charset::Utf16Little => wide(bytes, u16::from_le_bytes, "utf-16-le"),
            Charset::Utf16Big => wide(bytes, u16::from_be_bytes, "utf-16-be"),
            Charset::Utf32Marked => {
                let bytes = bytes.strip_prefix(&[0xff, 0xfe, 0, 0]).unwrap_or(bytes);
                let units = bytes.chunks(4).map(|unit| {
                    let unit = <[u8; 4]>::try_from(unit).ok()?;
                    char::from_u32(u32::from_le_bytes(unit))
                });
                units.collect::<Option<String>>().ok_or_else(|| undecodable("utf-32", bytes, 0))
            }
            Charset::Latin1 => Ok(bytes.iter().copied().map(char::from).collect()),
            Charset::Ascii => match bytes.iter().position(|byte| !byte.is_ascii()) {
                None => utf8(bytes),
                Some(at) => Err(CharsetError::Decode {
                    codec: "ascii",
                    what: format!("byte {:#04x} in position {at}", bytes[at]),
                    why: "ordinal not in range(128)".to_owned(),
                }),
            },
            Charset::Table(table) => Ok(table.decode(bytes)),
            Charset::Other(encoding) => decode_other(bytes, encoding),
        }
    }

    /// The same; what isn't text becomes replacement characters.
    pub fn decode_lossy(self, bytes: &[u8]) -> String {
        if let Ok(text) = self.decode(bytes) {
            return text;
        }
        let units = |unit: fn([u8; 2]) -> u16| -> Vec<u16> {
            bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect()
        };
        match self {
            Charset::Utf16Big => String::from_utf16_lossy(&units(u16::from_be_bytes)),
            Charset::Utf16Marked | Charset::Utf16Little => {
                String::from_utf16_lossy(&units(u16::from_le_bytes))
            }
            Charset::Other(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            _ => String::from_utf8_lossy(bytes).into_owned(),
        }
    }
}

fn other(name: &str, lower: &str) -> Result<Charset, CharsetError> {
    if let Some(table) = tables::named(lower) {
        return Ok(Charset::Table(table));
    }
    let renamed = RENAMED.iter().find(|(python, _)| *python == lower).map(|(_, web)| *web);
    let windows = lower.strip_prefix("cp").map(|number| format!("windows-{number}"));
    let ibm = lower.strip_prefix("cp").map(|number| format!("ibm{number}"));
    let labels = [renamed, Some(lower), windows.as_deref(), ibm.as_deref()];
    let found = labels
        .into_iter()
        .flatten()
        .find_map(|label| encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()));
    found.map(Charset::Other).ok_or_else(|| {
        let name = name.to_owned();
        match OTHERS.iter().any(|known| lower.starts_with(known)) {
            true => CharsetError::NotBuilt { name },
            false => CharsetError::Unknown { name },
        }
    })
}

/// One byte a character; those that are too large are refused, a run of them at once.
fn narrow(text: &str, codec: &'static str, last: u8) -> Result<Vec<u8>, CharsetError> {
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
    Err(CharsetError::Encode { codec, what, why: format!("ordinal not in range({range})") })
}

fn encode_other(
    text: &str,
    encoding: &'static encoding_rs::Encoding,
) -> Result<Vec<u8>, CharsetError> {
    let mut encoder = encoding.new_encoder();
    let room = encoder.max_buffer_length_from_utf8_without_replacement(text.len());
    let mut bytes = Vec::with_capacity(room.unwrap_or(text.len() * 4));
    let (result, read) =
        encoder.encode_from_utf8_to_vec_without_replacement(text, &mut bytes, true);
    let EncoderResult::Unmappable(c) = result else { return Ok(bytes) };
    let at = text.get(..read).map_or(0, |before| before.chars().count()).saturating_sub(1);
    Err(unmapped(c, at, codec_of(encoding)))
}

/// A character that an encoding hasn't.
fn unmapped(c: char, at: usize, codec: &'static str) -> CharsetError {
    let why = match codec {
        "charmap" => "character maps to <undefined>",
        _ => "illegal multibyte sequence",
    };
    let what = format!("character '{}' in position {at}", escaped(c));
    CharsetError::Encode { codec, what, why: why.to_owned() }
}

fn decode_other(
    bytes: &[u8],
    encoding: &'static encoding_rs::Encoding,
) -> Result<String, CharsetError> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(room.unwrap_or(bytes.len() * 4));
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::Malformed(bad, after) => {
            let at = read.saturating_sub(usize::from(bad) + usize::from(after));
            Err(undecodable(codec_of(encoding), bytes, at))
        }
        _ => Ok(text),
    }
}

/// Python has one codec for all that map single bytes.
fn codec_of(encoding: &'static encoding_rs::Encoding) -> &'static str {
    if encoding.is_single_byte() { "charmap" } else { encoding.name() }
}

fn undecodable(codec: &'static str, bytes: &[u8], at: usize) -> CharsetError {
    let byte = bytes.get(at).copied().unwrap_or_default();
    let why = match codec {
        "charmap" => "character maps to <undefined>",
        "utf-32" => "code point not in range(0x110000)",
        _ => "illegal multibyte sequence",
    };
    let what = format!("byte {byte:#04x} in position {at}");
    CharsetError::Decode { codec, what, why: why.to_owned() }
}

fn utf8(bytes: &[u8]) -> Result<String, CharsetError> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        Err(error) => error,
    };
    let at = error.valid_up_to();
    let first = bytes[at];
    let length = error.error_len().unwrap_or(bytes.len() - at);
    let why = match error.error_len() {
        None => "unexpected end of data",
        Some(_) if matches!(first, 0xc2..=0xf4) => "invalid continuation byte",
        Some(_) => "invalid start byte",
    };
    let what = match length {
        1 => format!("byte {first:#04x} in position {at}"),
        length => format!("bytes in position {at}-{}", at + length - 1),
    };
    Err(CharsetError::Decode { codec: "utf-8", what, why: why.to_owned() })
}

fn wide(
    bytes: &[u8],
    unit: fn([u8; 2]) -> u16,
    codec: &'static str,
) -> Result<String, CharsetError> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let fault = |at: usize, why: &str| CharsetError::Decode {
        codec,
        what: format!("byte {:#04x} in position {at}", bytes.get(at).copied().unwrap_or_default()),
        why: why.to_owned(),
    };
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut at = 0;
    for c in char::decode_utf16(units) {
        let c = c.map_err(|_| fault(at, "illegal encoding"))?;
        at += 2 * c.len_utf16();
        text.push(c);
    }
    match bytes.len() % 2 {
        0 => Ok(text),
        _ => Err(fault(bytes.len() - 1, "truncated data")),
    }
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

    fn encoded(text: &str, name: &str) -> Result<Vec<u8>, String> {
        Charset::named(name)
            .and_then(|charset| charset.encode(text))
            .map_err(|error| error.to_string())
    }

    fn decoded(bytes: &[u8], name: &str) -> Result<String, String> {
        Charset::named(name)
            .and_then(|charset| charset.decode(bytes))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn there_and_back() {
        let cases: &[(&str, &str, &[u8])] = &[
            ("é", "Latin-1", &[0xe9]),
            ("aé", "utf-16", &[0xff, 0xfe, b'a', 0, 0xe9, 0]),
            ("é", "UTF_16_BE", &[0, 0xe9]),
            ("a", "utf-8-sig", &[0xef, 0xbb, 0xbf, b'a']),
            ("a", "us-ascii", b"a"),
            ("a😀", "utf-32", &[0xff, 0xfe, 0, 0, b'a', 0, 0, 0, 0, 0xf6, 1, 0]),
            ("€", "cp1252", &[0x80]),
            ("ж", "koi8_r", &[0xd6]),
            ("я", "cp866", &[0xef]),
            ("日", "shift_jis", &[0x93, 0xfa]),
            ("Äa", "CP273", &[0x4a, 0x81]),
        ];
        for (text, name, bytes) in cases {
            assert_eq!(encoded(text, name).as_deref(), Ok(*bytes), "{name}");
            assert_eq!(decoded(bytes, name).as_deref(), Ok(*text), "{name}");
        }
    }

    #[test]
    fn faults_in_pythons_words() {
        let ascii = |text| encoded(text, "ascii").unwrap_err();
        assert_eq!(
            ascii("xé"),
            "'ascii' codec can't encode character '\\xe9' in position 1: ordinal not in range(128)"
        );
        assert!(ascii("xéü").contains("characters in position 1-2"));
        assert_eq!(
            encoded("x✓", "cp1252").unwrap_err(),
            "'charmap' codec can't encode character '\\u2713' in position 1: character maps to <undefined>"
        );
        assert_eq!(encoded("a", "nosuch").unwrap_err(), "unknown encoding: nosuch");
        assert!(encoded("a", "cp424").unwrap_err().contains("not built"));
        let utf8 = |bytes: &[u8]| decoded(bytes, "utf-8").unwrap_err();
        assert_eq!(
            utf8(b"a\xff"),
            "'utf-8' codec can't decode byte 0xff in position 1: invalid start byte"
        );
        assert!(utf8(b"caf\xe9\n").ends_with("byte 0xe9 in position 3: invalid continuation byte"));
        assert!(utf8(b"\xe2\x82").ends_with("bytes in position 0-1: unexpected end of data"));
        assert!(decoded(b"a\xe9", "ascii").unwrap_err().ends_with("ordinal not in range(128)"));
        assert!(decoded(b"abc", "utf-16-le").unwrap_err().ends_with("truncated data"));
    }
}
