//! A command line as stock's library splits it: quotes and backslashes, and no empty words. Must not know commands.

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Quotes(char),
    Escape,
}

/// The words. A quote that isn't closed ends with the line.
pub fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut inside = Inside::Nothing;
    for character in line.chars() {
        match (inside, character) {
            (Inside::Escape, _) => {
                word.push(character);
                inside = Inside::Nothing;
            }
            (Inside::Quotes(quote), _) if character == quote => inside = Inside::Nothing,
            (Inside::Quotes(_), _) => word.push(character),
            (Inside::Nothing, '\\') => inside = Inside::Escape,
            (Inside::Nothing, '\'' | '"') => inside = Inside::Quotes(character),
            (Inside::Nothing, _) if character.is_whitespace() => {
                words.push(std::mem::take(&mut word));
            }
            (Inside::Nothing, _) => word.push(character),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn as_pexpect_splits() {
        assert_eq!(
            split(r#"printf '%s|'  a "b c" d\ e '' x'y z'"#),
            ["printf", "%s|", "a", "b c", "d e", "xy z"]
        );
        assert_eq!(split("echo 'a b"), ["echo", "a b"]);
        assert_eq!(split(r#""a\" b"#), ["a\\", "b"]);
    }
}
