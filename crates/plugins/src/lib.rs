//! What users bring: Python modules and Python plugins, run in processes of their own. None of it is
//! written yet: this crate is the room kept for it, and nothing is here.
//!
//! Must not know playbooks.
