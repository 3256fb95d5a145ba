# What one does here every day. Each line is a plain command: `just` isn't needed.

# Runs the quickstart, or what is given: `just run playbook site.yml -i hosts`
run *arguments='playbook playbooks/quickstart.yml':
    cargo run --release -- {{ arguments }}

# A controller that carries a small static agent, and runs on any Linux of this architecture
release target=(arch() + "-unknown-linux-gnu"):
    RUSTFLAGS="-C target-feature=+crt-static" cargo build --release --target {{ target }} -p nafal-agent
    RUSTFLAGS="-C target-feature=+crt-static" NAFAL_CARRY={{ justfile_directory() }}/target/{{ target }}/release/nafal-agent \
        cargo build --release --target {{ target }}

# All tests, or some: `just test -p nafal-graph`
test *arguments:
    tests/run {{ arguments }}

# Measures ansible-core and nafal side by side
bench *arguments:
    cargo build --release --workspace
    tests/bench/run {{ arguments }}

# Records what a real ansible-core does in the cases: `just record NAME`
record *names:
    tests/record {{ names }}

# Formatting and lints, as CI has them
lint:
    cargo fmt --all --check
    cargo clippy --locked --workspace --all-targets -- -D warnings
