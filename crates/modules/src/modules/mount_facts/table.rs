//! Tables of mounts with one line each: fstab, Solaris' vfstab, and what `mount` prints. A table that has one line
//! that isn't of its kind isn't of its kind. Must not know where they are from.

use nafal_base::Value;

use crate::facts::without_octal;

/// A mount as a table has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The device, or what else is mounted.
    pub device: String,
    /// Where.
    pub place: String,
    /// The kind of its file system.
    pub kind: String,
    /// What else is said of it, by the names of the facts.
    pub more: Vec<(&'static str, Value)>,
    /// The lines that say it.
    pub said: String,
}

/// The entries of a file, of whichever kind it is.
pub fn of_file(text: &str) -> Vec<Entry> {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let all = |entry: fn(&str) -> Option<Entry>| {
        lines.iter().map(|line| entry(line)).collect::<Option<Vec<Entry>>>()
    };
    all(fstab).or_else(|| all(vfstab)).unwrap_or_else(|| super::stanzas::entries(text))
}

/// The entries of what `mount` printed.
pub fn of_mount(text: &str) -> Vec<Entry> {
    let entries: Option<Vec<Entry>> = text.lines().map(printed).collect();
    entries.unwrap_or_default()
}

fn fields(line: &str) -> Vec<String> {
    line.split_whitespace().map(without_octal).collect()
}

fn fstab(line: &str) -> Option<Entry> {
    let fields = fields(line);
    let [device, place, kind, options, numbers @ ..] = &fields[..] else { return None };
    let mut more = vec![("options", Value::from(options.as_str()))];
    for (name, number) in ["dump", "passno"].into_iter().zip(numbers) {
        more.push((name, Value::Int(number.parse().ok()?)));
    }
    Some(Entry {
        device: device.clone(),
        place: place.clone(),
        kind: kind.clone(),
        more,
        said: line.to_owned(),
    })
}

fn vfstab(line: &str) -> Option<Entry> {
    let fields = fields(line);
    let [device, checked, place, kind, pass, at_boot, options] = &fields[..] else { return None };
    let pass = pass.parse().map_or_else(|_| Value::from(pass.as_str()), Value::Int);
    Some(Entry {
        device: device.clone(),
        place: place.clone(),
        kind: kind.clone(),
        more: vec![
            ("options", options.as_str().into()),
            ("device_to_fsck", checked.as_str().into()),
            ("passno", pass),
            ("mount_at_boot", at_boot.as_str().into()),
        ],
        said: line.to_owned(),
    })
}

/// `DEVICE on PLACE type KIND (OPTIONS)`, or `DEVICE on PLACE (KIND, OPTIONS)`.
fn printed(line: &str) -> Option<Entry> {
    let mut rest = line.splitn(4, ' ');
    let (device, on, place, rest) = (rest.next()?, rest.next()?, rest.next()?, rest.next()?);
    let inside = |text: &str| {
        let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
        inner.map(str::to_owned)
    };
    let (kind, options) = match rest.strip_prefix("type ") {
        Some(rest) => {
            let (kind, options) = rest.split_once(' ')?;
            (kind.to_owned(), inside(options)?)
        }
        None => {
            let inner = inside(rest)?;
            let (kind, options) = inner.split_once(", ").unwrap_or((&inner, ""));
            (kind.to_owned(), options.to_owned())
        }
    };
    (on == "on").then(|| Entry {
        device: device.to_owned(),
        place: place.to_owned(),
        kind,
        more: vec![("options", options.into())],
        said: line.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(entries: &[Entry]) -> Vec<&str> {
        entries.iter().map(|entry| entry.place.as_str()).collect()
    }

    #[test]
    fn files() {
        let found = of_file("# c\n\t/dev/a\t/x\\040y ext4 ro 0 1 more\n\nLABEL=b /z xfs rw\n");
        assert_eq!(places(&found), ["/x y", "/z"]);
        assert_eq!(found[0].said, "/dev/a\t/x\\040y ext4 ro 0 1 more");
        assert_eq!(found[0].more[2], ("passno", Value::Int(1)));
        assert_eq!(found[1].more.len(), 1);
        let found = of_file("/dev/a /dev/r /b ufs 1 no logging\nswap - /c tmpfs - yes -\n");
        assert_eq!(places(&found), ["/b", "/c"]);
        assert_eq!(found[1].more[2], ("passno", Value::from("-")));
        for bad in ["/dev/a /x ext4 ro\n/dev/b /y ext4\n", "a /b c d e f\n", "ext4\nnodev proc\n"] {
            assert_eq!(of_file(bad), [], "{bad}");
        }
    }

    #[test]
    fn what_mount_prints() {
        let found = of_mount("/dev/a on / type ext4 (rw,x)\nb on /c (apfs, local, y)\n");
        assert_eq!(places(&found), ["/", "/c"]);
        assert_eq!((found[1].kind.as_str(), &found[1].more[0].1), ("apfs", &"local, y".into()));
        for bad in
            ["a on /b c type d (e)\n", "a on / type b (c) [d]\n", "a on / type b (c)\n\n", "x"]
        {
            assert_eq!(of_mount(bad), [], "{bad}");
        }
    }
}
