//! `encrypt_string`: texts from the command line, from standard input, from a prompt, as values
//! of YAML. Must not know how they are encrypted.

use std::io::{IsTerminal, Read};

use crate::arguments::EncryptString;
use crate::failure::Failure;

/// Where a text comes from, in the words of the comments above the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// It was typed at a prompt.
    Prompt,
    /// It was read.
    Input,
    /// It was given.
    Arguments,
}

impl From {
    fn words(self) -> &'static str {
        match self {
            From::Prompt => "the interactive prompt",
            From::Input => "stdin",
            From::Arguments => "the command line args",
        }
    }
}

/// A text that is to be encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// The text.
    pub text: Vec<u8>,
    /// The name of its variable.
    pub name: Option<String>,
    /// Where it comes from.
    pub from: From,
}

/// All texts that the arguments name, those that are asked for first.
pub fn collect(arguments: &EncryptString) -> Result<Vec<Plain>, Failure> {
    let mut all = Vec::new();
    if arguments.prompt {
        all.push(prompted(arguments)?);
    }
    let reads = arguments.texts.iter().any(|text| text == "-");
    let nothing = arguments.texts.is_empty() && !arguments.prompt;
    if reads || nothing || arguments.stdin_name.is_some() {
        let mut text = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut text);
        read.map_err(|error| Failure::new(format!("Unable to read stdin: {error}"), 1))?;
        if text.is_empty() {
            return Err(Failure::usage("stdin was empty, not encrypting"));
        }
        let name = arguments.stdin_name.clone();
        all.push(Plain { text, name, from: From::Input });
    }
    let mut names = arguments.name.iter();
    for text in arguments.texts.iter().filter(|text| *text != "-") {
        if text.is_empty() {
            return Err(Failure::usage(
                "The plaintext provided from the command line args was empty, not encrypting",
            ));
        }
        let text = text.as_bytes().to_vec();
        all.push(Plain { text, name: names.next().cloned(), from: From::Arguments });
    }
    Ok(all)
}

fn prompted(arguments: &EncryptString) -> Result<Plain, Failure> {
    let unread = |error: std::io::Error| Failure::new(format!("nothing can be asked: {error}"), 1);
    let name = match arguments.name.first() {
        Some(name) => Some(name.clone()),
        None => Some(shown_answer("Variable name (enter for no name): ").map_err(unread)?),
    };
    let text = if arguments.show_input || !std::io::stdin().is_terminal() {
        shown_answer("String to encrypt: ")
    } else {
        rpassword::prompt_password("String to encrypt (hidden): ")
    };
    let text = text.map_err(unread)?;
    if text.is_empty() {
        return Err(Failure::usage(
            "The plaintext provided from the prompt was empty, not encrypting",
        ));
    }
    let name = name.filter(|name| !name.is_empty());
    Ok(Plain { text: text.into_bytes(), name, from: From::Prompt })
}

fn shown_answer(prompt: &str) -> std::io::Result<String> {
    use std::io::Write;
    let mut out = std::io::stderr();
    out.write_all(prompt.as_bytes())?;
    out.flush()?;
    let mut line = String::new();
    if std::io::stdin().read_line(&mut line)? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

/// A vault as a value of YAML.
pub fn as_value(vault: &str, name: Option<&str>) -> String {
    let mut value = name.map_or_else(String::new, |name| format!("{name}: "));
    value.push_str("!vault |");
    for line in vault.lines() {
        value.push_str("\n          ");
        value.push_str(line);
    }
    value
}

/// What is said above the value with this number, when there are several.
pub fn comment(plain: &Plain, number: usize) -> String {
    let from = plain.from.words();
    match &plain.name {
        Some(name) => format!(
            "# The encrypted version of variable (\"{name}\", the string #{number} from {from})."
        ),
        // The parenthesis is stock's.
        None => format!("# The encrypted version of the string #{number} from {from}.)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_comments() {
        let value = as_value("$ANSIBLE_VAULT;1.1;AES256\n3132\n", Some("x"));
        assert_eq!(value, "x: !vault |\n          $ANSIBLE_VAULT;1.1;AES256\n          3132");
        assert!(as_value("a", None).starts_with("!vault |\n"));
        let plain = Plain { text: Vec::new(), name: None, from: From::Input };
        assert_eq!(comment(&plain, 2), "# The encrypted version of the string #2 from stdin.)");
    }
}
