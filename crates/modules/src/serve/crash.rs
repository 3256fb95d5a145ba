//! A module that panics: its task fails, with the place, and the agent goes on. Must not know
//! requests.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nafal_base::Outcome;

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps the place of a panic instead of writing it to stderr.
pub fn remember_places() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
        // A thread that is ending has no place to keep it in.
        let _ = PLACE.try_with(|kept| {
            if let Ok(mut kept) = kept.try_borrow_mut() {
                *kept = place;
            }
        });
    }));
}

/// What `run` gives, or the outcome of its panic.
pub fn guard(module: &str, run: impl FnOnce() -> Outcome) -> Outcome {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|payload| {
        let place = PLACE.with(|kept| kept.borrow_mut().take());
        let at = place.map(|place| format!(" at {place}")).unwrap_or_default();
        Outcome::failed(format!("the module {module} crashed{at}: {}", text_of(&*payload)))
    })
}

fn text_of(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("for an unknown reason")
}
