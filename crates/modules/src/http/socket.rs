//! The connection below HTTP where TCP alone won't do: a Unix socket, or a proxy that wants whole URLs.
//! Must not know TLS.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};

use crate::files::failure::errno_text;

/// What to connect to.
#[derive(Clone, Debug)]
pub enum Place {
    /// The host itself, or a tunnel's proxy.
    Host,
    /// A proxy at this host and port, which is told the whole URL.
    Proxy {
        /// Where it is.
        address: std::net::SocketAddr,
        /// What goes before the path.
        origin: String,
    },
    /// A socket in the file system.
    Unix(PathBuf),
}

/// Opens connections.
#[derive(Debug)]
pub struct Sockets {
    /// Where to.
    pub place: Place,
    /// How long to wait for one.
    pub timeout: Duration,
}

/// A Unix socket that can't be connected to.
#[derive(Debug, thiserror::Error)]
#[error("Invalid Socket File ({path}): {why}")]
pub struct NoSocket {
    path: String,
    why: String,
}

impl<In: Transport> Connector<In> for Sockets {
    type Out = Socket;

    fn connect(
        &self,
        details: &ConnectionDetails,
        _chained: Option<In>,
    ) -> Result<Option<Socket>, ureq::Error> {
        let (stream, origin): (Box<dyn Stream>, Option<String>) = match &self.place {
            Place::Unix(path) => {
                let stream = UnixStream::connect(path).map_err(|error| {
                    let why = errno_text(&error, None);
                    io::Error::other(NoSocket { path: path.display().to_string(), why })
                })?;
                (Box::new(stream), None)
            }
            Place::Proxy { address, origin } => {
                let stream = TcpStream::connect_timeout(address, self.timeout).map_err(timed)?;
                (Box::new(stream), Some(origin.clone()))
            }
            Place::Host => (Box::new(self.first_of(details)?), None),
        };
        stream.wait_at_most(self.timeout)?;
        let config = details.config;
        let buffers = LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size());
        Ok(Some(Socket { stream, buffers, origin }))
    }
}

impl Sockets {
    fn first_of(&self, details: &ConnectionDetails) -> Result<TcpStream, ureq::Error> {
        let mut last = ureq::Error::HostNotFound;
        for address in &details.addrs {
            match TcpStream::connect_timeout(address, self.timeout) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    return Ok(stream);
                }
                Err(error) => last = timed(error),
            }
        }
        Err(last)
    }
}

fn timed(error: io::Error) -> ureq::Error {
    match error.kind() {
        io::ErrorKind::TimedOut => ureq::Error::Timeout(ureq::Timeout::Connect),
        _ => ureq::Error::Io(error),
    }
}

trait Stream: Read + Write + Send + Sync {
    fn wait_at_most(&self, timeout: Duration) -> io::Result<()>;
}

impl Stream for TcpStream {
    fn wait_at_most(&self, timeout: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(timeout))?;
        self.set_write_timeout(Some(timeout))
    }
}

impl Stream for UnixStream {
    fn wait_at_most(&self, timeout: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(timeout))?;
        self.set_write_timeout(Some(timeout))
    }
}

/// An open connection.
pub struct Socket {
    stream: Box<dyn Stream>,
    buffers: LazyBuffers,
    /// What still has to go before the path of the request's first line.
    origin: Option<String>,
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("origin", &self.origin).finish_non_exhaustive()
    }
}

fn waited(error: io::Error, reason: ureq::Timeout) -> ureq::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => ureq::Error::Timeout(reason),
        _ => ureq::Error::Io(error),
    }
}

impl Transport for Socket {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        let output = &self.buffers.output()[..amount];
        let sent = match self.origin.take() {
            Some(origin) => {
                let path = output.iter().position(|byte| *byte == b' ').map_or(0, |at| at + 1);
                let whole = [&output[..path], origin.as_bytes(), &output[path..]].concat();
                self.stream.write_all(&whole)
            }
            None => self.stream.write_all(output),
        };
        sent.map_err(|error| waited(error, ureq::Timeout::PerWrite))
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        let input = self.buffers.input_append_buf();
        let count = loop {
            match self.stream.read(input) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other.map_err(|error| waited(error, ureq::Timeout::PerRead))?,
            }
        };
        self.buffers.input_appended(count);
        Ok(count > 0)
    }

    fn is_open(&mut self) -> bool {
        // Every request says `Connection: close`: none is used twice.
        false
    }
}
