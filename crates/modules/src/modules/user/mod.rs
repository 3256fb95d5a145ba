//! `user`: an account is there as wanted, or isn't. The system's own tools (`useradd`, `usermod`,
//! `chage`, with `local` those of libuser) change it, called as stock calls them.

mod account;
mod create;
mod home;
mod modify;
mod password;
mod run;
mod shadow;
mod spec;
mod ssh_key;

pub use spec::MODULE;
