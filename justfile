# What one does here every day. Each line is a plain command: `just` isn't needed.

# Runs the quickstart, or what is given: `just run playbook site.yml -i hosts`
run *arguments='playbook playbooks/quickstart.yml':
    cargo run --release -- {{ arguments }}

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
