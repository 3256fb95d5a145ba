//! An account that is there becomes what is wanted. Must not know how accounts are made.

use super::account::{Account, Said};
use super::shadow::{Expiry, Shadow, set_password_days};
use crate::files::Result;
use crate::files::owner::User;

/// Which groups the account shall come into and go out of, with libuser's tools.
#[derive(Default)]
struct Moves<'a> {
    into: Vec<&'a str>,
    out_of: Vec<String>,
}

/// Changes what differs.
pub fn modify(account: &Account<'_>, present: &User, said: &mut Said) -> Result<()> {
    let is_local = account.args.is("local");
    let shadow = Shadow::of(account.name);
    let mut words = identity(account, present)?;
    let moves = groups(account, &mut words)?;
    texts(account, present, &mut words);
    let expiry = changed_expiry(account, &shadow);
    if let Some(expiry) = expiry.filter(|_| !is_local) {
        words.extend(["-e".to_owned(), expiry.date()]);
    }
    password(account, &shadow, &mut words);
    // Stock doesn't compare it: it is set again each time, and tells of a change.
    if let Some(days) = account.args.int("password_expire_account_disable") {
        words.extend(["-f".to_owned(), days.to_string()]);
    }
    let tool = account.ctx.tool(if is_local { "lusermod" } else { "usermod" })?;
    if !words.is_empty() {
        words.push(account.name.to_owned());
        account.change(said, &tool, &words)?;
    }
    if let Some(expiry) = expiry.filter(|_| is_local) {
        expiry.set_local(account, said)?;
    }
    for group in moves.into {
        account.local_membership(said, "-M", group)?;
    }
    for group in moves.out_of {
        account.local_membership(said, "-m", &group)?;
    }
    set_password_days(account, &shadow, said)
}

fn identity(account: &Account<'_>, present: &User) -> Result<Vec<String>> {
    let args = account.args;
    let mut words = Vec::new();
    if let Some(uid) = args.int("uid").filter(|uid| *uid != i64::from(present.uid)) {
        words.extend(["-u".to_owned(), uid.to_string()]);
        if args.is("non_unique") {
            words.push("-o".to_owned());
        }
    }
    if let Some(group) = args.text("group") {
        let group = account.group(group)?;
        if group.gid != present.gid {
            words.extend(["-g".to_owned(), group.gid.to_string()]);
        }
    }
    Ok(words)
}

/// The groups beyond the first.
fn groups<'a>(account: &'a Account<'_>, words: &mut Vec<String>) -> Result<Moves<'a>> {
    let args = account.args;
    let Some(wanted) = account.wanted_groups()? else {
        return Ok(Moves::default());
    };
    let present = account.groups();
    let is_missing = |name: &str| !present.iter().any(|group| group.name == name);
    let is_wanted = |name: &str| wanted.iter().any(|(_, group)| group.name == name);
    let mut moves = Moves::default();
    for (name, _) in wanted.iter().filter(|(_, group)| is_missing(&group.name)) {
        moves.into.push(name);
    }
    if !args.is("append") {
        let left = present.iter().filter(|group| !is_wanted(&group.name));
        moves.out_of = left.map(|group| group.name.clone()).collect();
    }
    if args.is("local") || (moves.into.is_empty() && moves.out_of.is_empty()) {
        return Ok(moves);
    }
    if args.is("append") {
        words.push("-a".to_owned());
    }
    let names: Vec<&str> = wanted.iter().map(|(name, _)| *name).collect();
    words.extend(["-G".to_owned(), names.join(",")]);
    Ok(Moves::default())
}

fn texts(account: &Account<'_>, present: &User, words: &mut Vec<String>) {
    let args = account.args;
    let is_other = |argument: &str, present: &str| {
        args.text(argument).filter(|wanted| *wanted != present).map(str::to_owned)
    };
    if let Some(comment) = is_other("comment", &present.gecos) {
        words.extend(["-c".to_owned(), comment]);
    }
    if let Some(home) = is_other("home", &present.home) {
        words.extend(["-d".to_owned(), home]);
        if args.is("move_home") {
            words.push("-m".to_owned());
        }
    }
    if let Some(shell) = is_other("shell", &present.shell) {
        words.extend(["-s".to_owned(), shell]);
    }
}

fn changed_expiry(account: &Account<'_>, shadow: &Shadow) -> Option<Expiry> {
    Expiry::wanted(account).filter(|wanted| match (wanted, shadow.expires()) {
        (Expiry::Never, present) => present.is_some(),
        (Expiry::On(day), present) => present != Some(*day),
    })
}

/// The password and its lock. `usermod` refuses `-L` and `-U` beside `-p`.
fn password(account: &Account<'_>, shadow: &Shadow, words: &mut Vec<String>) {
    let args = account.args;
    let lock = args.flag("password_lock");
    let password = args
        .text("password")
        .filter(|_| args.required_text("update_password") == "always")
        .filter(|password| shadow.is_other(password));
    if let Some(password) = password {
        let lock = if lock == Some(true) { "!" } else { "" };
        words.extend(["-p".to_owned(), format!("{lock}{password}")]);
    } else if lock == Some(true) && !shadow.is_locked() {
        words.push("-L".to_owned());
    } else if lock == Some(false) && shadow.is_locked() {
        words.push("-U".to_owned());
    }
}
