//! Templates, conditions and template files, parsed and rendered.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nafal_base::{Scope, Source, Text, Value};
use nafal_parser::yaml;
use nafal_templating::{DocumentOptions, Effects, Renderer};

/// Variables of every kind, some of them templates.
struct Known;

impl Scope for Known {
    fn get(&self, name: &str) -> Option<Value> {
        let text = match name {
            "a" => "[1, 2.5, 'x', null, true]",
            "d" => "{'k': 'v', 'n': {'m': [1, 2]}, 1: 2}",
            "s" => "'some Text, é'",
            "t" => "\"{{ s | upper }}\"",
            "r" => "\"{{ r }}\"",
            "i" => "42",
            _ => return None,
        };
        let (document, _) = yaml::load_one(&Source::new("vars.yml", text)).ok()?;
        Some(document?.value)
    }

    fn names(&self, each: &mut dyn FnMut(&Text)) {
        ["a", "d", "s", "t", "r", "i"].into_iter().for_each(|name| each(&Text::from(name)));
    }
}

/// Nothing outside of the text.
struct Nothing;

impl Effects for Nothing {
    fn yaml(&self, text: &str) -> Result<Value, String> {
        yaml::load_plain(text)
    }
}

/// What may take as long, or as much memory, as one likes: with stock, too.
fn is_endless(text: &str) -> bool {
    let digits = text.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
    let slow = ["password_hash", "range", "pause", "lipsum", "**", "e9", "e8", "e7", "e6", "e5"];
    digits || text.matches(['*']).count() > 2 || slow.iter().any(|word| text.contains(word))
}

fuzz_target!(init: nafal_parser::yaml::silence_scanner(), |text: &str| {
    if is_endless(text) {
        return;
    }
    let renderer = Renderer::new(&Known as &dyn Scope, &Nothing);
    let source = Source::new("fuzz.yml", text);
    if let Ok((Some(document), _)) = yaml::load_one(&source) {
        let _ = renderer.render(&document.value);
        let _ = renderer.condition(&document.value);
    }
    let _ = renderer.document(&source, &DocumentOptions::default());
});
