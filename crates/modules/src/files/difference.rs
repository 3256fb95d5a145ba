//! What a file's content was and will be, as results show it. Must not know how it is drawn.

use std::fs;
use std::path::Path;

use nafal_base::{Dict, Value};

use crate::ctx::Ctx;

/// The most bytes that are shown of a file, where `max_diff_size` doesn't say so.
const LARGEST: u64 = 104_448;

/// A file with more bytes isn't shown; None where any is.
fn limit(ctx: &Ctx) -> Option<u64> {
    let limit = ctx.surroundings().diff_limit.unwrap_or(LARGEST);
    (limit > 0).then_some(limit)
}

/// One side of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

impl Side {
    fn keys(self) -> [&'static str; 3] {
        match self {
            Side::Before => ["before", "before_header", "dst_binary"],
            Side::After => ["after", "after_header", "src_binary"],
        }
    }
}

/// The entry of `diff` for a file that gets new content, as copy and template show it.
pub fn of_content(
    ctx: &Ctx,
    path: &Path,
    new: &[u8],
    (old_header, new_header): (&str, &str),
) -> Value {
    let mut entry = Dict::new();
    let limit = limit(ctx);
    let is_too_large = |length: u64| limit.is_some_and(|limit| length > limit);
    let told = limit.and_then(|limit| i64::try_from(limit).ok()).map(Value::Int);
    let told = told.unwrap_or_default();
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {
            if is_too_large(metadata.len()) {
                entry.insert("dst_larger", told.clone());
            } else {
                let old = fs::read(path).unwrap_or_default();
                add(&mut entry, Side::Before, &old, old_header);
            }
        }
        _ => {
            entry.insert("before", "".into());
        }
    }
    if is_too_large(new.len() as u64) {
        entry.insert("src_larger", told);
    } else {
        add(&mut entry, Side::After, new, new_header);
    }
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
    let [text, header_key, binary] = side.keys();
    if content.contains(&0) {
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
