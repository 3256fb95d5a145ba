//! What `systemctl show` tells of a unit. Must not run anything.

use nafal_base::{Dict, Value};

/// The properties, in the order in which they were shown. What a command line of a unit takes over
/// several lines stays one property.
pub fn properties(shown: &str) -> Dict {
    let mut properties = Dict::new();
    let mut open: Option<(&str, String)> = None;
    for line in shown.lines() {
        if let Some((name, mut text)) = open.take() {
            text.push('\n');
            text.push_str(line);
            if line.trim_end().ends_with('}') {
                properties.insert(name, Value::from(text));
            } else {
                open = Some((name, text));
            }
            continue;
        }
        let Some((name, value)) = line.split_once('=') else { continue };
        let is_open = name.starts_with("Exec")
            && value.trim_start().starts_with('{')
            && !value.trim_end().ends_with('}');
        if is_open {
            open = Some((name, value.to_owned()));
        } else {
            properties.insert(name, Value::from(value.trim()));
        }
    }
    if let Some((name, text)) = open {
        properties.insert(name, Value::from(text));
    }
    properties
}

/// The words with which `systemctl is-enabled` answers for units that exist.
pub const STATES: [&str; 13] = [
    "enabled",
    "enabled-runtime",
    "linked",
    "linked-runtime",
    "masked",
    "masked-runtime",
    "static",
    "indirect",
    "disabled",
    "generated",
    "transient",
    "alias",
    "bad",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_over_several_lines() {
        let shown = "Id=a.service\nExecStart={ path=/bin/sh ; argv[]=/bin/sh -c x\ny=1 ; status=0/0 }\nActiveState=active\n";
        let properties = properties(shown);
        let text =
            |name: &str| properties.get(name).and_then(|value| value.as_str().map(str::to_owned));
        assert_eq!(text("ActiveState").as_deref(), Some("active"));
        assert!(text("ExecStart").unwrap().contains("\ny=1"));
        assert_eq!(properties.len(), 3);
    }
}
