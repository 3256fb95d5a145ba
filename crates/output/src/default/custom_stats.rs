//! What `set_stats` gathered, as the recap tells it.

use nafal_base::{Dict, HostName};

use crate::clean::Cleaned;
use crate::results::{Format, Layout, ResultStyle, Telling};

/// The lines: each host's, then the run's own.
pub(super) fn lines(custom: &[(Option<HostName>, Dict)], telling: Telling) -> Vec<String> {
    // Values that are told as they are keep their indentation (case `stats-odd`).
    let indentation = match (telling.style.format, telling.style.layout) {
        (Format::Yaml, Layout::Exact) => telling.style.indentation,
        _ => 1,
    };
    let telling = Telling { style: ResultStyle { indentation, ..telling.style }, ..telling };
    let on_one_line = |data: &Dict| on_one_line(data, &telling);
    let mut hosts: Vec<(&str, &Dict)> = custom
        .iter()
        .filter_map(|(host, data)| host.as_ref().map(|host| (host.as_str(), data)))
        .collect();
    hosts.sort_unstable_by_key(|(host, _)| *host);
    let mut lines: Vec<String> =
        hosts.iter().map(|(host, data)| format!("\t{host}: {}", on_one_line(data))).collect();
    if let Some((_, data)) = custom.iter().find(|(host, _)| host.is_none()) {
        lines.push(String::new());
        lines.push(format!("\tRUN: {}", on_one_line(data)));
    }
    lines.push(String::new());
    lines
}

/// Stock indents by one and takes the line ends out, so that each level leaves a space behind.
fn on_one_line(data: &Dict, telling: &Telling) -> String {
    let values = Cleaned { values: data.clone(), always: true, never: false };
    telling.dump(&values).replace('\n', "")
}

#[cfg(test)]
mod tests {
    use nafal_base::Value;

    use super::*;

    #[test]
    fn hosts_before_the_run() {
        let data = |key: &str| -> Dict { [(key, Value::Int(1))].into_iter().collect() };
        let custom =
            [(None, data("a")), (Some("z".into()), data("b")), (Some("c".into()), data("b"))];
        let expected = ["\tc: { \"b\": 1}", "\tz: { \"b\": 1}", "", "\tRUN: { \"a\": 1}", ""];
        let telling = Telling { style: ResultStyle::default(), verbosity: 0, columns: 79 };
        assert_eq!(lines(&custom, telling), expected);
    }
}
