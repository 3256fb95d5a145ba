//! A new account. Must not know accounts that are there.

use super::account::{Account, Said};
use super::shadow::{Expiry, Shadow, set_password_days};
use crate::files::Result;
use crate::files::owner;

/// Makes the account.
pub fn create(account: &Account<'_>, said: &mut Said) -> Result<()> {
    let Account { args, name, .. } = account;
    let is_local = args.is("local");
    let groups = account.wanted_groups()?.unwrap_or_default();
    if is_local {
        account.ctx.tool("lgroupmod")?;
    }
    let tool = account.ctx.tool(if is_local { "luseradd" } else { "useradd" })?;
    let mut words = identity(account)?;
    let mut add = |flag: &str, value: &str| words.extend([flag.to_owned(), value.to_owned()]);
    if !is_local && !groups.is_empty() {
        let names: Vec<&str> = groups.iter().map(|(name, _)| *name).collect();
        add("-G", &names.join(","));
    }
    for (argument, flag) in [("comment", "-c"), ("home", "-d"), ("shell", "-s")] {
        if let Some(text) = args.text(argument) {
            add(flag, text);
        }
    }
    let expiry = Expiry::wanted(account);
    if let Some(expiry) = expiry.filter(|_| !is_local) {
        add("-e", &expiry.date());
    }
    if let Some(password) = args.text("password") {
        let lock = if args.is("password_lock") { "!" } else { "" };
        add("-p", &format!("{lock}{password}"));
    }
    if let Some(days) = args.int("password_expire_account_disable") {
        add("-f", &days.to_string());
    }
    words.extend(home_and_limits(account));
    words.push((*name).to_owned());
    account.change(said, &tool, &words)?;
    if let Some(expiry) = expiry.filter(|_| is_local) {
        expiry.set_local(account, said)?;
    }
    for (name, _) in groups.iter().filter(|_| is_local) {
        account.local_membership(said, "-M", name)?;
    }
    set_password_days(account, &Shadow::default(), said)
}

/// The words for number, SELinux user and first group.
fn identity(account: &Account<'_>) -> Result<Vec<String>> {
    let args = account.args;
    let mut words = Vec::new();
    let mut add = |flag: &str, value: &str| words.extend([flag.to_owned(), value.to_owned()]);
    if let Some(uid) = args.int("uid") {
        add("-u", &uid.to_string());
    }
    if args.is("non_unique") && args.int("uid").is_some() {
        words.push("-o".to_owned());
    }
    let mut add = |flag: &str, value: &str| words.extend([flag.to_owned(), value.to_owned()]);
    if let Some(seuser) = account.selinux_user() {
        add("-Z", seuser);
    }
    match args.text("group") {
        Some(group) => {
            account.group(group)?;
            add("-g", group);
        }
        // A group of the account's name is there and not said to be its own.
        None if owner::group_by_name(account.name).is_some() => {
            // libuser has another flag for it.
            let flag = if account.args.is("local") { "-n" } else { "-N" };
            words.push(flag.to_owned());
        }
        None => {}
    }
    Ok(words)
}

/// The words for the home folder, and for which numbers are free.
fn home_and_limits(account: &Account<'_>) -> Vec<String> {
    let args = account.args;
    let mut words: Vec<String> = Vec::new();
    if !args.is("create_home") {
        words.push("-M".to_owned());
    } else if !args.is("local") {
        words.push("-m".to_owned());
        if let Some(skeleton) = args.text("skeleton") {
            words.extend(["-k".to_owned(), skeleton.to_owned()]);
        }
        if let Some(umask) = args.text("umask") {
            words.extend(["-K".to_owned(), format!("UMASK={umask}")]);
        }
    }
    if args.is("system") {
        words.push("-r".to_owned());
    }
    for (argument, limit) in [("uid_min", "UID_MIN"), ("uid_max", "UID_MAX")] {
        if let Some(number) = args.int(argument) {
            words.extend(["-K".to_owned(), format!("{limit}={number}")]);
        }
    }
    words
}
