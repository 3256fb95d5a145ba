//! INI inventories, and those in YAML and of hosts: through the door that users take.
#![no_main]

use std::io::Write;

use libfuzzer_sys::fuzz_target;
use nafal_inventory::{Inventory, ListOptions, Options};

fuzz_target!(init: nafal_parser::yaml::silence_scanner(), |bytes: &[u8]| {
    // Ranges of hosts may be as long as memory lasts, here and with stock: no number of four digits, no three ranges multiplied.
    let many = |line: &[u8]| line.iter().filter(|byte| **byte == b'[').count() > 2;
    if bytes.windows(4).any(|window| window.iter().all(u8::is_ascii_digit)) || bytes.split(|byte| *byte == b'\n').any(many) {
        return;
    }
    let Ok(mut file) = tempfile::Builder::new().prefix("hosts").tempfile_in("/dev/shm") else {
        return;
    };
    if file.write_all(bytes).is_err() {
        return;
    }
    let sources = [file.path().display().to_string()];
    if let Ok((inventory, _)) = Inventory::load(&sources, &Options::default()) {
        let _ = inventory.graph("all", Some(&ListOptions::default()));
    }
});
