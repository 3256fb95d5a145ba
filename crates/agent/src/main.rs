//! The agent binary: the serve loop on stdin and stdout. Must not know anything else.

use std::io::Write;

fn main() {
    if std::env::args().nth(1).as_deref() == Some("--version") {
        let version = env!("CARGO_PKG_VERSION");
        let said = writeln!(std::io::stdout(), "nafal-agent {version} ({})", nafal_modules::STAMP);
        std::process::exit(i32::from(said.is_err()));
    }
    std::process::exit(nafal_modules::serve::serve_process());
}
