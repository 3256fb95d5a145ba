//! Which lines of two texts belong together, by the rules of Python's difflib: the longest run of equal
//! lines first, then what is left and right of it; lines that are everywhere in a long text begin no
//! run. Other algorithms find shorter diffs, but not the ones that stock shows. Must not know how diffs look.

use std::collections::HashMap;
use std::ops::Range;

/// From this length on lines may be popular.
const LONG: usize = 200;

/// Lines of both sides that are equal, or that are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Whether the lines of both sides are equal.
    pub kind: Kind,
    /// Lines of the text before.
    pub before: Range<usize>,
    /// Lines of the text after.
    pub after: Range<usize>,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Both sides have these lines.
    Equal,
    /// Lines of one side stand for lines of the other, or for none.
    Changed,
}

/// A run of equal lines: where it begins on both sides, how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    before: usize,
    after: usize,
    size: usize,
}

/// The lines as numbers, and where each line stands in the text after.
struct Matcher {
    before: Vec<usize>,
    after: Vec<usize>,
    places: Vec<Vec<usize>>,
}

impl Matcher {
    fn new<'a, Line: AsRef<str>>(before: &'a [Line], after: &'a [Line]) -> Matcher {
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut numbered = |lines: &'a [Line]| -> Vec<usize> {
            let number = |line: &'a Line| {
                let next = numbers.len();
                *numbers.entry(line.as_ref()).or_insert(next)
            };
            lines.iter().map(number).collect()
        };
        let (before, after) = (numbered(before), numbered(after));
        let mut places = vec![Vec::new(); numbers.len()];
        for (place, line) in after.iter().enumerate() {
            places[*line].push(place);
        }
        if after.len() >= LONG {
            let most = after.len() / 100 + 1;
            for popular in places.iter_mut().filter(|places| places.len() > most) {
                popular.clear();
            }
        }
        Matcher { before, after, places }
    }

    /// The longest run within these lines; of several the one that is first before, then after.
    fn longest(&self, before: &Range<usize>, after: &Range<usize>) -> Run {
        let mut best = Run { before: before.start, after: after.start, size: 0 };
        // How long the run is that ends at a line of the text after, for the last line before and this one.
        let mut lengths: HashMap<usize, usize> = HashMap::new();
        for at in before.clone() {
            let mut now = HashMap::new();
            let places = &self.places[self.before[at]];
            let first = places.partition_point(|place| *place < after.start);
            for &place in places[first..].iter().take_while(|place| **place < after.end) {
                let size = 1 + place.checked_sub(1).and_then(|p| lengths.get(&p)).unwrap_or(&0);
                now.insert(place, size);
                if size > best.size {
                    best = Run { before: at + 1 - size, after: place + 1 - size, size };
                }
            }
            lengths = now;
        }
        self.widened(best, before, after)
    }

    /// With the popular lines around it.
    fn widened(&self, mut run: Run, before: &Range<usize>, after: &Range<usize>) -> Run {
        let equal = |one: usize, other: usize| self.before[one] == self.after[other];
        while run.before > before.start
            && run.after > after.start
            && equal(run.before - 1, run.after - 1)
        {
            run = Run { before: run.before - 1, after: run.after - 1, size: run.size + 1 };
        }
        while run.before + run.size < before.end
            && run.after + run.size < after.end
            && equal(run.before + run.size, run.after + run.size)
        {
            run.size += 1;
        }
        run
    }

    /// All runs in order; those that touch each other on both sides are one.
    fn runs(&self) -> Vec<Run> {
        let mut found = Vec::new();
        let mut open = vec![(0..self.before.len(), 0..self.after.len())];
        while let Some((before, after)) = open.pop() {
            let run = self.longest(&before, &after);
            if run.size == 0 {
                continue;
            }
            found.push(run);
            open.push((before.start..run.before, after.start..run.after));
            open.push((run.before + run.size..before.end, run.after + run.size..after.end));
        }
        found.sort_unstable();
        let mut runs: Vec<Run> = Vec::new();
        for run in found {
            match runs.last_mut() {
                Some(last)
                    if last.before + last.size == run.before
                        && last.after + last.size == run.after =>
                {
                    last.size += run.size;
                }
                _ => runs.push(run),
            }
        }
        runs
    }
}

