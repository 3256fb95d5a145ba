//! Methods of `bytes`.

use nafal_base::Value;

use super::{count, named};
use crate::error::Error;
use crate::plugin::Args;

pub(super) const NAMES: [&str; 2] = ["decode", "hex"];

pub(super) fn call(bytes: &[u8], name: &str, args: Args<'_>) -> Result<Value, Error> {
    if name == "hex" {
        count("bytes", name, args, 0..=0)?;
        return Ok(Value::text(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()));
    }
    count("bytes", name, args, 0..=2)?;
    let encoding = named(args, 0, "encoding").map_or_else(|| "utf-8".into(), Value::to_text);
    let errors = named(args, 1, "errors").map_or_else(|| "strict".into(), Value::to_text);
    decode(bytes, &encoding, &errors).map(Value::text)
}

fn decode(bytes: &[u8], encoding: &str, errors: &str) -> Result<String, Error> {
    match encoding.to_ascii_lowercase().replace('_', "-").as_str() {
        "utf-8" | "utf8" | "ascii" | "us-ascii" => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) if errors == "replace" => Ok(String::from_utf8_lossy(bytes).into_owned()),
            Err(_) if errors == "ignore" => {
                Ok(String::from_utf8_lossy(bytes).replace('\u{fffd}', ""))
            }
            Err(error) => {
                let at = error.valid_up_to();
                Err(Error::new(format!(
                    "'utf-8' codec can't decode byte 0x{:02x} in position {at}: invalid start byte",
                    bytes.get(at).copied().unwrap_or(0)
                )))
            }
        },
        "latin-1" | "latin1" | "iso-8859-1" => {
            Ok(bytes.iter().map(|byte| char::from(*byte)).collect())
        }
        _ => Err(Error::new(format!("unknown encoding: {encoding}"))),
    }
}
