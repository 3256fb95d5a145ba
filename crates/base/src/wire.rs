//! What the controller and the agent say to each other: length-prefixed frames of MessagePack.
//! Must not know what carries them.
//!
//! A frame is a length (u32, little endian) and as many bytes. Whether something worked is said
//! inside a frame, never by an exit code. The length's highest bit says that they were made shorter ([`Packing`]). The agent speaks first ([`FromAgent::Hello`]), so that
//! the controller sees at once whether it speaks the same version.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use crate::event::Mode;
use crate::outcome::Outcome;
use crate::packing;
pub use crate::packing::Packing;
use crate::value::Dict;

/// The version of everything here. Any change of a type below is another version.
pub const VERSION: u32 = 3;

/// The name by which a request asks for a module that is not one of nafal's own.
pub const FOREIGN: &str = "nafal.foreign";

/// The argument of any module that says that it passes over arguments that it doesn't have.
pub const IGNORE_UNKNOWN: &str = "_ansible_ignore_unknown_opts";

/// The argument of [`FOREIGN`] that says whether the module runs under the target's Python.
pub const PYTHON: &str = "python";

/// The key under which an answer to [`FOREIGN`] lists the bundles that the target lacks. No module uses it.
pub const MISSING: &str = "_nafal_missing_bundles";

/// The key under which an answer to [`FOREIGN`] lists the names of which the module imports one that isn't there.
pub const NO_SUPPORT: &str = "_nafal_no_support";

/// The key under which an answer tells the Python that was found where one was looked for; nothing where there is none.
pub const DISCOVERED: &str = "_nafal_discovered_python";

/// The longest frame taken, in bytes. Larger files travel in pieces ([`ToAgent::Put`]).
pub const LONGEST: u32 = 256 * 1024 * 1024;

/// How many bytes of a file travel in one frame.
pub const PIECE: usize = 1024 * 1024;

/// A request's number, chosen by the controller, unique on one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RequestId(pub u64);

/// In what surroundings a module runs. It takes them from here, never from the process.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Surroundings {
    /// Whether it may change anything.
    pub mode: WireMode,
    /// Whether it says what differs.
    pub diff: bool,
    /// How many bytes a file may have of which it is said; the usual number when None, any when 0.
    pub diff_limit: Option<u64>,
    /// Stock's verbosity, 0 to 4 and beyond.
    pub verbosity: u8,
    /// Whether results tell the arguments that the module had.
    pub invocation: bool,
    /// Whether results must not be logged on the target either.
    pub no_log: bool,
    /// Environment variables over those of the agent, in order.
    pub environment: Vec<(String, String)>,
    /// The folder that relative paths start at; the agent's own when None.
    pub folder: Option<String>,
    /// The mask for new files; the agent's own when None.
    pub umask: Option<u32>,
    /// How many files what is started may have open at once; as many as the agent itself when None.
    pub open_files: Option<u64>,
    /// A folder of this task's own for temporary files, if one was made.
    pub temporary: Option<String>,
    /// The Python that it would run under in stock.
    pub python: Python,
    /// The file that the module runs from, where somebody wants it to be one.
    pub file: Option<ModuleFile>,
}

/// A module's request as a file on the target, which the module then runs from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleFile {
    /// The folder in which it has a folder of its own; `~` is the home of whom the task becomes.
    pub folder: String,
    /// What becomes of it.
    pub afterwards: Afterwards,
}

/// What becomes of a module's file once it has run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Afterwards {
    /// It is gone with its folder.
    #[default]
    Removed,
    /// It stays, to be run once more by hand.
    Kept,
}

/// A target's Python. Modules in Python run under it; nafal's own start none, but a name that is wrong must show there too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Python {
    /// Nobody asks for one.
    #[default]
    Unneeded,
    /// The user names it: what isn't there fails the module.
    Named(String),
    /// It was found before, so nobody looks again.
    Known(String),
    /// The first of these that is there, which is told ([`DISCOVERED`]).
    Discover(Vec<String>),
}

/// [`Mode`] as it travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WireMode {
    /// It does it.
    #[default]
    Apply,
    /// It says what it would do.
    Check,
}

impl From<Mode> for WireMode {
    fn from(mode: Mode) -> WireMode {
        match mode {
            Mode::Apply => WireMode::Apply,
            Mode::Check => WireMode::Check,
        }
    }
}

/// A module to run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// The module's full name (`ansible.builtin.command`).
    pub module: String,
    /// Its arguments, rendered.
    pub args: Dict,
    /// In what surroundings.
    pub surroundings: Surroundings,
}

/// What the controller says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ToAgent {
    /// Run a module; [`FromAgent::Done`] answers. Several may be under way at once.
    Run(RequestId, Box<Request>),
    /// A piece of a file for the folder of temporary files: pieces of one upload have the same
    /// number and come in order; the last is answered by [`FromAgent::Stored`].
    Put {
        /// The upload.
        id: RequestId,
        /// The bytes.
        #[serde(with = "bytes")]
        data: Vec<u8>,
        /// Whether it is the last piece.
        last: bool,
    },
    /// A file of the target, wanted in pieces ([`FromAgent::Piece`]).
    Get {
        /// The download.
        id: RequestId,
        /// Its path.
        path: String,
    },
    /// Stop a request that is under way: its processes are killed, its outcome still comes.
    Cancel(RequestId),
    /// End now.
    Bye,
}

