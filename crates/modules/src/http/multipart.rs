//! `multipart/form-data` as stock writes it. Must not know where it is sent.

use std::io;
use std::path::Path;

use base64::Engine;

use crate::files::paths;

/// The content type of a form with this boundary.
pub const FORM_TYPE: &str = "multipart/form-data; boundary=";

/// How a file's bytes stand in a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// In base64.
    #[default]
    Base64,
    /// As they are.
    Plain,
}

/// One field.
#[derive(Clone, Debug, Default)]
pub struct Part<'a> {
    /// Its name.
    pub name: &'a str,
    /// The file that it is, as the server is told.
    pub filename: Option<&'a str>,
    /// Where the file is.
    pub file: Option<&'a Path>,
    /// Its content, unless that is in the file.
    pub content: Option<&'a str>,
    /// Its media type.
    pub kind: Option<&'a str>,
    /// How a file stands in it.
    pub encoding: Encoding,
}

/// The boundary and the form.
pub fn encode(parts: &[Part<'_>]) -> io::Result<(String, Vec<u8>)> {
    let mut random = [0_u8; 8];
    getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
    let boundary = format!("==============={:019}==", u64::from_le_bytes(random) >> 1);
    let mut sorted: Vec<&Part<'_>> = parts.iter().collect();
    sorted.sort_by_key(|part| part.name);
    let mut form = Vec::new();
    for part in sorted {
        form.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        add(part, &mut form)?;
    }
    form.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok((boundary, form))
}

fn add(part: &Part<'_>, form: &mut Vec<u8>) -> io::Result<()> {
    let kind = match (part.kind, part.filename) {
        (Some(kind), _) => kind,
        (None, Some(name)) => media_type(name),
        (None, None) => "application/octet-stream",
    };
    let name = part.name.replace('\\', "\\\\").replace('"', "\\\"");
    let mut disposition = format!("Content-Disposition: form-data; name=\"{name}\"");
    if let Some(filename) = part.filename {
        disposition.push_str(&format!("; filename=\"{}\"", paths::name_of(filename)));
    }
    let (transfer, body) = match (part.content, part.file) {
        (None, Some(file)) => {
            let bytes = std::fs::read(file)?;
            match part.encoding {
                Encoding::Base64 => ("Content-Transfer-Encoding: base64\r\n", base64_lines(&bytes)),
                Encoding::Plain => ("", bytes),
            }
        }
        (content, _) => ("", content.unwrap_or_default().as_bytes().to_vec()),
    };
    form.extend_from_slice(
        format!("{transfer}Content-Type: {kind}\r\n{disposition}\r\n\r\n").as_bytes(),
    );
    form.extend_from_slice(&body);
    form.extend_from_slice(b"\r\n");
    Ok(())
}

/// Base64 in lines of 76 characters, as mail has it.
fn base64_lines(bytes: &[u8]) -> Vec<u8> {
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    let mut lines = Vec::with_capacity(text.len() + text.len() / 38);
    for line in text.as_bytes().chunks(76) {
        lines.extend_from_slice(line);
        lines.extend_from_slice(b"\r\n");
    }
    lines
}

/// The media type by a file's extension, where Python's own table has one.
fn media_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref().unwrap_or_default() {
        "txt" | "log" | "c" | "h" | "bat" | "ksh" | "pl" => "text/plain",
        "html" | "htm" => "text/html",
        "css" => "text/css",
        "csv" => "text/csv",
        "tsv" => "text/tab-separated-values",
        "js" | "mjs" => "text/javascript",
        "xml" | "xsl" | "rdf" => "text/xml",
        "py" => "text/x-python",
        "vcf" => "text/x-vcard",
        "json" => "application/json",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "tar" | "tgz" => "application/x-tar",
        "sh" => "application/x-sh",
        "ps" | "eps" | "ai" => "application/postscript",
        "doc" | "dot" => "application/msword",
        "xls" => "application/vnd.ms-excel",
        "ppt" => "application/vnd.ms-powerpoint",
        "wasm" => "application/wasm",
        "p12" | "pfx" => "application/x-pkcs12",
        "p7c" => "application/pkcs7-mime",
        "tex" => "application/x-tex",
        "png" => "image/png",
        "jpg" | "jpeg" | "jpe" => "image/jpeg",
        "gif" => "image/gif",
        "bmp" => "image/bmp",
        "svg" => "image/svg+xml",
        "ico" => "image/vnd.microsoft.icon",
        "tif" | "tiff" => "image/tiff",
        "mp3" => "audio/mpeg",
        "wav" => "audio/x-wav",
        "mp4" => "video/mp4",
        "mpeg" | "mpg" => "video/mpeg",
        "webm" => "video/webm",
        "eml" | "mht" => "message/rfc822",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("f.bin");
        std::fs::write(&file, b"vm\n").unwrap();
        let parts = [
            Part { name: "t", content: Some("1"), kind: Some("text/plain"), ..Part::default() },
            Part { name: "f", filename: Some("f.bin"), file: Some(&file), ..Part::default() },
        ];
        let (boundary, form) = encode(&parts).unwrap();
        let text = String::from_utf8(form).unwrap().replace(&boundary, "B");
        assert_eq!(
            text,
            "--B\r\nContent-Transfer-Encoding: base64\r\nContent-Type: application/octet-stream\r\n\
             Content-Disposition: form-data; name=\"f\"; filename=\"f.bin\"\r\n\r\ndm0K\r\n\r\n\
             --B\r\nContent-Type: text/plain\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\n1\r\n\
             --B--\r\n"
        );
    }
}
