//! `to_yaml` and `to_nice_yaml` on many values, against what ansible-core wrote for them.

#![expect(clippy::panic, reason = "tests")]

use nafal_base::Value;
use nafal_templating::python_json::read;
use nafal_templating::yaml_emitter::{Flow, Options, write};

fn options(filter: &str) -> Options {
    let nice = Options { indent: 4, flow: Flow::Never, ..Options::default() };
    match filter {
        "to_yaml" => Options::default(),
        "to_nice_yaml" => nice,
        "to_nice_yaml(indent=2)" => Options { indent: 2, ..nice },
        "to_yaml(width=40)" => Options { width: Some(40), ..Options::default() },
        "to_yaml(default_flow_style=true)" => Options { flow: Flow::Always, ..Options::default() },
        "to_nice_yaml(indent=2, sort_keys=false, width=1000, explicit_start=true)" => {
            Options { indent: 2, sort_keys: false, width: Some(1000), explicit_start: true, ..nice }
        }
        "to_yaml(default_style='\"')" => Options { style: Some('"'), ..Options::default() },
        "to_yaml(default_style=\"'\")" => Options { style: Some('\''), ..Options::default() },
        "to_yaml(default_style='|')" => Options { style: Some('|'), ..Options::default() },
        other => panic!("unknown filter {other}"),
    }
}

#[test]
fn same_as_stock() {
    let path = std::env::var("NAFAL_YAML_CASES").unwrap_or_else(|_| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/yaml_as_stock.json").into()
    });
    let cases = read(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut wrong = Vec::new();
    let cases = cases.as_list().unwrap();
    for case in cases {
        let [value, filter, expected] = &**case.as_list().unwrap() else { panic!("three") };
        let written = write(value, &options(filter.as_str().unwrap()));
        if written.as_deref() != Ok(expected.as_str().unwrap()) {
            wrong.push(format!(
                "{} | {}\n  stock: {}\n  nafal: {}",
                value.repr(),
                filter.to_text(),
                expected.repr(),
                Value::from(written.unwrap_or_else(|error| error)).repr()
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
