//! Frames between controller and agent, from a peer that says anything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nafal_base::wire::{FromAgent, ToAgent, read_frame, write_frame};

fuzz_target!(|bytes: &[u8]| {
    let mut from = bytes;
    while let Ok(Some(message)) = read_frame::<ToAgent>(&mut from) {
        write_frame(&mut Vec::new(), &message).expect("what was read can be written");
    }
    let mut from = bytes;
    while let Ok(Some(message)) = read_frame::<FromAgent>(&mut from) {
        write_frame(&mut Vec::new(), &message).expect("what was read can be written");
    }
});
