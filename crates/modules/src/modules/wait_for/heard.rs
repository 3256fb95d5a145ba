//! Any bytes as text, so that an expression can look into what isn't text. Must not know where they come from.

/// Where bytes that aren't UTF-8 stand: the last private plane.
const STAND_INS: u32 = 0x0010_ff00;

/// The text; each byte that isn't UTF-8 is one character of its own.
pub fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let stand_ins = chunk.invalid().iter().map(|byte| STAND_INS + u32::from(*byte));
        text.extend(stand_ins.filter_map(char::from_u32));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_around_bytes_stays() {
        assert_eq!(text("aé".as_bytes()), "aé");
        let mixed = text(b"a\xffb");
        assert_eq!(mixed.chars().count(), 3);
        assert!(mixed.starts_with('a') && mixed.ends_with('b'));
    }
}
