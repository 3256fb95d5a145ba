//! Host patterns, limits, addresses and host lists over a small inventory.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nafal_inventory::{Inventory, Mismatch, Options, expand_limit, parse_address, split_patterns};

fuzz_target!(|text: &str| {
    let _ = parse_address(text);
    let parts = split_patterns(text);
    if parts.iter().any(|part| part.starts_with('@')) {
        return;
    }
    let sources = ["web1,web2,db[01:20],2001:db8::1,mail.example.org,".to_owned()];
    let Ok((inventory, _)) = Inventory::load(&sources, &Options::default()) else { return };
    let limit = expand_limit(text).ok();
    let _ = inventory.matching_all(&[text], limit.as_deref(), Mismatch::Warning);
    let _ = inventory.matching("all", Some(text));
});
