//! Options of callbacks as the settings have them.

use nafal_base::event::Mode;
use nafal_engine::{JunitSettings, ResultFormat, Settings, ShownSettings, YamlLineWidth};
use nafal_output::{DefaultOptions, Format, JunitOptions, Layout, LineWidth, ResultStyle, Stream};

/// The default callback's options for a run in this mode.
pub fn default_options(settings: &Settings, mode: Mode) -> DefaultOptions {
    let shown = &settings.shown;
    DefaultOptions {
        skipped: shown.skipped_hosts.into(),
        ok: shown.ok_hosts.into(),
        included: shown.included_hosts.into(),
        failures: if shown.failed_to_stderr { Stream::Err } else { Stream::Out },
        custom_stats: shown.custom_stats.into(),
        starts: shown.host_starts.into(),
        failure_paths: shown.failure_paths.into(),
        markers: shown.check_mode_markers.into(),
        arguments: shown.arguments.into(),
        mode,
        results: result_style(shown),
        diff_context: settings.diff_context,
    }
}

/// How results are written.
pub fn result_style(shown: &ShownSettings) -> ResultStyle {
    ResultStyle {
        format: match shown.result_format {
            ResultFormat::Json => Format::Json,
            ResultFormat::Yaml => Format::Yaml,
        },
        layout: match shown.pretty_results {
            None => Layout::Automatic,
            Some(true) => Layout::Pretty,
            Some(false) => Layout::Exact,
        },
        indentation: shown.result_indentation,
        width: match shown.yaml_line_width {
            YamlLineWidth::Default => LineWidth::Yaml,
            YamlLineWidth::NoBreak => LineWidth::Endless,
            YamlLineWidth::Terminal => LineWidth::Terminal,
        },
    }
}

/// The report's options.
pub fn junit_options(junit: &JunitSettings) -> JunitOptions {
    JunitOptions {
        folder: junit.output_dir.clone(),
        class_per_file: junit.task_class,
        relative_to: junit.task_relative_path.clone(),
        out_of_tree: junit.replace_out_of_tree_path.clone(),
        change_is_failure: junit.fail_on_change,
        ignored_is_failure: junit.fail_on_ignore,
        setup: junit.include_setup_tasks,
        hide_arguments: junit.hide_task_arguments,
        prefix: junit.test_case_prefix.clone(),
    }
}
