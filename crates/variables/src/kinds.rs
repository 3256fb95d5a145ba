//! Kinds of hosts by the names of their facts, numbered in the order in which they come up. What is
//! told of a template's names is the same for all hosts of a kind. Must not know values.

use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};

use foldhash::fast::FixedState;

/// The names of a host's facts, in no order: what their hashes give together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NamesOfFacts(u64);

impl NamesOfFacts {
    /// One more name, which wasn't there.
    pub fn add(&mut self, name: &str) {
        self.0 ^= FixedState::default().hash_one(name);
    }
}

/// The kinds that came up; number 0 has no facts.
#[derive(Debug, Default)]
pub(crate) struct Kinds(Mutex<Vec<NamesOfFacts>>);

impl Kinds {
    /// The most that are told apart: all further ones are like the last.
    const MOST: usize = 62;

    /// The number of a kind.
    pub fn of(&self, names: NamesOfFacts) -> u8 {
        if names == NamesOfFacts::default() {
            return 0;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = known.iter().position(|kind| *kind == names).unwrap_or_else(|| {
            if known.len() < Kinds::MOST {
                known.push(names);
            }
            known.len() - 1
        });
        u8::try_from(place + 1).unwrap_or(u8::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> NamesOfFacts {
        let mut all = NamesOfFacts::default();
        names.iter().for_each(|name| all.add(name));
        all
    }

    #[test]
    fn the_same_names_are_one_kind() {
        let kinds = Kinds::default();
        let first = kinds.of(names(&["a", "b"]));
        assert_eq!(kinds.of(names(&["b", "a"])), first);
        assert_ne!(kinds.of(names(&["a"])), first);
        assert_eq!(kinds.of(NamesOfFacts::default()), 0);
        let last = (0..100).map(|number| kinds.of(names(&[&number.to_string()]))).max();
        assert_eq!(last, Some(62));
    }
}
