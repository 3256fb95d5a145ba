//! Long frames made shorter, for a way that may be slow. Must not know what is in them.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// Whether frames are made shorter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Packing {
    /// They travel as they are: within one machine.
    #[default]
    Never,
    /// Where it helps: over a network.
    WhereItHelps,
}

/// The word on an agent's command line for [`Packing::WhereItHelps`].
pub const WORD: &str = "packed";

/// Shorter ones fit into a packet or three.
const SHORTEST: usize = 4096;
/// How much tells whether the whole is worth it: most large files are compressed already.
const SAMPLE: usize = 16 * 1024;

/// The bytes made shorter; None where that isn't worth it.
pub(crate) fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() < SHORTEST {
        return None;
    }
    let middle = bytes.len() / 2;
    let from = middle.saturating_sub(SAMPLE / 2);
    let sample = bytes.get(from..(from + SAMPLE).min(bytes.len()))?;
    let worth = |short: &[u8], long: &[u8]| short.len() < long.len() / 8 * 7;
    if sample.len() < bytes.len() && !worth(&deflated(sample)?, sample) {
        return None;
    }
    deflated(bytes).filter(|short| worth(short, bytes))
}

/// The bytes as they were; an error when they were more than `longest`.
pub(crate) fn unpacked(bytes: &[u8], longest: u32) -> io::Result<Vec<u8>> {
    let mut whole = Vec::with_capacity(bytes.len().saturating_mul(2).min(1 << 21));
    let read = ZlibDecoder::new(bytes).take(u64::from(longest) + 1).read_to_end(&mut whole)?;
    if read > longest as usize {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the frame is too long"));
    }
    Ok(whole)
}

fn deflated(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_gets_shorter() {
        let text = "server 10.0.0.1;\n".repeat(20_000).into_bytes();
        let short = packed(&text).unwrap();
        assert!(short.len() < text.len() / 20);
        assert_eq!(unpacked(&short, 1 << 20).unwrap(), text);
        assert_eq!(packed(&text[..1000]), None);
        let mut noise = vec![0_u8; 1 << 20];
        let mut state = 1_u64;
        for byte in &mut noise {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = (state >> 56) as u8;
        }
        assert_eq!(packed(&noise), None);
    }

    #[test]
    fn a_bomb_is_refused() {
        let short = packed(&vec![0; 1 << 20]).unwrap();
        assert_eq!(unpacked(&short, 1 << 20).unwrap().len(), 1 << 20);
        assert!(unpacked(&short, (1 << 20) - 1).is_err());
        assert!(unpacked(&short[..100], 1 << 20).is_err());
    }
}
