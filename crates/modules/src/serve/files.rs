//! Files that travel in pieces, and the agent's own folder that they arrive in. Must not know
//! modules.

use std::collections::HashMap;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nafal_base::wire::{FromAgent, PIECE, RequestId};

/// The agent's folder for temporary files, which only its user may enter. Gone with this value.
pub struct OwnFolder(PathBuf);

impl OwnFolder {
    /// Makes it where temporary files go, or where else one may write.
    pub fn make() -> io::Result<OwnFolder> {
        let name = format!("nafal-agent-{}-{}", std::process::id(), random()?);
        let home = crate::passwd::own_home().map(PathBuf::from);
        let places = [std::env::temp_dir(), PathBuf::from("/var/tmp")];
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for place in places.into_iter().chain(home) {
            let path = place.join(&name);
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(OwnFolder(path)),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for OwnFolder {
    fn drop(&mut self) {
        // Nothing can be done about what doesn't go.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn random() -> io::Result<String> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}

/// Uploads under way.
#[derive(Default)]
pub struct Uploads(HashMap<RequestId, Upload>);

struct Upload {
    path: PathBuf,
    file: Result<File, String>,
}

impl Uploads {
    /// Takes a piece; the last gives what to answer.
    pub fn take(
        &mut self,
        folder: &Path,
        id: RequestId,
        data: &[u8],
        last: bool,
    ) -> Option<FromAgent> {
        let upload = self.0.entry(id).or_insert_with(|| Upload::begin(folder, id));
        if let Ok(file) = &mut upload.file
            && let Err(error) = file.write_all(data)
        {
            upload.file = Err(format!("{}: {error}", upload.path.display()));
        }
        if !last {
            return None;
        }
        let Upload { path, file } = self.0.remove(&id)?;
        let stored = file.map(|_| path.to_string_lossy().into_owned());
        if stored.is_err() {
            let _ = std::fs::remove_file(&path);
        }
        Some(FromAgent::Stored(id, stored))
    }
}

impl Upload {
    fn begin(folder: &Path, id: RequestId) -> Upload {
        let path = folder.join(format!("upload-{}", id.0));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        Upload { file: file.map_err(|error| format!("{}: {error}", path.display())), path }
    }
}

/// Sends a file in pieces.
pub fn send(
    id: RequestId,
    path: &str,
    mut answer: impl FnMut(FromAgent) -> io::Result<()>,
) -> io::Result<()> {
    let piece = |data, last, fault| FromAgent::Piece { id, data, last, fault };
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return answer(piece(Vec::new(), true, Some(error.to_string()))),
    };
    loop {
        let mut data = Vec::with_capacity(PIECE);
        match (&mut file).take(PIECE as u64).read_to_end(&mut data) {
            Ok(count) => {
                let last = count < PIECE;
                answer(piece(data, last, None))?;
                if last {
                    return Ok(());
                }
            }
            Err(error) => return answer(piece(Vec::new(), true, Some(error.to_string()))),
        }
    }
}