/// All lines of both sides, in parts.
fn parts<Line: AsRef<str>>(before: &[Line], after: &[Line]) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut one, mut other) = (0, 0);
    let end = Run { before: before.len(), after: after.len(), size: 0 };
    for run in Matcher::new(before, after).runs().into_iter().chain([end]) {
        let (to_one, to_other) = (run.before + run.size, run.after + run.size);
        if one < run.before || other < run.after {
            parts.push(Part {
                kind: Kind::Changed,
                before: one..run.before,
                after: other..run.after,
            });
        }
        if run.size > 0 {
            let (before, after) = (run.before..to_one, run.after..to_other);
            parts.push(Part { kind: Kind::Equal, before, after });
        }
        (one, other) = (to_one, to_other);
    }
    parts
}

/// The changes with this many equal lines around them; those that are near each other are one hunk.
pub fn hunks<Line: AsRef<str>>(before: &[Line], after: &[Line], context: usize) -> Vec<Vec<Part>> {
    let mut parts = parts(before, after);
    let begin = |part: &mut Part| {
        part.before.start = part.before.start.max(part.before.end.saturating_sub(context));
        part.after.start = part.after.start.max(part.after.end.saturating_sub(context));
    };
    let end = |part: &mut Part| {
        part.before.end = part.before.end.min(part.before.start + context);
        part.after.end = part.after.end.min(part.after.start + context);
    };
    if let Some(first) = parts.first_mut().filter(|part| part.kind == Kind::Equal) {
        begin(first);
    }
    if let Some(last) = parts.last_mut().filter(|part| part.kind == Kind::Equal) {
        end(last);
    }
    let mut hunks = Vec::new();
    let mut hunk = Vec::new();
    for mut part in parts {
        if part.kind == Kind::Equal && part.before.len() > 2 * context {
            let mut last = part.clone();
            end(&mut last);
            hunk.push(last);
            hunks.push(std::mem::take(&mut hunk));
            begin(&mut part);
        }
        hunk.push(part);
    }
    hunks.push(hunk);
    hunks.retain(|hunk| hunk.iter().any(|part| part.kind == Kind::Changed));
    hunks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str, context: usize) -> String {
        let (before, after): (Vec<_>, Vec<_>) =
            (before.split(' ').collect(), after.split(' ').collect());
        hunks(&before, &after, context)
            .iter()
            .map(|hunk| {
                hunk.iter()
                    .map(|part| match part.kind {
                        Kind::Equal => format!("={}", before[part.before.clone()].join("")),
                        Kind::Changed => format!(
                            "-{}+{}",
                            before[part.before.clone()].join(""),
                            after[part.after.clone()].join("")
                        ),
                    })
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect::<Vec<_>>()
            .join(" | ")
    }

    /// By Python's `difflib.SequenceMatcher`.
    #[test]
    fn the_longest_run_comes_first() {
        assert_eq!(shown("a a a a a a", "a a a", 3), "=aaa -aaa+");
        assert_eq!(shown("q w e r t y", "y t r e w q", 3), "-+ytrew =q -werty+");
        assert_eq!(
            shown("k1 end k2 end k3 end", "k3 end k1 end", 3),
            "-+k3end =k1end -k2endk3end+"
        );
    }

    #[test]
    fn hunks_have_their_context() {
        let before = "1 2 3 4 5 6 7 8 9";
        assert_eq!(shown(before, "1 x 3 4 5 6 7 y 9", 1), "=1 -2+x =3 | =7 -8+y =9");
        assert_eq!(shown(before, "1 x 3 4 5 6 7 y 9", 3), "=1 -2+x =34567 -8+y =9");
        assert_eq!(shown(before, before, 3), "");
    }

    #[test]
    fn popular_lines_begin_no_run_in_long_texts() {
        let before: Vec<&str> = std::iter::repeat_n("x", 250).chain(["last"]).collect();
        let after: Vec<&str> = std::iter::repeat_n("x", 210).chain(["new", "last"]).collect();
        let changed = Part { kind: Kind::Changed, before: 210..250, after: 210..211 };
        assert_eq!(parts(&before, &after).get(1), Some(&changed));
    }
}
