//! The local time zone, from `TZ` or the system's file, as far as templates need it. Reads zone
//! files itself, because a static binary can't ask the C library.

use std::path::{Path, PathBuf};

use crate::effects::Effects;

/// Seconds ahead of UTC at this moment, and the name that the zone has then.
pub(crate) fn offset_at(effects: &dyn Effects, seconds: i64) -> (i32, String) {
    let path = match effects.env("TZ").as_deref() {
        None => PathBuf::from("/etc/localtime"),
        Some("") => return utc(),
        Some(zone) => {
            let zone = zone.strip_prefix(':').unwrap_or(zone);
            Path::new("/usr/share/zoneinfo").join(zone)
        }
    };
    effects.read(&path).ok().and_then(|bytes| zone_at(&bytes, seconds)).unwrap_or_else(utc)
}

fn utc() -> (i32, String) {
    (0, "UTC".to_owned())
}

/// A reader over a zone file's big-endian numbers.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    fn number(&mut self, width: usize) -> Option<i64> {
        let bytes = self.take(width)?;
        let start = if bytes.first()? & 0x80 != 0 { -1 } else { 0 };
        Some(bytes.iter().fold(start, |number, byte| (number << 8) | i64::from(*byte)))
    }
}

/// Counts of a zone file's header.
struct Header {
    version: u8,
    utc: usize,
    standard: usize,
    leaps: usize,
    times: usize,
    types: usize,
    names: usize,
}

fn header(bytes: &mut Bytes<'_>) -> Option<Header> {
    if bytes.take(4)? != b"TZif" {
        return None;
    }
    let version = *bytes.take(1)?.first()?;
    bytes.take(15)?;
    let mut count = || bytes.number(4).and_then(|number| usize::try_from(number).ok());
    Some(Header {
        version,
        utc: count()?,
        standard: count()?,
        leaps: count()?,
        times: count()?,
        types: count()?,
        names: count()?,
    })
}

fn zone_at(file: &[u8], seconds: i64) -> Option<(i32, String)> {
    let mut bytes = Bytes(file);
    let mut head = header(&mut bytes)?;
    let mut width = 4;
    if head.version != 0 {
        let first = head.times * 5
            + head.types * 6
            + head.names
            + head.leaps * 8
            + head.standard
            + head.utc;
        bytes.take(first)?;
        head = header(&mut bytes)?;
        width = 8;
    }
    let times: Vec<i64> = (0..head.times).map(|_| bytes.number(width)).collect::<Option<_>>()?;
    let kinds = bytes.take(head.times)?;
    let types = bytes.take(head.types * 6)?;
    let names = bytes.take(head.names)?;
    let index = times.partition_point(|time| *time <= seconds);
    // ponytail: past the last listed change the last zone stays; files list changes to 2037, read
    // the rule at the file's end when somebody plans further ahead.
    let kind = match index.checked_sub(1) {
        Some(index) => usize::from(*kinds.get(index)?),
        None => 0,
    };
    let entry = types.get(kind * 6..kind * 6 + 6)?;
    let offset = i32::from_be_bytes([entry[0], entry[1], entry[2], entry[3]]);
    let name = names.get(usize::from(entry[5])..)?.split(|byte| *byte == 0).next()?;
    Some((offset, String::from_utf8_lossy(name).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_zone() {
        let mut file = b"TZif\0".to_vec();
        file.extend([0; 15]);
        for count in [0_u32, 0, 0, 1, 2, 8] {
            file.extend(count.to_be_bytes());
        }
        file.extend(100_i32.to_be_bytes());
        file.push(1);
        for (offset, name) in [(3600_i32, 0_u8), (7200, 4)] {
            file.extend(offset.to_be_bytes());
            file.extend([0, name]);
        }
        file.extend(b"AAA\0BBB\0");
        assert_eq!(zone_at(&file, 99), Some((3600, "AAA".to_owned())));
        assert_eq!(zone_at(&file, 100), Some((7200, "BBB".to_owned())));
        assert_eq!(zone_at(b"nonsense", 0), None);
    }
}
