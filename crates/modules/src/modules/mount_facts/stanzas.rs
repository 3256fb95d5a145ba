//! AIX's table of file systems: a stanza each, of indented `key = value`. Must not know where it is from.

use nafal_base::{Dict, Value};

use super::table::Entry;

/// The entries; none of what isn't such a table.
pub fn entries(text: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut stanza: Vec<&str> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('*') && !line.trim().is_empty()) {
        if !line.starts_with(char::is_whitespace) {
            found.extend(entry(&stanza));
            stanza.clear();
        }
        stanza.push(line);
    }
    found.extend(entry(&stanza));
    found
}

fn entry(stanza: &[&str]) -> Option<Entry> {
    let (head, lines) = stanza.split_first()?;
    let place = head.trim_end().strip_suffix(':')?;
    let mut attributes = Dict::new();
    for line in lines {
        let (key, value) = line.split_once('=')?;
        attributes.insert(key.trim(), Value::from(value.trim()));
    }
    let text = |key: &str| attributes.get(key).and_then(Value::as_str);
    let device = text("dev").unwrap_or_default();
    let device = match text("nodename") {
        Some(host) => format!("{host}:{device}"),
        None => device.to_owned(),
    };
    Some(Entry {
        device,
        place: place.to_owned(),
        kind: text("vfs").unwrap_or_default().to_owned(),
        said: stanza.join("\n"),
        more: vec![("attributes", Value::Dict(attributes))],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stanzas() {
        let text = "* c\n/:\n  dev  = /dev/a\n  vfs = jfs2\n\n/n:\n\tdev = \"/e\"\n\tvfs = nfs\n\tnodename = h\n";
        let found = entries(text);
        assert_eq!(found[0].said, "/:\n  dev  = /dev/a\n  vfs = jfs2");
        assert_eq!((found[1].device.as_str(), found[1].kind.as_str()), ("h:\"/e\"", "nfs"));
        assert_eq!(entries("ext4\nnodev\tproc\n"), []);
    }
}
