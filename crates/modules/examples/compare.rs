//! Runs cases of modules and writes what they give, for a comparison with stock.
use nafal_base::value::json::{Style, to_json};
use nafal_base::wire::{Surroundings, WireMode};
use nafal_base::{Dict, Value};
use std::process::Command;
fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let cases: Value = serde_json::from_str(&std::fs::read_to_string(&args[1])?)?;
    let mut results: Vec<Value> = Vec::new();
    for case in cases.as_list().map(|l| l.to_vec()).unwrap_or_default() {
        let case = case.as_dict().cloned().unwrap_or_default();
        let text = |k: &str| case.get(k).and_then(Value::as_str).unwrap_or_default().to_owned();
        Command::new("sh").arg("-c").arg(text("fixture")).status()?;
        let check = case.get("check").is_some_and(Value::is_true);
        let s = Surroundings {
            mode: if check { WireMode::Check } else { WireMode::Apply },
            diff: case.get("diff").is_some_and(Value::is_true),
            ..Default::default()
        };
        let module = text("module");
        let ctx = nafal_modules::Ctx::plain(&module, s);
        let args = case.get("args").and_then(Value::as_dict).cloned().unwrap_or_default();
        let begin = std::time::Instant::now();
        let result = match nafal_modules::find(&module) {
            Some(m) => {
                let o = m.run(&args, &ctx);
                o.to_result()
            }
            None => [("EXC", Value::from("no module"))].into_iter().collect::<Dict>(),
        };
        let took = begin.elapsed().as_secs_f64();
        let tree = Command::new("sh").arg("-c").arg(r"cd /tmp/fh/w && find . -printf '%p %y %m %U %G %s %l\n' | sort | grep -v '@' ; for f in $(find . -type f | grep -v @ | sort); do echo == $f; md5sum < $f; done").output()?;
        let d: Dict = [
            ("result", Value::Dict(result)),
            ("tree", Value::from(String::from_utf8_lossy(&tree.stdout).into_owned())),
            ("took", took.into()),
        ]
        .into_iter()
        .collect();
        results.push(d.into());
    }
    std::fs::write(&args[2], to_json(&Value::from(results), Style::indented(1)))
}
