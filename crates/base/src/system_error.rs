//! The system's words for an error. Must not know what was tried.

use std::io;

/// What the system says, in its own words alone: `Permission denied`.
pub fn system_words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_the_number() {
        assert_eq!(system_words(&io::Error::from_raw_os_error(2)), "No such file or directory");
        assert_eq!(system_words(&io::Error::other("of our own")), "of our own");
    }
}
