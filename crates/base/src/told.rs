//! What is warned of while a task runs on a host: it belongs to the task's result. One thread runs a task from its
//! beginning to its end, so each thread keeps its own. Must not know what is warned of, nor who shows it.

use std::cell::RefCell;

use crate::Diagnostic;

thread_local! {
    static KEPT: RefCell<Option<Vec<Diagnostic>>> = const { RefCell::new(None) };
}

/// Does the work, and gives with it what was warned of meanwhile, each only once.
pub fn collect<T>(work: impl FnOnce() -> T) -> (T, Vec<Diagnostic>) {
    let _outer = Outer(KEPT.with(|kept| kept.replace(Some(Vec::new()))));
    let done = work();
    let told = KEPT.with(|kept| kept.borrow_mut().take());
    (done, told.unwrap_or_default())
}

/// What was collected before: it goes on afterwards, even when the work panics.
struct Outer(Option<Vec<Diagnostic>>);

impl Drop for Outer {
    fn drop(&mut self) {
        let outer = self.0.take();
        KEPT.with(|kept| *kept.borrow_mut() = outer);
    }
}

/// Keeps a warning; gives it back where no task is running.
pub fn keep(diagnostic: Diagnostic) -> Option<Diagnostic> {
    KEPT.with(|kept| match &mut *kept.borrow_mut() {
        Some(kept) => {
            if !kept.contains(&diagnostic) {
                kept.push(diagnostic);
            }
            None
        }
        None => Some(diagnostic),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_once_and_its_own() {
        assert!(keep(Diagnostic::warning("a")).is_some());
        let ((), told) = collect(|| {
            assert!(keep(Diagnostic::warning("a")).is_none());
            let ((), inner) = collect(|| assert!(keep(Diagnostic::warning("b")).is_none()));
            assert_eq!(inner, [Diagnostic::warning("b")]);
            assert!(keep(Diagnostic::warning("a")).is_none());
        });
        assert_eq!(told, [Diagnostic::warning("a")]);
        assert!(keep(Diagnostic::warning("a")).is_some());
    }
}
