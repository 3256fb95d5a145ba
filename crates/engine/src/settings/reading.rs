//! Settings of how what people write is read. Must not know who reads it.

use nafal_parser::WrongKeywords;
use nafal_parser::yaml::duplicates::DuplicateKeys;

use super::reader::Reader;
use crate::error::Error;

/// What files may say, under stock's names.
#[derive(Clone, Debug, Default)]
pub struct ReadingSettings {
    /// `duplicate_dict_key`.
    pub duplicate_keys: DuplicateKeys,
    /// `invalid_task_attribute_failed`.
    pub wrong_keywords: WrongKeywords,
}

impl ReadingSettings {
    pub(super) fn read(read: &Reader<'_>) -> Result<ReadingSettings, Error> {
        Ok(ReadingSettings {
            duplicate_keys: duplicate_keys(read),
            wrong_keywords: wrong_keywords(read)?,
        })
    }
}

fn duplicate_keys(read: &Reader<'_>) -> DuplicateKeys {
    let text = read.text("ANSIBLE_DUPLICATE_YAML_DICT_KEY", "defaults", "duplicate_dict_key");
    match text.as_deref() {
        Some("error") => DuplicateKeys::Refuse,
        Some("ignore") => DuplicateKeys::Ignore,
        // Others are refused before.
        _ => DuplicateKeys::Warn,
    }
}

fn wrong_keywords(read: &Reader<'_>) -> Result<WrongKeywords, Error> {
    let variable = "ANSIBLE_INVALID_TASK_ATTRIBUTE_FAILED";
    let refused = read.flag(variable, "defaults", "invalid_task_attribute_failed")?;
    Ok(if refused == Some(false) { WrongKeywords::LeftOut } else { WrongKeywords::Refused })
}
