//! Python's `range`, never unrolled until somebody iterates.

/// `range(start, stop, step)`; the step is never 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first number.
    pub start: i64,
    /// The end, not in it.
    pub stop: i64,
    /// The step.
    pub step: i64,
}

impl Range {
    /// How many numbers.
    pub fn len(&self) -> usize {
        let (start, stop, step) =
            (i128::from(self.start), i128::from(self.stop), i128::from(self.step));
        let span = if step > 0 { stop - start } else { start - stop };
        if span <= 0 {
            return 0;
        }
        usize::try_from((span - 1) / step.abs() + 1).unwrap_or(usize::MAX)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at `index`.
    pub fn get(&self, index: usize) -> Option<i64> {
        if index >= self.len() {
            return None;
        }
        i64::try_from(index).ok().map(|index| self.start + index * self.step)
    }

    /// All numbers.
    pub fn iter(&self) -> impl Iterator<Item = i64> + use<> {
        let range = *self;
        (0..range.len()).filter_map(move |index| range.get(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_python() {
        assert_eq!(Range { start: 0, stop: 5, step: 2 }.iter().collect::<Vec<_>>(), [0, 2, 4]);
        assert_eq!(Range { start: 3, stop: 0, step: -1 }.iter().collect::<Vec<_>>(), [3, 2, 1]);
        assert!(Range { start: 3, stop: 0, step: 1 }.is_empty());
    }
}
