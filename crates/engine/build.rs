//! Carries an agent inside: the file that `NAFAL_CARRY` names when this is built. Without it
//! nothing is carried, and the controller serves with itself.

#![allow(clippy::print_stdout)] // It is how one talks to cargo.

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-env-changed=NAFAL_CARRY");
    let file = std::env::var_os("NAFAL_CARRY").filter(|file| !file.is_empty());
    let bytes = match file.map(PathBuf::from) {
        Some(file) => {
            println!("cargo:rerun-if-changed={}", file.display());
            std::fs::read(&file)?
        }
        None => Vec::new(),
    };
    let folder = std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    std::fs::write(folder.join("agent"), bytes)
}
