//! The terminal as a place where one is asked: keys one by one, lines, with and without echo. Must
//! not know who asks.

use std::io::{self, IsTerminal, Write, stdin, stdout};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nafal_base::console::{Console, Echo, Keyed, Keys};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetpgrp,
    tcsetattr,
};

/// Standard input and output.
#[derive(Clone, Copy, Debug, Default)]
pub struct TerminalConsole;

/// To the line's begin, and nothing behind it: stock's bytes, which any terminal understands so.
const CLEAR_LINE: &str = "\x1b[\r\x1b[\x1b[K";
/// What Python's `input` says where there is nothing any more.
const END: &str = "EOF when reading a line";
const BACKSPACES: [u8; 2] = [0x08, 0x7f];
/// How often one looks whether the run is to end.
const LOOK: Duration = Duration::from_millis(100);

/// The terminal's modes as they were, once this goes.
struct Restored(Termios);

impl Restored {
    fn with(change: impl FnOnce(&mut Termios)) -> io::Result<Restored> {
        let before = tcgetattr(stdin())?;
        let mut modes = before.clone();
        change(&mut modes);
        tcsetattr(stdin(), OptionalActions::Drain, &modes)?;
        Ok(Restored(before))
    }
}

impl Drop for Restored {
    fn drop(&mut self) {
        // Nothing can be done about a terminal that went away.
        let _ = tcsetattr(stdin(), OptionalActions::Drain, &self.0);
    }
}

fn say(text: &str) {
    let mut out = stdout();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// Whether something was typed within this time.
fn is_ready(wait: Duration) -> io::Result<bool> {
    let input = stdin();
    let mut fds = [PollFd::new(input.as_fd(), PollFlags::POLLIN)];
    let millis = u16::try_from(wait.as_millis().max(1)).unwrap_or(u16::MAX);
    match poll(&mut fds, PollTimeout::from(millis)) {
        Ok(count) => Ok(count > 0),
        Err(nix::errno::Errno::EINTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Past the buffer that others may fill. None at the end.
fn byte() -> io::Result<Option<u8>> {
    let mut buffer = [0];
    let count = nix::unistd::read(stdin(), &mut buffer)?;
    Ok((count > 0).then_some(buffer[0]))
}

impl Console for TerminalConsole {
    fn is_interactive(&self) -> bool {
        // In the background one isn't asked.
        stdin().is_terminal()
            && tcgetpgrp(stdin()).is_ok_and(|group| group == rustix::process::getpgrp())
    }

    fn show(&self, text: &str) {
        say(&format!("{text}\n"));
    }

    fn keys(&self, wanted: &Keys<'_>) -> io::Result<Keyed> {
        let shown = wanted.echo == Echo::Shown;
        let _restored = Restored::with(|modes| {
            modes.local_modes -= LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
            modes.local_modes.set(LocalModes::ECHO, shown);
            modes.input_modes -= InputModes::ICRNL | InputModes::INLCR | InputModes::IXON;
        })?;
        tcflush(stdin(), QueueSelector::IFlush)?;
        let begun = Instant::now();
        let mut typed = Vec::new();
        loop {
            if wanted.cancelled.load(Ordering::Relaxed) {
                return Ok(Keyed::Interrupted);
            }
            let left = wanted.limit.map_or(LOOK, |limit| limit.saturating_sub(begun.elapsed()));
            if left.is_zero() {
                return Ok(Keyed::OutOfTime);
            }
            if !is_ready(left.min(LOOK))? {
                continue;
            }
            let key = byte()?;
            let Some(key) = key.filter(|key| !wanted.complete.contains(key)) else {
                say(CLEAR_LINE);
                return Ok(Keyed::Text(String::from_utf8_lossy(&typed).into_owned()));
            };
            if wanted.interrupt.contains(&key) {
                say(CLEAR_LINE);
                return Ok(Keyed::Interrupted);
            }
            if BACKSPACES.contains(&key) {
                take_back(&mut typed);
                let left = if shown { String::from_utf8_lossy(&typed) } else { "".into() };
                say(&format!("{CLEAR_LINE}{left}"));
            } else {
                typed.push(key);
            }
        }
    }

    fn line(&self, prompt: &str, echo: Echo, cancelled: &AtomicBool) -> io::Result<Option<String>> {
        say(prompt);
        let restored = match echo {
            Echo::Shown => None,
            Echo::Hidden => Some(Restored::with(|modes| modes.local_modes -= LocalModes::ECHO)?),
        };
        let mut typed = Vec::new();
        loop {
            if cancelled.load(Ordering::Relaxed) {
                return Ok(None);
            }
            if !is_ready(LOOK)? {
                continue;
            }
            match byte()? {
                None if typed.is_empty() => {
                    return Err(io::Error::new(io::ErrorKind::UnexpectedEof, END));
                }
                Some(b'\n') | None => break,
                Some(key) => typed.push(key),
            }
        }
        if restored.is_some() {
            say("\n");
        }
        Ok(Some(String::from_utf8_lossy(&typed).into_owned()))
    }
}

/// The last character, not its last byte alone.
fn take_back(typed: &mut Vec<u8>) {
    while typed.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
}

#[cfg(test)]
mod tests {
    use super::take_back;

    #[test]
    fn characters_are_taken_back_whole() {
        let mut typed = "aé".as_bytes().to_vec();
        take_back(&mut typed);
        assert_eq!(typed, b"a");
        take_back(&mut typed);
        take_back(&mut typed);
        assert!(typed.is_empty());
    }
}
