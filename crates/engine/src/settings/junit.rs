//! Settings of the callback `junit`, which only the environment has. Must not know reports.

use std::path::PathBuf;

/// Its options, under stock's names.
#[derive(Clone, Debug)]
pub struct JunitSettings {
    /// `output_dir`.
    pub output_dir: PathBuf,
    /// `task_class`.
    pub task_class: bool,
    /// `task_relative_path`.
    pub task_relative_path: Option<PathBuf>,
    /// `replace_out_of_tree_path`.
    pub replace_out_of_tree_path: Option<String>,
    /// `fail_on_change`.
    pub fail_on_change: bool,
    /// `fail_on_ignore`.
    pub fail_on_ignore: bool,
    /// `include_setup_tasks_in_report`.
    pub include_setup_tasks: bool,
    /// `hide_task_arguments`.
    pub hide_task_arguments: bool,
    /// `test_case_prefix`.
    pub test_case_prefix: String,
}

impl JunitSettings {
    pub(super) fn read(environment: &dyn Fn(&str) -> Option<String>, home: &str) -> JunitSettings {
        let text =
            |name: &str| environment(&format!("JUNIT_{name}")).filter(|text| !text.is_empty());
        // Nothing but this word counts, as in stock.
        let flag = |name: &str, default: bool| {
            text(name).map_or(default, |text| text.eq_ignore_ascii_case("true"))
        };
        let path = |text: String| {
            PathBuf::from(text.replacen('~', home, usize::from(text.starts_with('~'))))
        };
        JunitSettings {
            output_dir: path(text("OUTPUT_DIR").unwrap_or_else(|| "~/.ansible.log".to_owned())),
            task_class: flag("TASK_CLASS", false),
            task_relative_path: text("TASK_RELATIVE_PATH").map(path),
            replace_out_of_tree_path: text("REPLACE_OUT_OF_TREE_PATH"),
            fail_on_change: flag("FAIL_ON_CHANGE", false),
            fail_on_ignore: flag("FAIL_ON_IGNORE", false),
            include_setup_tasks: flag("INCLUDE_SETUP_TASKS_IN_REPORT", true),
            hide_task_arguments: flag("HIDE_TASK_ARGUMENTS", false),
            test_case_prefix: text("TEST_CASE_PREFIX").unwrap_or_default(),
        }
    }
}
