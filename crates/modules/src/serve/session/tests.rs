//! Conversations over pipes.

use std::io::{PipeReader, PipeWriter, pipe};
use std::thread::JoinHandle;

use nafal_base::{Dict, Value};

use super::*;

struct Other {
    to: Option<PipeWriter>,
    from: PipeReader,
    thread: JoinHandle<io::Result<()>>,
}

impl Other {
    fn begin() -> Other {
        Other::begin_with(registry::find)
    }

    fn begin_with(find: Find) -> Other {
        let (agent_in, to) = pipe().unwrap();
        let (from, agent_out) = pipe().unwrap();
        let thread =
            std::thread::spawn(move || serve_these(find, agent_in, agent_out, Packing::Never));
        let mut other = Other { to: Some(to), from, thread };
        let FromAgent::Hello { version, .. } = other.next() else { panic!("no greeting") };
        assert_eq!(version, wire::VERSION);
        other
    }

    fn say(&mut self, message: &ToAgent) {
        wire::write_frame(self.to.as_mut().unwrap(), message).unwrap();
    }

    fn run(&mut self, id: u64, module: &str, args: &[(&str, Value)]) {
        let args: Dict = args.iter().map(|(key, value)| (*key, value.clone())).collect();
        let request = Request { module: module.into(), args, surroundings: Default::default() };
        self.say(&ToAgent::Run(RequestId(id), Box::new(request)));
    }

    fn next(&mut self) -> FromAgent {
        wire::read_frame(&mut self.from).unwrap().unwrap()
    }

    fn done(&mut self) -> (u64, Outcome) {
        match self.next() {
            FromAgent::Done(id, outcome) => (id.0, *outcome),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn requests_run_side_by_side() {
    let mut other = Other::begin();
    other.run(1, "ansible.builtin.shell", &[("_raw_params", "sleep 1".into())]);
    other.run(2, "ping", &[]);
    other.run(3, "nosuch", &[]);
    let mut quick = [other.done(), other.done()];
    quick.sort_by_key(|(id, _)| *id);
    assert_eq!((quick[0].0, quick[0].1.text("ping")), (2, Some("pong")));
    assert!(quick[1].1.text("msg").unwrap().contains("nosuch"));
    assert_eq!(other.done().0, 1);
}

#[test]
fn cancelling_kills_the_process() {
    let mut other = Other::begin();
    other.run(1, "shell", &[("_raw_params", "sleep 60; sleep 60".into())]);
    std::thread::sleep(Duration::from_millis(200));
    other.say(&ToAgent::Cancel(RequestId(1)));
    assert_eq!(other.done().1.values.get("rc"), Some(&Value::Int(-9)));
}

#[test]
fn the_end_of_input_ends_everything() {
    let mut other = Other::begin();
    other.run(1, "shell", &[("_raw_params", "echo $$ > /dev/null; sleep 60".into())]);
    std::thread::sleep(Duration::from_millis(200));
    drop(other.to.take());
    let begun = Instant::now();
    other.thread.join().unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn files_both_ways() {
    let mut other = Other::begin();
    for (data, last) in [(vec![1; wire::PIECE], false), (vec![2; 10], true)] {
        other.say(&ToAgent::Put { id: RequestId(5), data, last });
    }
    let FromAgent::Stored(RequestId(5), Ok(path)) = other.next() else { panic!() };
    assert_eq!(std::fs::metadata(&path).unwrap().len(), wire::PIECE as u64 + 10);
    other.say(&ToAgent::Get { id: RequestId(6), path: path.clone() });
    let FromAgent::Piece { last: false, data, .. } = other.next() else { panic!() };
    assert_eq!(data.len(), wire::PIECE);
    let FromAgent::Piece { last: true, data, fault: None, .. } = other.next() else { panic!() };
    assert_eq!(data, [2; 10]);
    other.say(&ToAgent::Get { id: RequestId(7), path: "/nosuch".into() });
    let FromAgent::Piece { fault: Some(_), .. } = other.next() else { panic!() };
    other.say(&ToAgent::Bye);
    other.thread.join().unwrap().unwrap();
    assert!(!std::path::Path::new(&path).exists());
}

fn crashing(name: &str) -> Option<&'static Module> {
    static CRASHING: Module =
        Module { spec: crate::spec::Spec::new("crashes", &[]), run: |_, _| panic!("oh no") };
    if name == "crashes" { Some(&CRASHING) } else { registry::find(name) }
}

#[test]
fn a_crash_is_a_failed_task_and_the_agent_lives() {
    let mut other = Other::begin_with(crashing);
    for id in 1..=3 {
        other.run(id, "crashes", &[]);
        let (done, outcome) = other.done();
        assert!(done == id && outcome.is_failed());
        let message = outcome.text("msg").unwrap();
        assert!(message.starts_with("the module crashes crashed"), "{message}");
        assert!(message.ends_with("oh no"), "{message}");
    }
    other.run(4, "ping", &[]);
    assert_eq!(other.done().1.text("ping"), Some("pong"));
    other.say(&ToAgent::Bye);
    other.thread.join().unwrap().unwrap();
}
