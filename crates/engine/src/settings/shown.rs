//! Settings of what is shown: the default callback's options. Must not know who shows it.

use super::reader::Reader;
use crate::error::Error;

/// Options of callbacks, under stock's names.
#[derive(Clone, Debug)]
pub struct ShownSettings {
    /// `display_skipped_hosts`.
    pub skipped_hosts: bool,
    /// `display_ok_hosts`.
    pub ok_hosts: bool,
    /// `display_included_hosts`.
    pub included_hosts: bool,
    /// `display_failed_stderr`.
    pub failed_to_stderr: bool,
    /// `show_custom_stats`.
    pub custom_stats: bool,
    /// `show_per_host_start`.
    pub host_starts: bool,
    /// `show_task_path_on_failure`.
    pub failure_paths: bool,
    /// `check_mode_markers`.
    pub check_mode_markers: bool,
    /// `display_args_to_stdout`.
    pub arguments: bool,
    /// `result_format`.
    pub result_format: ResultFormat,
    /// `pretty_results`; None when nobody says.
    pub pretty_results: Option<bool>,
    /// `result_indentation`.
    pub result_indentation: usize,
    /// `result_yaml_line_width`.
    pub yaml_line_width: YamlLineWidth,
}

/// `result_format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultFormat {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// `result_yaml_line_width`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YamlLineWidth {
    /// What PyYAML has.
    Default,
    /// Lines aren't broken.
    NoBreak,
    /// The terminal's.
    Terminal,
}

impl ShownSettings {
    pub(super) fn read(read: &Reader<'_>) -> Result<ShownSettings, Error> {
        let flag = |variable: &str, key: &str, default: bool| {
            read.flag(variable, "defaults", key).map(|flag| flag.unwrap_or(default))
        };
        Ok(ShownSettings {
            skipped_hosts: flag("ANSIBLE_DISPLAY_SKIPPED_HOSTS", "display_skipped_hosts", true)?,
            ok_hosts: flag("ANSIBLE_DISPLAY_OK_HOSTS", "display_ok_hosts", true)?,
            included_hosts: flag("ANSIBLE_DISPLAY_INCLUDED_HOSTS", "display_included_hosts", true)?,
            failed_to_stderr: flag(
                "ANSIBLE_DISPLAY_FAILED_STDERR",
                "display_failed_stderr",
                false,
            )?,
            custom_stats: flag("ANSIBLE_SHOW_CUSTOM_STATS", "show_custom_stats", false)?,
            host_starts: flag("ANSIBLE_SHOW_PER_HOST_START", "show_per_host_start", false)?,
            failure_paths: flag(
                "ANSIBLE_SHOW_TASK_PATH_ON_FAILURE",
                "show_task_path_on_failure",
                false,
            )?,
            check_mode_markers: flag("ANSIBLE_CHECK_MODE_MARKERS", "check_mode_markers", false)?,
            arguments: flag("ANSIBLE_DISPLAY_ARGS_TO_STDOUT", "display_args_to_stdout", false)?,
            result_format: result_format(read),
            pretty_results: read.flag(
                "ANSIBLE_CALLBACK_FORMAT_PRETTY",
                "defaults",
                "callback_format_pretty",
            )?,
            result_indentation: read
                .number(
                    "ANSIBLE_CALLBACK_RESULT_INDENTATION",
                    "defaults",
                    "callback_result_indentation",
                )?
                .unwrap_or(4),
            yaml_line_width: yaml_line_width(read),
        })
    }
}

fn result_format(read: &Reader<'_>) -> ResultFormat {
    let given = read.text("ANSIBLE_CALLBACK_RESULT_FORMAT", "defaults", "callback_result_format");
    // Others are refused before.
    if given.as_deref() == Some("yaml") { ResultFormat::Yaml } else { ResultFormat::Json }
}

fn yaml_line_width(read: &Reader<'_>) -> YamlLineWidth {
    let variable = "ANSIBLE_CALLBACK_YAML_LINE_WIDTH";
    match read.text(variable, "defaults", "callback_result_yaml_line_width").as_deref() {
        Some("no-break") => YamlLineWidth::NoBreak,
        Some("terminal-width") => YamlLineWidth::Terminal,
        _ => YamlLineWidth::Default,
    }
}
