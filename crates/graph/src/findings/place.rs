//! Where exactly a word stands: values know where they begin, a caret wants the word in them.

use nafal_base::Span;

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The first place of a whole word from `start` on, at most `lines` lines further down; `start` itself when it isn't
/// there.
pub fn word_after(start: &Span, word: &str, lines: u32) -> Span {
    for number in start.line..=start.line.saturating_add(lines) {
        let Some(line) = start.source.line(number) else { break };
        let from = if number == start.line { start.column.saturating_sub(1) } else { 0 };
        let from = usize::try_from(from).unwrap_or(0);
        let from = line.char_indices().nth(from).map_or(line.len(), |(at, _)| at);
        if let Some(at) = find_word(line, from, word) {
            let column = line.get(..at).map_or(0, |before| before.chars().count()) + 1;
            return Span::new(&start.source, number, u32::try_from(column).unwrap_or(0));
        }
    }
    start.clone()
}

fn find_word(line: &str, from: usize, word: &str) -> Option<usize> {
    let mut at = from;
    loop {
        let found = at + line.get(at..)?.find(word)?;
        let end = found + word.len();
        let before = line.get(..found)?.chars().next_back();
        let after = line.get(end..)?.chars().next();
        if !before.is_some_and(|c| is_of_word(c) || c == '.') && !after.is_some_and(is_of_word) {
            return Some(found);
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nafal_base::Source;

    #[test]
    fn whole_words_only() {
        let source = Source::new("x.yml", "a: \"{{ abc.b }} é {{ b }}\"\nb: c\n");
        let at = |line, column, word| {
            let found = word_after(&Span::new(&source, line, column), word, 1);
            (found.line, found.column)
        };
        assert_eq!(at(1, 4, "b"), (1, 22));
        assert_eq!(at(1, 23, "b"), (2, 1));
        assert_eq!(at(1, 1, "nosuch"), (1, 1));
    }
}
