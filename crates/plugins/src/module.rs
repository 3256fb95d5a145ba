//! A module that a user brings: what kind of file it is. Must not know where it was searched.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::bytes::Regex;

/// What a module's file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserStyle {
    /// Python that imports `ansible.module_utils` or a collection's.
    Python,
    /// A file that wants its arguments as JSON (`WANT_JSON`), or a binary.
    Json,
    /// A file whose text has a place for its arguments (`<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>`).
    Inside,
    /// An old-style file, with its arguments as `k=v`.
    Words,
}

/// The Python package that a module is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Package {
    /// The user's own: `ansible.legacy`.
    Legacy,
    /// ansible-core's: `ansible.modules`.
    Core,
    /// A collection's.
    Collection {
        /// The folder of the collection.
        folder: PathBuf,
        /// `namespace.name`.
        name: String,
    },
}

/// A module.
#[derive(Clone, Debug)]
pub struct UserModule {
    /// Its name without package.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// What kind of file.
    pub style: UserStyle,
    /// The interpreter of its first line, without the line's options.
    pub interpreter: Option<String>,
    /// Where it belongs.
    pub package: Package,
    /// What its METADATA says, where that counts.
    pub metadata: Option<Metadata>,
    /// The action plugin that does its work on the controller, or a part of it.
    pub action_plugin: Option<PathBuf>,
    /// The full name of that, where a collection says that another plugin than the one of its own name runs it.
    pub handler: Option<String>,
    /// Whether that takes text beside arguments.
    pub free_form: FreeForm,
}

/// Whether an action takes text beside arguments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FreeForm {
    /// It doesn't.
    #[default]
    Refused,
    /// Its plugin says `supports_raw_params`.
    Taken,
}

/// How a module wants to be spoken to: stock reads it where `_ANSIBLE_MODULE_METADATA` is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// `schema_version`.
    pub schema: String,
    /// `serialization_profile`.
    pub profile: String,
}

/// What stands in the text of a module that wants its arguments inside.
pub const INSIDE: &str = "<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>";

static TAKES_TEXT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^\s+supports_raw_params\s*=\s*True\b").ok());

static NEW_STYLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = concat!(
        r"(?m)^[ \t]*(?:from|import)[ \t]+(?:ansible\.module_utils\b",
        r"|ansible_collections\.[\w.]+\.module_utils\b",
        r"|\.+(?:plugins\.)?module_utils\b)"
    );
    Regex::new(pattern).ok()
});

static METADATA: LazyLock<Option<regex::Regex>> = LazyLock::new(|| {
    let quoted = r#"(?s)(?:^|\n)METADATA\s*=\s*(?:"""(.*?)"""|'''(.*?)''')"#;
    regex::Regex::new(quoted).ok()
});

impl UserModule {
    /// Reads what kind of file it is.
    pub fn read(name: &str, path: &Path, package: Package) -> std::io::Result<UserModule> {
        let content = std::fs::read(path)?;
        Ok(UserModule {
            name: name.to_owned(),
            path: path.to_owned(),
            style: style(&content),
            interpreter: interpreter(&content),
            package,
            metadata: std::env::var_os("_ANSIBLE_MODULE_METADATA")
                .filter(|set| !set.is_empty())
                .and_then(|_| metadata(&content)),
            action_plugin: None,
            handler: None,
            free_form: FreeForm::Refused,
        })
    }

    /// Gives it its action plugin.
    pub fn set_action_plugin(&mut self, plugin: Option<PathBuf>) {
        let text = plugin.as_ref().and_then(|path| std::fs::read(path).ok()).unwrap_or_default();
        let takes = TAKES_TEXT.as_ref().is_some_and(|pattern| pattern.is_match(&text));
        self.free_form = if takes { FreeForm::Taken } else { FreeForm::Refused };
        self.action_plugin = plugin;
    }

    /// The name that Python imports it by.
    pub fn python_name(&self) -> String {
        match &self.package {
            Package::Legacy => format!("ansible.legacy.{}", self.name),
            Package::Core => format!("ansible.modules.{}", self.name),
            Package::Collection { name, .. } => {
                format!("ansible_collections.{name}.plugins.modules.{}", self.name)
            }
        }
    }
}

fn metadata(content: &[u8]) -> Option<Metadata> {
    let text = std::str::from_utf8(content).ok()?;
    let found = METADATA.as_ref()?.captures(text)?;
    let written = found.get(1).or_else(|| found.get(2))?.as_str();
    let of = |name: &str| {
        let line = written.lines().find_map(|line| line.trim().strip_prefix(name))?;
        Some(line.strip_prefix(':')?.trim().to_owned())
    };
    Some(Metadata {
        schema: of("schema_version")?,
        profile: of("serialization_profile").unwrap_or_else(|| "legacy".to_owned()),
    })
}

fn style(content: &[u8]) -> UserStyle {
    let has = |text: &[u8]| content.windows(text.len()).any(|part| part == text);
    // What isn't text is a program of its own.
    if content.contains(&0) {
        UserStyle::Json
    } else if NEW_STYLE.as_ref().is_some_and(|pattern| pattern.is_match(content)) {
        UserStyle::Python
    } else if has(b"WANT_JSON") {
        UserStyle::Json
    } else if has(INSIDE.as_bytes()) {
        UserStyle::Inside
    } else {
        UserStyle::Words
    }
}

fn interpreter(content: &[u8]) -> Option<String> {
    let line = content.split(|&byte| byte == b'\n').next()?.strip_prefix(b"#!")?;
    let line = std::str::from_utf8(line).ok()?.trim();
    Some(line.to_owned()).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_metadata_says() {
        let text =
            b"x = 1\nMETADATA = '''\nschema_version: 1\nserialization_profile: modern\n'''\n";
        let found = metadata(text).unwrap();
        assert_eq!((found.schema.as_str(), found.profile.as_str()), ("1", "modern"));
        assert_eq!(metadata(b"METADATA = 1\n"), None);
    }

    #[test]
    fn styles() {
        let check =
            |content: &str, expected| assert_eq!(style(content.as_bytes()), expected, "{content}");
        check(
            "#!/usr/bin/python\nfrom ansible.module_utils.basic import AnsibleModule\n",
            UserStyle::Python,
        );
        check("import ansible.module_utils.basic\n", UserStyle::Python);
        check("from ..module_utils.x import y\n", UserStyle::Python);
        check("from ansible_collections.a.b.plugins.module_utils.c import d\n", UserStyle::Python);
        check("#!/bin/sh\n# WANT_JSON\n", UserStyle::Json);
        check("\u{0}ELF", UserStyle::Json);
        check("json_arguments = '<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>'\n", UserStyle::Inside);
        check("#!/bin/sh\necho {}\n", UserStyle::Words);
        assert_eq!(
            interpreter(b"#!/usr/bin/env  python3 -u\nx"),
            Some("/usr/bin/env  python3 -u".to_owned())
        );
        assert_eq!(interpreter(b"\x7fELF"), None);
    }
}
