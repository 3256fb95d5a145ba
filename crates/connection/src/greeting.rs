//! From something that was started to its first line of ours: what a login shell prints before is
//! passed over, a question for a password is answered. Must not know what comes afterwards.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::become_user::{self, Heard};
use crate::process::Started;
use crate::target::{Become, Identity};

/// What our lines begin with.
pub const MARK: &str = "NAFAL:";

/// How long one waits for what was complained of, once it has ended.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Why no line of ours came.
#[derive(Debug)]
pub enum Silence {
    /// It didn't become the other user.
    Become(crate::fault::Fault),
    /// It ended; what it had complained of.
    Ended(String),
    /// It took too long; what it had complained of.
    Late(String),
    /// Its streams broke.
    Broken(io::Error),
}

/// Waits for a line of ours and gives what stands after the mark.
pub fn await_line(
    started: &mut Started,
    identity: &Identity,
    patience: Duration,
) -> Result<String, Silence> {
    let other = match identity {
        Identity::Login => None,
        Identity::Become(other) => Some(&**other),
    };
    let (line, complaints) = (Vec::new(), String::new());
    Greeting { started, other, line, complaints, heard: 0, answered: false }
        .follow(Instant::now() + patience)
}

struct Greeting<'a> {
    started: &'a mut Started,
    other: Option<&'a Become>,
    line: Vec<u8>,
    complaints: String,
    /// How much of the complaints has been understood: a question may come in two pieces.
    heard: usize,
    answered: bool,
}

impl Greeting<'_> {
    fn follow(mut self, end: Instant) -> Result<String, Silence> {
        let mut stderr_open = true;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Silence::Late(self.complaints.trim().to_owned()));
            }
            let (out, err) = self.wait(left, stderr_open).map_err(Silence::Broken)?;
            if err {
                stderr_open = self.listen()?;
            }
            if out {
                match self.take_byte().map_err(Silence::Broken)? {
                    Taken::Nothing => {}
                    Taken::Line(rest) => return Ok(rest),
                    Taken::End => return Err(self.ended()),
                }
            }
        }
    }

    fn wait(&self, left: Duration, stderr_open: bool) -> io::Result<(bool, bool)> {
        let mut fds = vec![PollFd::new(self.started.stdout.as_fd(), PollFlags::POLLIN)];
        if stderr_open {
            fds.push(PollFd::new(self.started.stderr.as_fd(), PollFlags::POLLIN));
        }
        let millis = u16::try_from(left.as_millis().max(1)).unwrap_or(u16::MAX);
        match poll(&mut fds, PollTimeout::from(millis)) {
            Ok(_) | Err(nix::errno::Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
        let is_ready = |index: usize| fds.get(index).and_then(PollFd::any).unwrap_or(false);
        Ok((is_ready(0), is_ready(1)))
    }

    fn wait_for_stderr(&self, left: Duration) -> io::Result<bool> {
        let mut fds = [PollFd::new(self.started.stderr.as_fd(), PollFlags::POLLIN)];
        let millis = u16::try_from(left.as_millis().max(1)).unwrap_or(u16::MAX);
        Ok(poll(&mut fds, PollTimeout::from(millis))? > 0)
    }

    /// Byte by byte: what follows our line belongs to others.
    fn take_byte(&mut self) -> io::Result<Taken> {
        let mut byte = [0];
        if self.started.stdout.read(&mut byte)? == 0 {
            return Ok(Taken::End);
        }
        if byte[0] != b'\n' {
            self.line.push(byte[0]);
            return Ok(Taken::Nothing);
        }
        let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
        Ok(match line.trim_end().split_once(MARK) {
            Some((_, rest)) => Taken::Line(rest.to_owned()),
            None => Taken::Nothing,
        })
    }

    /// Hears what is said on stderr, and answers a question; says whether stderr is still open.
    fn listen(&mut self) -> Result<bool, Silence> {
        let mut buffer = [0; 4096];
        let count = self.started.stderr.read(&mut buffer).map_err(Silence::Broken)?;
        let text = String::from_utf8_lossy(&buffer[..count]).into_owned();
        self.complaints.push_str(&text);
        let Some(other) = self.other else {
            return Ok(count > 0);
        };
        let heard = become_user::hear(other, self.complaints.get(self.heard..).unwrap_or(&text));
        if heard != Heard::Nothing {
            self.heard = self.complaints.len();
        }
        let refuse = |heard| Err(Silence::Become(become_user::fault(other, heard, "")));
        match (heard, &other.password) {
            (Heard::Nothing, _) => Ok(count > 0),
            (Heard::Question, Some(password)) if !self.answered => {
                self.answered = true;
                let line = format!("{}\n", password.reveal());
                self.started.stdin.write_all(line.as_bytes()).map_err(Silence::Broken)?;
                Ok(true)
            }
            (Heard::Question, Some(_)) => refuse(Heard::Refusal),
            (heard, _) => refuse(heard),
        }
    }

    fn ended(mut self) -> Silence {
        // Over ssh the streams come one by one: the last words may be later than the end.
        let mut last = Vec::new();
        let end = Instant::now() + LAST_WORDS;
        let mut buffer = [0; 4096];
        while let left = end.saturating_duration_since(Instant::now())
            && !left.is_zero()
            && matches!(self.wait_for_stderr(left), Ok(true))
        {
            match self.started.stderr.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(count) => last.extend_from_slice(&buffer[..count]),
            }
        }
        let last = String::from_utf8_lossy(&last);
        self.complaints.push_str(&last);
        let text = self.complaints.trim();
        // A question that was answered has nothing to do with the end.
        let unanswered = self.complaints.get(self.heard..).unwrap_or_default();
        match self.other {
            Some(other) => Silence::Become(become_user::fault(
                other,
                become_user::hear(other, unanswered),
                text,
            )),
            None => Silence::Ended(text.to_owned()),
        }
    }
}

enum Taken {
    Nothing,
    Line(String),
    End,
}
