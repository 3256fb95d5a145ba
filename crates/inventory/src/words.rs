//! A host line of an INI inventory into words, as Python's shlex does with comments on: quotes
//! vanish, `#` starts a comment even inside a word.

/// The words of a line, or why there are none.
pub(crate) fn split(line: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut open = false;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '#' => break,
            ' ' | '\t' | '\r' | '\n' => {
                if std::mem::take(&mut open) {
                    words.push(std::mem::take(&mut word));
                }
            }
            '\\' => {
                open = true;
                word.push(characters.next().ok_or("No escaped character")?);
            }
            '\'' => {
                open = true;
                loop {
                    match characters.next().ok_or("No closing quotation")? {
                        '\'' => break,
                        inner => word.push(inner),
                    }
                }
            }
            '"' => {
                open = true;
                double_quoted(&mut characters, &mut word)?;
            }
            other => {
                open = true;
                word.push(other);
            }
        }
    }
    if open {
        words.push(word);
    }
    Ok(words)
}

/// Inside double quotes a backslash stands for itself, unless it is before a quote or another.
fn double_quoted(characters: &mut std::str::Chars, word: &mut String) -> Result<(), &'static str> {
    loop {
        match characters.next().ok_or("No closing quotation")? {
            '"' => return Ok(()),
            '\\' => {
                let next = characters.next().ok_or("No closing quotation")?;
                if !matches!(next, '"' | '\\') {
                    word.push('\\');
                }
                word.push(next);
            }
            inner => word.push(inner),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expect: &[&str]) {
        assert_eq!(split(line).unwrap(), expect);
    }

    #[test]
    fn words() {
        check("h1 a=1  b='x y'\tc=\"d e\" # rest", &["h1", "a=1", "b=x y", "c=d e"]);
        check("h s=hello#no c=1", &["h", "s=hello"]);
        check(r#"h a="\"1\"" b='\n' c=\'"#, &["h", "a=\"1\"", "b=\\n", "c='"]);
        check(r#"h a="\n" b="#, &["h", "a=\\n", "b="]);
        check("# all", &[]);
        check("h ''", &["h", ""]);
        assert_eq!(split("h \"x").unwrap_err(), "No closing quotation");
    }
}
