//! The agent binary: the serve loop on stdin and stdout. Must not know anything else.

fn main() {
    std::process::exit(nafal_modules::serve::serve_process());
}
