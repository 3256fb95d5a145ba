//! YAML: documents, variables files, plain texts. What can be read can be written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nafal_base::Source;
use nafal_parser::{load_variables, load_vars_file, yaml};

fuzz_target!(init: nafal_parser::yaml::silence_scanner(), |text: &str| {
    let source = Source::new("fuzz.yml", text);
    if let Err(errors) = yaml::load(&source) {
        assert!(!errors.is_empty(), "an error says what is wrong");
    }
    let _ = load_variables(&source);
    let _ = load_vars_file(&source);
    let _ = yaml::load_plain_all(text);
});
