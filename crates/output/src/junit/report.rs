//! The report as XML. Must not know tasks.

use std::fmt::Write;

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Well, with this output.
    Passed(String),
    /// It didn't run, for this reason.
    Skipped(String),
    /// Badly: a message and the output.
    Failed(String, String),
    /// By an error: a message and where it came from.
    Broken(String, String),
}

/// A test.
#[derive(Clone, Debug)]
pub(super) struct Test {
    /// Where it is.
    pub class: String,
    /// What it is.
    pub name: String,
    /// How long it took.
    pub seconds: f64,
    /// How it ended.
    pub verdict: Verdict,
}

/// The whole file.
pub(super) fn xml(suite: &str, tests: &[Test]) -> String {
    let count =
        |wanted: fn(&Verdict) -> bool| tests.iter().filter(|test| wanted(&test.verdict)).count();
    let broken = count(|verdict| matches!(verdict, Verdict::Broken(..)));
    let failed = count(|verdict| matches!(verdict, Verdict::Failed(..)));
    let skipped = count(|verdict| matches!(verdict, Verdict::Skipped(_)));
    let time = seconds(tests.iter().fold(0.0, |sum, test| sum + test.seconds));
    let all = tests.len();
    let mut out = "<?xml version=\"1.0\" ?>\n".to_owned();
    let _ = writeln!(
        out,
        "<testsuites disabled=\"0\" errors=\"{broken}\" failures=\"{failed}\" tests=\"{all}\" time=\"{time}\">"
    );
    let _ = write!(
        out,
        "\t<testsuite disabled=\"0\" errors=\"{broken}\" failures=\"{failed}\" name=\"{}\" skipped=\"{skipped}\" tests=\"{all}\" time=\"{time}\"",
        attribute(suite)
    );
    if tests.is_empty() {
        out.push_str("/>\n");
    } else {
        out.push_str(">\n");
        tests.iter().for_each(|test| add(&mut out, test));
        out.push_str("\t</testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn add(out: &mut String, test: &Test) {
    let _ = writeln!(
        out,
        "\t\t<testcase classname=\"{}\" name=\"{}\" time=\"{}\">",
        attribute(&test.class),
        attribute(&test.name),
        seconds(test.seconds)
    );
    let told = |element: &str, message: &str, text: &str| {
        let message = attribute(message);
        let text = escaped(text);
        format!("<{element} message=\"{message}\" type=\"{element}\">{text}</{element}>")
    };
    let inner = match &test.verdict {
        Verdict::Passed(text) => format!("<system-out>{}</system-out>", escaped(text)),
        Verdict::Skipped(why) => format!("<skipped>{}</skipped>", escaped(why)),
        Verdict::Failed(message, text) => told("failure", message, text),
        Verdict::Broken(message, text) => told("error", message, text),
    };
    let _ = writeln!(out, "\t\t\t{inner}\n\t\t</testcase>");
}

/// All digits that a float has, as Python's `Decimal` tells it.
fn seconds(value: f64) -> String {
    let text = format!("{value:.60}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn escaped(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            // XML has no way to write these; stock writes no report then.
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' => '\u{fffd}',
            other => other,
        })
        .collect::<String>()
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn attribute(text: &str) -> String {
    escaped(text)
        .replace('"', "&quot;")
        .replace('\r', "&#13;")
        .replace('\n', "&#10;")
        .replace('\t', "&#9;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_escapes() {
        let test = |verdict| Test {
            class: "a.yml:1".to_owned(),
            name: "x \"y\"\n&".to_owned(),
            seconds: 0.5,
            verdict,
        };
        let broken = Verdict::Broken("<m>".to_owned(), "t\n".to_owned());
        let tests = [test(Verdict::Passed("\"ok\" \u{1}".to_owned())), test(broken)];
        let xml = xml("s", &tests);
        assert!(xml.contains(
            "errors=\"1\" failures=\"0\" name=\"s\" skipped=\"0\" tests=\"2\" time=\"1\">"
        ));
        assert!(xml.contains("name=\"x &quot;y&quot;&#10;&amp;\" time=\"0.5\">"));
        assert!(xml.contains("<system-out>\"ok\" \u{fffd}</system-out>"));
        assert!(xml.contains("<error message=\"&lt;m&gt;\" type=\"error\">t\n</error>"));
    }

    #[test]
    fn nothing_ran() {
        assert!(xml("s", &[]).ends_with("tests=\"0\" time=\"0\"/>\n</testsuites>\n"));
    }
}