/// What the agent says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum FromAgent {
    /// It is there.
    Hello {
        /// [`VERSION`] as the agent knows it.
        version: u32,
        /// Its process.
        pid: u32,
        /// The user it runs as.
        user: String,
    },
    /// A module ended.
    Done(RequestId, Box<Outcome>),
    /// An upload is in this file; whoever asked for it removes or moves it.
    Stored(RequestId, Result<String, String>),
    /// A piece of a download, or why there is none.
    Piece {
        /// The download.
        id: RequestId,
        /// The bytes.
        #[serde(with = "bytes")]
        data: Vec<u8>,
        /// Whether it is the last piece.
        last: bool,
        /// Why it ended early.
        fault: Option<String>,
    },
}

/// Bytes as MessagePack's own, not as a list of numbers.
mod bytes {
    use serde::{Deserializer, Serializer, de::Visitor};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }
        deserializer.deserialize_byte_buf(Bytes)
    }
}

/// In a frame's length: what follows was made shorter.
const PACKED: u32 = 1 << 31;

/// Writes one frame as it is and flushes.
pub fn write_frame<T: Serialize>(to: &mut impl Write, message: &T) -> io::Result<()> {
    write_frame_as(to, message, Packing::Never)
}

/// Writes one frame and flushes.
pub fn write_frame_as<T: Serialize>(
    to: &mut impl Write,
    message: &T,
    packing: Packing,
) -> io::Result<()> {
    let mut frame = vec![0_u8; 4];
    rmp_serde::encode::write_named(&mut frame, message).map_err(io::Error::other)?;
    let length = u32::try_from(frame.len() - 4)
        .ok()
        .filter(|length| *length <= LONGEST)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the frame is too long"))?;
    let short = (packing == Packing::WhereItHelps).then(|| packing::packed(&frame[4..])).flatten();
    match short {
        Some(short) => {
            let length = u32::try_from(short.len()).map_err(io::Error::other)?;
            to.write_all(&(length | PACKED).to_le_bytes())?;
            to.write_all(&short)?;
        }
        None => {
            frame[..4].copy_from_slice(&length.to_le_bytes());
            to.write_all(&frame)?;
        }
    }
    to.flush()
}

/// Reads one frame; None at a clean end.
pub fn read_frame<T: for<'de> Deserialize<'de>>(from: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0_u8; 4];
    let mut got = 0;
    while got < 4 {
        match from.read(&mut length[got..]) {
            Ok(0) if got == 0 => return Ok(None),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => got += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let length = u32::from_le_bytes(length);
    let (length, is_packed) = (length & !PACKED, length & PACKED != 0);
    if length > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the frame is too long"));
    }
    // Taken piece by piece: a wrong length must not make us reserve what never comes.
    let mut frame = Vec::with_capacity((length as usize).min(64 * 1024));
    from.take(u64::from(length)).read_to_end(&mut frame)?;
    if frame.len() != length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    if is_packed {
        frame = packing::unpacked(&frame, LONGEST)?;
    }
    rmp_serde::from_slice(&frame)
        .map(Some)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    #[test]
    fn frames_round_trip() {
        let mut args = Dict::new();
        args.insert("argv", Value::from(vec!["true"]));
        args.insert("content", Value::bytes(vec![0, 200]));
        let request = Request {
            module: "ansible.builtin.command".into(),
            args,
            surroundings: Surroundings::default(),
        };
        let mut buffer = Vec::new();
        write_frame(&mut buffer, &ToAgent::Run(RequestId(7), Box::new(request))).unwrap();
        let put = ToAgent::Put { id: RequestId(1), data: vec![1, 255], last: true };
        write_frame(&mut buffer, &put).unwrap();
        let mut reader = buffer.as_slice();
        let Some(ToAgent::Run(id, request)) = read_frame(&mut reader).unwrap() else { panic!() };
        assert_eq!(id, RequestId(7));
        assert_eq!(request.args.get("content"), Some(&Value::bytes(vec![0, 200])));
        let Some(ToAgent::Put { data, .. }) = read_frame(&mut reader).unwrap() else { panic!() };
        assert_eq!(data, [1, 255]);
        assert!(read_frame::<ToAgent>(&mut reader).unwrap().is_none());
        assert!(read_frame::<ToAgent>(&mut &buffer[..10]).is_err());
    }

    #[test]
    fn frames_travel_packed_where_it_helps() {
        let put = |data: Vec<u8>| ToAgent::Put { id: RequestId(1), data, last: true };
        for (data, most) in [(vec![b'x'; 1 << 20], 10_000), (vec![b'x'; 100], 200)] {
            let mut buffer = Vec::new();
            write_frame_as(&mut buffer, &put(data.clone()), Packing::WhereItHelps).unwrap();
            assert!(buffer.len() < most);
            let Some(ToAgent::Put { data: read, .. }) = read_frame(&mut &*buffer).unwrap() else {
                panic!()
            };
            assert_eq!(read, data);
        }
    }
}
