//! What a file's content was and will be, as results show it. Must not know how it is drawn.

use std::fs;
use std::path::Path;

use nafal_base::{Dict, Value};

/// The most bytes that are shown of a file (stock's `max_diff_size`).
pub const LARGEST: usize = 104_448;

/// One side of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

impl Side {
    fn keys(self) -> [&'static str; 4] {
        match self {
            Side::Before => ["before", "before_header", "dst_binary", "dst_larger"],
            Side::After => ["after", "after_header", "src_binary", "src_larger"],
        }
    }
}

/// The entry of `diff` for a file that gets new content, as copy and template show it.
pub fn of_content(path: &Path, new: &[u8], old_header: &str, new_header: &str) -> Value {
    let mut entry = Dict::new();
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {
            if metadata.len() > LARGEST as u64 {
                entry.insert("dst_larger", LARGEST.into());
            } else {
                let old = fs::read(path).unwrap_or_default();
                add(&mut entry, Side::Before, &old, old_header);
            }
        }
        _ => {
            entry.insert("before", "".into());
        }
    }
    add(&mut entry, Side::After, new, new_header);
    Value::Dict(entry)
}

/// The entry for texts that are at hand, whole.
pub fn of_texts((before, after): (&str, &str), (old_header, new_header): (&str, &str)) -> Dict {
    [
        ("before", Value::from(before)),
        ("after", after.into()),
        ("before_header", old_header.into()),
        ("after_header", new_header.into()),
    ]
    .into_iter()
    .collect()
}

fn add(entry: &mut Dict, side: Side, content: &[u8], header: &str) {
    let [text, header_key, binary, larger] = side.keys();
    if content.len() > LARGEST {
        entry.insert(larger, LARGEST.into());
    } else if content.contains(&0) {
        entry.insert(binary, Value::Int(1));
        // The new content is named even when it isn't shown.
        if side == Side::After {
            entry.insert(header_key, header.into());
        }
    } else {
        entry.insert(header_key, header.into());
        entry.insert(text, String::from_utf8_lossy(content).into_owned().into());
    }
}
