//! Things that are opened once and shared: whoever asks first opens, the others wait, and share
//! the fault too when it fails. Must not know what is opened.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use crate::fault::Fault;

/// What is open, by key.
pub struct Slots<K, T>(Mutex<HashMap<K, Arc<Slot<T>>>>);

struct Slot<T> {
    state: Mutex<State<T>>,
}

struct State<T> {
    open: Option<Arc<T>>,
    /// The fault of the last attempt.
    fault: Option<Fault>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        let state = State { open: None, fault: None };
        Slot { state: Mutex::new(state) }
    }
}

impl<K, T> Default for Slots<K, T> {
    fn default() -> Self {
        Slots(Mutex::default())
    }
}

impl<K: Hash + Eq + Clone, T> Slots<K, T> {
    /// What is open under this key and still good; opened now if there is none.
    pub fn get(
        &self,
        key: &K,
        is_good: impl Fn(&T) -> bool,
        open: impl FnOnce() -> Result<T, Fault>,
    ) -> Result<Arc<T>, Fault> {
        let slot = {
            let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match slots.get(key) {
                Some(slot) => Arc::clone(slot),
                None => Arc::clone(slots.entry(key.clone()).or_default()),
            }
        };
        // Those who find the slot free open it; those who had to wait share what came of it.
        let (mut state, waited) = match slot.state.try_lock() {
            Ok(state) => (state, false),
            Err(_) => (slot.state.lock().unwrap_or_else(PoisonError::into_inner), true),
        };
        if let Some(open) = state.open.as_ref().filter(|open| is_good(open)) {
            return Ok(Arc::clone(open));
        }
        if waited && let Some(fault) = &state.fault {
            return Err(fault.clone());
        }
        state.open = None;
        match open() {
            Ok(opened) => {
                let opened = Arc::new(opened);
                state.open = Some(Arc::clone(&opened));
                state.fault = None;
                Ok(opened)
            }
            Err(fault) => {
                state.fault = Some(fault.clone());
                Err(fault)
            }
        }
    }

    /// Everything that is open, without waiting for what is being opened.
    pub fn open(&self) -> Vec<Arc<T>> {
        let slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slots.values().filter_map(|slot| slot.state.try_lock().ok()?.open.clone()).collect()
    }

    /// Takes those with these keys out, after what is being opened.
    pub fn take_where(&self, wanted: impl Fn(&K) -> bool) -> Vec<Arc<T>> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken: Vec<Arc<Slot<T>>> =
            slots.extract_if(|key, _| wanted(key)).map(|(_, slot)| slot).collect();
        drop(slots);
        let open = |slot: Arc<Slot<T>>| {
            slot.state.lock().unwrap_or_else(PoisonError::into_inner).open.take()
        };
        taken.into_iter().filter_map(open).collect()
    }

    /// Takes everything out, after what is being opened.
    pub fn take(&self) -> Vec<Arc<T>> {
        self.take_where(|_| true)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn many_ask_and_one_opens() {
        let slots: Slots<u8, usize> = Slots::default();
        let opened = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let got = slots.get(
                        &1,
                        |_| true,
                        || {
                            std::thread::sleep(std::time::Duration::from_millis(50));
                            Ok(opened.fetch_add(1, Ordering::Relaxed))
                        },
                    );
                    assert_eq!(*got.unwrap(), 0);
                });
            }
        });
        assert_eq!(slots.open().len(), 1);
        assert_eq!(*slots.get(&1, |_| false, || Ok(7)).unwrap(), 7);
        assert_eq!(slots.take().len(), 1);
    }
}
