//! Threads for requests: made when none is idle, up to a bound, and used again. Must not know what
//! they do.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_channel::{Receiver, Sender, unbounded};

type Job = Box<dyn FnOnce() + Send>;

/// How many requests run side by side at most; more wait.
const MOST: usize = 512;

/// A growing pool.
pub struct Pool {
    jobs: Sender<Job>,
    queue: Receiver<Job>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    /// Threads that wait, less the jobs that are meant for them.
    free: AtomicUsize,
    threads: AtomicUsize,
}

impl Pool {
    /// A pool without threads.
    pub fn new() -> Pool {
        let (jobs, queue) = unbounded();
        Pool { jobs, queue, counts: Arc::default() }
    }

    /// Does it in another thread. Only one thread calls this.
    pub fn start(&self, job: impl FnOnce() + Send + 'static) {
        let took_free = self
            .counts
            .free
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |free| free.checked_sub(1))
            .is_ok();
        if !took_free && self.counts.threads.load(Ordering::Acquire) < MOST {
            self.add_thread();
        }
        // The queue lives as long as this pool.
        let _ = self.jobs.send(Box::new(job));
    }

    fn add_thread(&self) {
        let queue = self.queue.clone();
        let counts = Arc::clone(&self.counts);
        let thread = std::thread::Builder::new().name("module".to_owned()).stack_size(2 << 20);
        let spawned = thread.spawn(move || {
            while let Ok(job) = queue.recv() {
                job();
                counts.free.fetch_add(1, Ordering::AcqRel);
            }
        });
        // Without another thread the job waits for those that are there.
        if spawned.is_ok() {
            self.counts.threads.fetch_add(1, Ordering::AcqRel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_run_side_by_side_and_threads_are_used_again() {
        let pool = Pool::new();
        let (sender, receiver) = unbounded();
        let barrier = Arc::new(std::sync::Barrier::new(8));
        for number in 0..8 {
            let (sender, barrier) = (sender.clone(), Arc::clone(&barrier));
            pool.start(move || {
                barrier.wait();
                sender.send(number).unwrap();
            });
        }
        let mut got: Vec<i32> = receiver.iter().take(8).collect();
        got.sort_unstable();
        assert_eq!(got, (0..8).collect::<Vec<_>>());
        std::thread::sleep(std::time::Duration::from_millis(50));
        let sender = sender.clone();
        pool.start(move || sender.send(9).unwrap());
        assert_eq!(receiver.recv().unwrap(), 9);
        assert_eq!(pool.counts.threads.load(Ordering::Acquire), 8);
    }
}
