//! What the report can be asked to do differently. Must not know where that is asked.

use std::path::PathBuf;

/// The options, under stock's names.
#[derive(Clone, Debug, Default)]
pub struct JunitOptions {
    /// `output_dir`.
    pub folder: PathBuf,
    /// `task_class`: a class is a file, not a task.
    pub class_per_file: bool,
    /// `task_relative_path`: tasks are told by their path from there.
    pub relative_to: Option<PathBuf>,
    /// `replace_out_of_tree_path`: what stands for the folders of a path that leaves it.
    pub out_of_tree: Option<String>,
    /// `fail_on_change`.
    pub change_is_failure: bool,
    /// `fail_on_ignore`.
    pub ignored_is_failure: bool,
    /// `include_setup_tasks_in_report`.
    pub setup: bool,
    /// `hide_task_arguments`.
    pub hide_arguments: bool,
    /// `test_case_prefix`: only tasks whose name begins so, and failures.
    pub prefix: String,
}
