//! The system's words for an error. Must not know what was tried.

use std::io;

/// What the system says, in its own words alone: `Permission denied`.
pub fn system_words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

/// The same as Python says it, with the error's number: `[Errno 13] Permission denied`.
pub fn python_words(error: &io::Error) -> String {
    let words = system_words(error);
    // One that is wrapped has no number of its own.
    let number = error
        .to_string()
        .split("(os error ")
        .nth(1)
        .and_then(|rest| rest.split(')').next()?.parse::<i32>().ok());
    match error.raw_os_error().or(number) {
        Some(number) => format!("[Errno {number}] {words}"),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_the_number() {
        let missing = io::Error::from_raw_os_error(2);
        assert_eq!(python_words(&missing), "[Errno 2] No such file or directory");
        let wrapped = io::Error::other(format!("{missing} at path \"/x\""));
        assert_eq!(python_words(&wrapped), "[Errno 2] No such file or directory");
        assert_eq!(python_words(&io::Error::other("of our own")), "of our own");
    }

    #[test]
    fn without_the_number() {
        assert_eq!(system_words(&io::Error::from_raw_os_error(2)), "No such file or directory");
        assert_eq!(system_words(&io::Error::other("of our own")), "of our own");
    }
}
