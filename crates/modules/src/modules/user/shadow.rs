//! What /etc/shadow says of an account, and when it and its password end. Must not know the
//! account's other sides.

use jiff::Timestamp;

use super::account::{Account, Said};
use crate::files::Result;

/// A line of /etc/shadow; all of it is absent for whoever may not read that.
#[derive(Default)]
pub struct Shadow {
    /// The hash, with `!` before it when it is locked.
    pub password: Option<String>,
    /// Days: `min`, `max`, `warn`, `inactive` and the day of the end. -1 where there is none.
    days: [i64; 5],
}

impl Shadow {
    /// The account's line.
    pub fn of(name: &str) -> Shadow {
        let Ok(text) = std::fs::read("/etc/shadow") else {
            return Shadow::default();
        };
        let text = String::from_utf8_lossy(&text);
        text.lines().find_map(|line| Shadow::parse(line, name)).unwrap_or_default()
    }

    fn parse(line: &str, name: &str) -> Option<Shadow> {
        let fields: Vec<&str> = line.split(':').collect();
        if fields.first() != Some(&name) {
            return None;
        }
        let day = |index: usize| fields.get(index).and_then(|day| day.parse().ok()).unwrap_or(-1);
        let password = fields.get(1).map(|password| (*password).to_owned());
        Some(Shadow { password, days: [day(3), day(4), day(5), day(6), day(7)] })
    }

    /// Whether the password is locked.
    pub fn is_locked(&self) -> bool {
        self.password.as_ref().is_some_and(|password| password.starts_with('!'))
    }

    /// Whether a password is another one, locked or not.
    pub fn is_other(&self, password: &str) -> bool {
        let unlocked = |text: &str| text.trim_start_matches('!').to_owned();
        self.password.as_deref().map(unlocked) != Some(unlocked(password))
    }

    /// The first day on which the account is closed.
    pub fn expires(&self) -> Option<i64> {
        Some(self.days[4]).filter(|day| *day >= 0)
    }
}

/// When the account shall end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// Never.
    Never,
    /// On a day, counted from 1970.
    On(i64),
}

impl Expiry {
    /// What `expires` wants, in seconds since 1970.
    pub fn wanted(account: &Account<'_>) -> Option<Expiry> {
        let seconds = account.args.float("expires")?;
        Some(if seconds < 0.0 { Expiry::Never } else { Expiry::On(seconds as i64 / 86400) })
    }

    /// As `useradd -e` takes it.
    pub fn date(self) -> String {
        match self {
            Expiry::Never => String::new(),
            Expiry::On(day) => Timestamp::from_second(day * 86400)
                .map(|time| time.strftime("%Y-%m-%d").to_string())
                .unwrap_or_default(),
        }
    }

    /// As `lchage -E` takes it.
    fn day(self) -> String {
        match self {
            Expiry::Never => "-1".to_owned(),
            Expiry::On(day) => day.to_string(),
        }
    }

    /// Sets it with libuser's tool.
    pub fn set_local(self, account: &Account<'_>, said: &mut Said) -> Result<()> {
        let tool = account.ctx.tool("lchage")?;
        let words = ["-E".to_owned(), self.day(), account.name.to_owned()];
        account.change(said, &tool, &words)
    }
}

/// Sets what `chage` sets, where it is another than the line says.
pub fn set_password_days(account: &Account<'_>, shadow: &Shadow, said: &mut Said) -> Result<()> {
    let wanted = [
        ("password_expire_min", "-m", 0),
        ("password_expire_max", "-M", 1),
        ("password_expire_warn", "-W", 2),
    ];
    let mut words = Vec::new();
    for (argument, flag, field) in wanted {
        if let Some(days) = account.args.int(argument)
            && (shadow.password.is_none() || shadow.days[field] != days)
        {
            words.extend([flag.to_owned(), days.to_string()]);
        }
    }
    if words.is_empty() {
        return Ok(());
    }
    words.push(account.name.to_owned());
    let tool = account.ctx.tool("chage")?;
    account.change(said, &tool, &words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let shadow = Shadow::parse("a:!$6$x$y:19000:1:30:7::21915:", "a").unwrap();
        assert!(shadow.is_locked() && !shadow.is_other("$6$x$y") && shadow.is_other("$6$x$z"));
        assert_eq!((shadow.expires(), shadow.days), (Some(21915), [1, 30, 7, -1, 21915]));
        assert!(Shadow::parse("ab:x", "a").is_none());
        assert_eq!(Shadow::parse("a:*:1::::::", "a").unwrap().expires(), None);
    }

    #[test]
    fn days_as_tools_take_them() {
        assert_eq!(Expiry::On(21915).date(), "2030-01-01");
        assert_eq!((Expiry::Never.date(), Expiry::Never.day()), (String::new(), "-1".to_owned()));
    }
}
