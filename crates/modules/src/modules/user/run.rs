//! One run of `user`: which way an account goes, and the result. Must not know tools.

use std::path::Path;

use nafal_base::Outcome;

use super::account::{Account, Said};
use super::create::create;
use super::modify::modify;
use super::{home, password, ssh_key};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result, labels};

/// What `local` can't be combined with: libuser's tools don't have it.
const NOT_LOCAL: [&str; 3] = ["uid_min", "uid_max", "umask"];

/// The module's function.
pub fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let account = Account { args, ctx, name: args.required_text("name") };
    for argument in NOT_LOCAL {
        if args.is("local") && args.value(argument).is_some() {
            return Err(Failure::new(format!("'{argument}' can not be used with 'local'")));
        }
    }
    if let Some(text) = args.text("password")
        && !password::looks_hashed(text)
    {
        ctx.warn(password::NOT_HASHED);
    }
    let mut outcome = match args.required_text("state") {
        "absent" => absent(&account)?,
        _ => present(&account)?,
    };
    if args.text("password").is_some() && outcome.values.contains("name") {
        outcome = outcome.with("password", "NOT_LOGGING_PASSWORD");
    }
    Ok(outcome)
}

impl<'a> Account<'a> {
    /// The SELinux user, where there is SELinux.
    pub fn selinux_user(&self) -> Option<&'a str> {
        let seuser = self.args.text("seuser")?;
        labels::selinux_is_enabled().then_some(seuser)
    }

    fn outcome(&self, said: Said) -> Outcome {
        let mut outcome = Outcome::ok()
            .changed_if(said.changed)
            .with("name", self.name)
            .with("state", self.args.required_text("state"));
        for (key, text) in [("stdout", said.stdout), ("stderr", said.stderr)] {
            if !text.is_empty() {
                outcome = outcome.with(key, text);
            }
        }
        outcome
    }
}

fn absent(account: &Account<'_>) -> Result<Outcome> {
    let Account { args, ctx, name } = account;
    if account.present().is_none() {
        return Ok(account.outcome(Said::default()));
    }
    if ctx.is_check() {
        return Ok(Outcome::changed());
    }
    let is_local = args.is("local");
    let tool = ctx.tool(if is_local { "luserdel" } else { "userdel" })?;
    let mut words = Vec::new();
    if args.is("force") && !is_local {
        words.push("-f".to_owned());
    }
    if args.is("remove") {
        words.push("-r".to_owned());
    }
    words.push((*name).to_owned());
    let mut said = Said::default();
    account.change(&mut said, &tool, &words)?;
    let outcome = account.outcome(said);
    Ok(outcome.with("force", args.is("force")).with("remove", args.is("remove")))
}

fn present(account: &Account<'_>) -> Result<Outcome> {
    let Account { args, ctx, name } = account;
    let mut said = Said::default();
    let old = account.present();
    let mut is_made = false;
    match &old {
        None if ctx.is_check() => return Ok(Outcome::changed()),
        None => {
            if let Some(seuser) = args.text("seuser").filter(|_| account.selinux_user().is_none()) {
                ctx.warn(format!(
                    "'seuser' is set to '{seuser}' but SELinux is not enabled on this system. The \
                     'seuser' parameter will be ignored."
                ));
            }
            if args.is("create_home") {
                is_made = home::make_before(account)?;
            }
            create(account, &mut said)?;
        }
        Some(user) => modify(account, user, &mut said)?,
    }
    let Some(user) = account.present() else {
        return Err(
            Failure::new(format!("failed to look up user name: {name}")).with("name", *name)
        );
    };
    let home = Path::new(&user.home);
    if args.is("create_home") {
        let is_missing = !home.exists();
        if is_missing && !ctx.is_check() {
            home::make(account, home)?;
        }
        if !ctx.is_check() && (is_missing || is_made) {
            home::give(&user, home)?;
        }
        said.changed |= is_missing;
    }
    let mut extra = Outcome::ok();
    if args.is("generate_ssh_key") {
        extra = ssh_key::ensure(account, &user, &mut said, extra)?;
    }
    let mut outcome = account.outcome(said);
    outcome.values.lay_over(&extra.values);
    let groups: Vec<String> = account
        .groups()
        .into_iter()
        .filter(|group| group.gid != user.gid)
        .map(|group| group.name)
        .collect();
    outcome = match old {
        None => {
            outcome.with("system", args.is("system")).with("create_home", args.is("create_home"))
        }
        Some(_) => {
            outcome.with("append", args.is("append")).with("move_home", args.is("move_home"))
        }
    };
    Ok(outcome
        .with("uid", i64::from(user.uid))
        .with("group", i64::from(user.gid))
        .with("comment", user.gecos)
        .with("home", user.home)
        .with("shell", user.shell)
        .with("groups", groups.join(",")))
}
