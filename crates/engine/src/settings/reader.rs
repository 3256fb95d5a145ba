//! How one setting is read: from the environment, or from the file. Must not know which there are.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use nafal_base::Source;
use nafal_variables::Pipelining;

use super::file::ConfigFile;
use crate::error::Error;
use crate::library::tidy;

/// The section of what is nafal's own.
const OWN: &str = "nafal";

/// Where settings are read from.
pub(super) struct Reader<'a> {
    pub(super) environment: &'a dyn Fn(&str) -> Option<String>,
    pub(super) file: &'a ConfigFile,
}

/// A bool as people write it.
pub(crate) fn to_bool(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" | "on" | "1" | "true" | "t" => Some(true),
        "n" | "no" | "off" | "0" | "false" | "f" => Some(false),
        _ => None,
    }
}

/// A whole number, in any of the ways that Python's decimals are written.
pub(super) fn whole(text: &str) -> Option<i64> {
    let text = text.trim().replace('_', "");
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let is_part = |letter: char| letter.is_ascii_digit() || "+-.eE".contains(letter);
    let number: f64 = text.chars().all(is_part).then(|| text.parse().ok()).flatten()?;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
    (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
}

/// What stands between commas.
pub(super) fn listed(text: &str) -> Vec<String> {
    let parts = text.split(',').map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

/// A path's text with the folder that the command runs in where it asks for that.
pub(super) fn with_folder(text: &str) -> Cow<'_, str> {
    const FOLDER: &str = "{{CWD}}";
    match std::env::current_dir() {
        Ok(folder) if text.contains(FOLDER) => {
            text.replace(FOLDER, &folder.display().to_string()).into()
        }
        _ => text.into(),
    }
}

impl Reader<'_> {
    /// A variable of the environment, however empty.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        (self.environment)(name)
    }

    /// A key of the file, however empty.
    pub(super) fn in_file(&self, section: &str, key: &str) -> Option<String> {
        self.file.get(section, key).map(str::to_owned)
    }

    pub(super) fn text(&self, variable: &str, section: &str, key: &str) -> Option<String> {
        (self.environment)(variable)
            .or_else(|| self.file.get(section, key).map(str::to_owned))
            .filter(|text| !text.is_empty())
    }

    /// The text as it is given, even when there is none of it, and where.
    pub(super) fn sourced(
        &self,
        variable: &str,
        section: &str,
        key: &str,
    ) -> Option<(String, Arc<Source>)> {
        if let Some(text) = (self.environment)(variable) {
            let source = Source::new(format!("<Config env: {variable}>"), text.as_str());
            return Some((text, source));
        }
        let text = self.file.get(section, key)?;
        let path = self.file.path.as_deref().map(|path| path.display().to_string());
        let place = format!("{} (section '{section}' option '{key}')", path.unwrap_or_default());
        Some((text.to_owned(), Source::new(place, "")))
    }

    /// A program that other programs ask too: their variable counts more.
    pub(super) fn program(&self, variable: &str, default: &str) -> String {
        let own = format!("ANSIBLE_{variable}");
        let shared = (self.environment)(variable).filter(|text| !text.is_empty());
        shared
            .or_else(|| self.text(&own, "defaults", &variable.to_lowercase()))
            .unwrap_or_else(|| default.to_owned())
    }

    /// What stands between commas.
    pub(super) fn list(&self, variable: &str, section: &str, key: &str) -> Vec<String> {
        listed(&self.text(variable, section, key).unwrap_or_default())
    }

    pub(super) fn flag(
        &self,
        variable: &str,
        section: &str,
        key: &str,
    ) -> Result<Option<bool>, Error> {
        let Some(text) = self.text(variable, section, key) else { return Ok(None) };
        match to_bool(&text) {
            Some(flag) => Ok(Some(flag)),
            None if section == OWN => {
                Err(Error::BadSetting { name: key.to_owned(), value: text, expected: "a bool" })
            }
            // Stock takes whatever is none for a no (case `settings-wrong`).
            None => Ok(Some(false)),
        }
    }

    /// `pipelining`, in one of its sections.
    pub(super) fn pipelining(&self) -> Pipelining {
        let places = [
            ("ANSIBLE_SSH_PIPELINING", "ssh_connection"),
            ("ANSIBLE_PIPELINING", "connection"),
            ("ANSIBLE_PIPELINING", "defaults"),
        ];
        let said = |(variable, section)| self.flag(variable, section, "pipelining").ok().flatten();
        match places.into_iter().find_map(said) {
            Some(true) => Pipelining::On,
            Some(false) => Pipelining::Off,
            None => Pipelining::Unsaid,
        }
    }

    /// Numbers that are none are told before (`wrong.rs`); what doesn't fit is here.
    pub(super) fn number<T: TryFrom<i64>>(
        &self,
        variable: &str,
        section: &str,
        key: &str,
    ) -> Result<Option<T>, Error> {
        let Some(text) = self.text(variable, section, key) else { return Ok(None) };
        match whole(&text).and_then(|number| T::try_from(number).ok()) {
            Some(number) => Ok(Some(number)),
            None => Err(Error::BadSetting {
                name: key.to_owned(),
                value: text,
                expected: "an integer that fits",
            }),
        }
    }

    /// Paths separated by colons, relative ones to the config file's folder.
    pub(super) fn paths(&self, variable: &str, section: &str, key: &str) -> Option<Vec<PathBuf>> {
        self.separated_paths((variable, section, key), &[':', '\n'])
    }

    /// One path; of several the first.
    pub(super) fn path(&self, variable: &str, section: &str, key: &str) -> Option<PathBuf> {
        self.paths(variable, section, key)?.into_iter().next()
    }

    pub(super) fn separated_paths(
        &self,
        (variable, section, key): (&str, &str, &str),
        between: &[char],
    ) -> Option<Vec<PathBuf>> {
        let text = self.text(variable, section, key)?;
        let from_file = (self.environment)(variable).is_none();
        let base = self.file.path.as_ref().and_then(|path| path.parent()).filter(|_| from_file);
        let home = (self.environment)("HOME").unwrap_or_default();
        Some(
            with_folder(&text)
                .split(between)
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(|part| part.replacen('~', &home, usize::from(part.starts_with('~'))))
                .map(|part| base.map_or_else(|| PathBuf::from(&part), |base| base.join(&part)))
                .map(|path| tidy(&std::path::absolute(&path).unwrap_or(path)))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers() {
        let all = ["12", " 7 ", "2.0", "1e2", "1_0", "-5", "2.5", "x", "0x10", "inf", "", "1e400"];
        let found = all.map(whole);
        let wanted = [Some(12), Some(7), Some(2), Some(100), Some(10), Some(-5)];
        assert_eq!(found[..6], wanted);
        assert_eq!(found[6..], [None; 6]);
    }
}
