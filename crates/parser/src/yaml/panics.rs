//! The YAML scanner panics at some faults instead of telling them (`libyaml-safer` 0.3). They are caught
//! ([`super::events`]) and told as what they are; here, nobody gets to see the panics themselves.

use std::panic::{set_hook, take_hook};

/// From now on the scanner's panics are silent; all others are told as before. Call it once a process.
pub fn silence_scanner() {
    let told = take_hook();
    set_hook(Box::new(move |panic| {
        let place = panic.location();
        if !place.is_some_and(|place| place.file().contains("libyaml-safer")) {
            told(panic);
        }
    }));
}
