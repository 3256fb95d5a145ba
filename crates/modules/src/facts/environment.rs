//! Environment, time, kernel command line, name servers, load.

use nafal_base::{Dict, Value};

use super::{Survey, sources};

/// One fact of a name.
pub fn single(name: &str, value: impl Into<Value>) -> Dict {
    let mut facts = Dict::new();
    facts.insert(name, value.into());
    facts
}

/// The environment that a task has.
pub fn env(survey: Survey<'_>) -> Dict {
    let mut env: Dict = std::env::vars_os()
        .map(|(key, value)| {
            let text = |part: std::ffi::OsString| part.to_string_lossy().into_owned();
            (text(key), Value::from(text(value)))
        })
        .collect();
    for (key, value) in survey.ctx.environment() {
        env.insert(key.as_str(), value.as_str().into());
    }
    single("env", env)
}

/// Now, in every form that users ask for.
pub fn date_time(_: Survey<'_>) -> Dict {
    let now = jiff::Zoned::now();
    let utc = now.with_time_zone(jiff::tz::TimeZone::UTC);
    let local = |format: &str| Value::from(now.strftime(format).to_string());
    let epoch = now.timestamp().as_second().to_string();
    let micro = format!("{:06}", now.subsec_nanosecond() / 1000);
    let info = now.time_zone().to_offset_info(now.timestamp());
    // The name of summer time; without one it is that of winter, as in Python's time.tzname.
    let summer = now
        .time_zone()
        .following(now.timestamp())
        .take(2)
        .find(|change| change.dst().is_dst())
        .map_or_else(|| info.abbreviation().to_owned(), |change| change.abbreviation().to_owned());
    let short = now.strftime("%Y%m%dT%H%M%S").to_string();
    let facts: Dict = [
        ("year", local("%Y")),
        ("month", local("%m")),
        ("weekday", local("%A")),
        ("weekday_number", local("%w")),
        ("weeknumber", local("%W")),
        ("day", local("%d")),
        ("hour", local("%H")),
        ("minute", local("%M")),
        ("second", local("%S")),
        ("epoch", epoch.as_str().into()),
        ("epoch_int", epoch.as_str().into()),
        ("date", local("%Y-%m-%d")),
        ("time", local("%H:%M:%S")),
        ("iso8601_micro", format!("{}.{micro}Z", utc.strftime("%Y-%m-%dT%H:%M:%S")).into()),
        ("iso8601", utc.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into()),
        ("iso8601_basic", format!("{short}{micro}").into()),
        ("iso8601_basic_short", short.into()),
        ("tz", info.abbreviation().into()),
        ("tz_dst", summer.into()),
        ("tz_offset", local("%z")),
    ]
    .into_iter()
    .collect();
    single("date_time", facts)
}

/// What the kernel was started with: the last of each name, and all of each.
pub fn cmdline(_: Survey<'_>) -> Dict {
    let text = sources::text("/proc/cmdline").unwrap_or_default();
    if text.trim().is_empty() {
        return Dict::new();
    }
    let (mut last, mut all) = (Dict::new(), Dict::new());
    for word in words(&text).unwrap_or_default() {
        let (key, value) = match word.split_once('=') {
            Some((key, value)) => (key, Value::from(value)),
            None => (word, Value::Bool(true)),
        };
        last.insert(key, value.clone());
        let value = match all.get(key) {
            Some(Value::List(items)) => {
                let mut items = items.clone();
                items.push(value);
                Value::List(items)
            }
            Some(first) => Value::from(vec![first.clone(), value]),
            None => value,
        };
        all.insert(key, value);
    }
    let mut facts = single("cmdline", last);
    facts.insert("proc_cmdline", all.into());
    facts
}

/// Words as Python's shlex sees them without POSIX's rules: a quote counts where a word begins, and stays in it. None where
/// one isn't closed.
fn words(text: &str) -> Option<Vec<&str>> {
    let mut all = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => rest.get(1..)?.find(first)? + 2,
            _ => rest.find(char::is_whitespace).unwrap_or(rest.len()),
        };
        let (word, behind) = rest.split_at_checked(length)?;
        all.push(word);
        rest = behind.trim_start();
    }
    Some(all)
}

/// What resolv.conf says.
pub fn dns(_: Survey<'_>) -> Dict {
    let mut dns = Dict::new();
    let mut nameservers = Vec::new();
    for line in sources::text("/etc/resolv.conf").unwrap_or_default().lines() {
        let mut words = line.split_whitespace();
        let Some(kind) = words.next().filter(|kind| !kind.starts_with(['#', ';'])) else {
            continue;
        };
        let rest: Vec<&str> = words.collect();
        match kind {
            "nameserver" => nameservers.extend(rest.iter().map(|server| Value::from(*server))),
            "domain" => {
                dns.insert("domain", rest.first().copied().unwrap_or_default().into());
            }
            "search" => {
                dns.insert("search", rest.into());
            }
            "sortlist" => {
                dns.insert("sortlist", rest.into());
            }
            "options" => {
                let options: Dict = rest
                    .iter()
                    .map(|option| match option.split_once(':') {
                        Some((name, value)) => (name, Value::from(value)),
                        None => (*option, Value::Bool(true)),
                    })
                    .collect();
                dns.insert("options", options.into());
            }
            _ => {}
        }
    }
    if !nameservers.is_empty() {
        dns.insert("nameservers", nameservers.into());
    }
    single("dns", dns)
}

/// The load of the last minutes.
pub fn load(_: Survey<'_>) -> Dict {
    let loads = rustix::system::sysinfo().loads;
    let load: Dict = ["1m", "5m", "15m"]
        .into_iter()
        .zip(loads)
        .map(|(name, load)| (name, Value::Float(load as f64 / 65536.0)))
        .collect();
    single("loadavg", load)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_kernel() {
        let all = words("a=\"b c\" 'd e'f it\"s \"\" k= a\\ b\n").unwrap();
        assert_eq!(all, ["a=\"b", "c\"", "'d e'", "f", "it\"s", "\"\"", "k=", "a\\", "b"]);
        assert_eq!(words("a \"b c"), None);
    }
}
