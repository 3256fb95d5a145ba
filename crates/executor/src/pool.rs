//! The workers: a pool of their own of exactly as many threads as hosts run at once.

use std::sync::Arc;

use crate::error::Error;

/// Small stacks: hundreds of forks must stay cheap. Deep recursion in templates has its own limit.
const STACK: usize = 2 * 1024 * 1024;

/// A pool of workers, never the global one.
pub struct Pool {
    pool: rayon::ThreadPool,
    threads: usize,
}

impl Pool {
    /// A pool of `forks` workers (at least one).
    pub fn new(forks: usize) -> Result<Pool, Error> {
        let threads = forks.max(1);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .stack_size(STACK)
            .thread_name(|index| format!("fork-{index}"))
            .build()
            .map_err(|error| Error::Pool { forks: threads, reason: error.to_string() })?;
        Ok(Pool { pool, threads })
    }

    /// Runs all jobs, at most `limit` and as many as there are workers at once, in their order. Returns at
    /// once; what a job has to say goes over its own channel.
    ///
    /// One job a worker that takes the next from a shared list, not one job a host: ten thousand
    /// boxed closures cost more than the tasks in them.
    pub(crate) fn start<J: Send + 'static>(
        &self,
        jobs: Vec<J>,
        limit: usize,
        run: impl Fn(J) + Send + Sync + 'static,
    ) {
        let count = jobs.len().min(self.threads).min(limit);
        let (sender, receiver) = crossbeam_channel::bounded(jobs.len());
        for job in jobs {
            // There is room for all of them.
            let _ = sender.send(job);
        }
        drop(sender);
        let run = Arc::new(run);
        for _ in 0..count {
            let receiver = receiver.clone();
            let run = Arc::clone(&run);
            self.pool.spawn_fifo(move || {
                while let Ok(job) = receiver.try_recv() {
                    run(job);
                }
            });
        }
    }
}
