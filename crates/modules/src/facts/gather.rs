//! Running the chosen collectors side by side. Must not know what they gather.

use std::thread;

use nafal_base::{Dict, Value};

use super::{Collector, Survey};

/// All facts, with their prefix.
pub struct Surveyed {
    /// The facts.
    pub facts: Dict,
    /// Names of collectors that crashed.
    pub broken: Vec<&'static str>,
}

/// Gathers; collectors don't wait for each other.
pub fn gather(collectors: &[&'static Collector], survey: Survey<'_>) -> Surveyed {
    let mut surveyed = Surveyed { facts: Dict::new(), broken: Vec::new() };
    let gathered = thread::scope(|scope| {
        let threads: Vec<_> = collectors
            .iter()
            .map(|collector| (collector.name, scope.spawn(move || (collector.collect)(survey))))
            .collect();
        threads.into_iter().map(|(name, thread)| (name, thread.join())).collect::<Vec<_>>()
    });
    let mut all: Vec<(String, Value)> = Vec::new();
    for (name, result) in gathered {
        match result {
            Ok(facts) => all.extend(facts.iter().map(|(key, value)| {
                (format!("ansible_{}", key.as_str().unwrap_or_default()), value.clone())
            })),
            Err(_) => surveyed.broken.push(name),
        }
    }
    surveyed.facts = all.into_iter().collect();
    surveyed
}
