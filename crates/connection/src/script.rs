//! The script that starts an agent on a target, or asks for its file. Must not know who answers.
//!
//! It speaks in lines after a mark: `ready` (what follows is the agent's), `missing SYSTEM
//! ARCHITECTURE FORM FOLDER` (FORM is `gzip` or `plain`: what it can take), `send` (the file's bytes, now), `stored`,
//! `failed REASON`. It understands `try NAME SIZE HASH`, `copy NAME SIZE HASH LENGTH` and, of what gzip makes smaller,
//! `copyz NAME SIZE HASH LENGTH`: LENGTH is that of what comes.

use nafal_base::packing;

use crate::binary::Agent;

/// The folders that may hold the binary, best first: one's own cache, else where one may write.
const FOLDERS: &str = "\"$HOME/.cache/nafal\" \"/var/tmp/nafal-$(id -u)\" \"/tmp/nafal-$(id -u)\"";

/// Runs the file if it is there, whole and one's own.
const TRY: &str = "t() { for d in FOLDERS; do f=\"$d/agent-$n\"; \
    if [ -x \"$f\" ] && [ -O \"$f\" ] && [ -O \"$d\" ] && [ \"$(wc -c <\"$f\")\" -eq \"$s\" ]; then \
    echo NAFAL:ready; exec \"$f\" agent PACKED; fi; done; }";

/// Takes the file from stdin. A home that isn't one's own (sudo without -H) is not written to.
/// Nothing can be run from where it is forbidden (noexec), which the probe tells before the binary
/// is on its way. Old copies go, and what others left unfinished.
const COPY: &str = "c() { umask 077; for d in FOLDERS; do \
    case \"$d\" in \"$HOME\"/*) [ -O \"$HOME\" ] || continue;; esac; \
    if mkdir -p \"$d\" 2>/dev/null && [ -O \"$d\" ] && [ ! -L \"$d\" ] && [ -w \"$d\" ]; then \
    p=\"$d/.agent-$n.$(uname -n).$$\"; trap 'rm -f \"$p\"; exit 1' HUP INT TERM; trap 'rm -f \"$p\"' EXIT; \
    : >\"$p\" && chmod 700 \"$p\" && [ -x \"$p\" ] || { rm -f \"$p\"; continue; }; \
    echo NAFAL:send; head -c \"$l\" | $1 >\"$p\" || { echo NAFAL:failed \"$d\" is full; exit 1; }; \
    [ \"$(wc -c <\"$p\")\" -eq \"$s\" ] || { echo NAFAL:failed it came incomplete; exit 1; }; \
    if command -v sha256sum >/dev/null 2>&1; then \
    case \"$(sha256sum <\"$p\")\" in \"$h\"*) ;; *) echo NAFAL:failed it came changed; exit 1;; esac; fi; \
    mv -f \"$p\" \"$d/agent-$n\" || { echo NAFAL:failed it could not be renamed; exit 1; }; \
    trap - EXIT HUP INT TERM; echo NAFAL:stored; \
    find \"$d\" -name \"*agent-*\" ! -name \"agent-$n\" -mtime +30 -exec rm -f {} \";\" 2>/dev/null; return; \
    fi; done; echo NAFAL:failed there is no folder that may hold it; exit 1; }";

/// Which folder it is: many hosts may share one (addresses of one machine), and only one of them
/// needs a copy. Another machine has another boot, another user or container another folder.
const WHERE: &str = "w() { echo \"$(cat /proc/sys/kernel/random/boot_id 2>/dev/null || uname -n)\" \
    \"$(id -u) $(stat -c %d:%i \"$HOME\" 2>/dev/null || echo \"$HOME\")\"; }";

/// What it can take.
const FORM: &str =
    "z() { if command -v gzip >/dev/null 2>&1; then echo gzip; else echo plain; fi; }";

/// The script that wants this agent first.
pub fn text(agent: &Agent) -> String {
    let (name, size, hash) = (agent.name(), agent.size, &agent.hash);
    let functions = format!("{TRY}; {COPY}; {WHERE}; {FORM}")
        .replace("FOLDERS", FOLDERS)
        .replace("PACKED", packing::WORD);
    // The shell's own mask is for the copy alone, not for the agent.
    format!(
        "{functions}; n={name}; s={size}; h={hash}; m=$(umask); \
         while :; do t; echo NAFAL:missing $(uname -s) $(uname -m) $(z) $(w); \
         read -r a n s h l || exit 1; \
         case \"$a\" in copy) c cat; umask $m;; copyz) c 'gzip -dc'; umask $m;; esac; done"
    )
}
