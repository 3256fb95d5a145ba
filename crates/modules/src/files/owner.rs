//! Users and groups by name and number. Must not know files.
//!
//! A static binary must not call getpw* or getgr* (name service modules crash it), so: the files,
//! and `getent` where the name service knows more than the files.

use std::fs;

use super::tools;

/// A line of the database of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Name.
    pub name: String,
    /// Number.
    pub uid: u32,
    /// Number of the first group.
    pub gid: u32,
    /// Full name and more.
    pub gecos: String,
    /// Home folder.
    pub home: String,
    /// Login shell.
    pub shell: String,
}

/// A line of the database of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Name.
    pub name: String,
    /// Number.
    pub gid: u32,
    /// Names of the members beyond those whose first group it is.
    pub members: Vec<String>,
}

fn parse_user(line: &str) -> Option<User> {
    let mut fields = line.split(':');
    let name = fields.next()?.to_owned();
    let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
    let mut text = || fields.next().unwrap_or_default().to_owned();
    Some(User { name, uid, gid, gecos: text(), home: text(), shell: text() })
}

fn parse_group(line: &str) -> Option<Group> {
    let mut fields = line.split(':');
    let name = fields.next()?.to_owned();
    let gid = fields.nth(1)?.parse().ok()?;
    let members = fields.next().unwrap_or_default().split(',').filter(|m| !m.is_empty());
    Some(Group { name, gid, members: members.map(str::to_owned).collect() })
}

/// Whether the name service knows more than the file for this database.
fn has_more_than_files(database: &str) -> bool {
    let Ok(text) = fs::read_to_string("/etc/nsswitch.conf") else {
        return false;
    };
    text.lines()
        .filter_map(|line| line.split('#').next()?.split_once(':'))
        .filter(|(name, _)| name.trim() == database)
        .flat_map(|(_, sources)| sources.split_whitespace())
        .any(|source| !matches!(source, "files" | "compat") && !source.starts_with('['))
}

fn search<T>(
    database: &str,
    file: &str,
    key: &str,
    parse: fn(&str) -> Option<T>,
    is_it: impl Fn(&T) -> bool,
) -> Option<T> {
    if let Ok(text) = fs::read(file) {
        let text = String::from_utf8_lossy(&text);
        if let Some(found) = text.lines().filter_map(parse).find(|entry| is_it(entry)) {
            return Some(found);
        }
    }
    if !has_more_than_files(database) {
        return None;
    }
    let gave = tools::run("getent", &[database, key])?;
    // A name of digits alone is taken for a number, too.
    (gave.code == 0).then(|| gave.stdout.lines().filter_map(parse).find(is_it)).flatten()
}

fn in_file<T>(file: &str, parse: fn(&str) -> Option<T>, is_it: impl Fn(&T) -> bool) -> Option<T> {
    let text = fs::read(file).ok()?;
    String::from_utf8_lossy(&text).lines().filter_map(parse).find(is_it)
}

/// The user of this name in /etc/passwd, whatever else the name service knows.
pub fn local_user(name: &str) -> Option<User> {
    in_file("/etc/passwd", parse_user, |user| user.name == name)
}

/// The group of this name in /etc/group, whatever else the name service knows.
pub fn local_group(name: &str) -> Option<Group> {
    in_file("/etc/group", parse_group, |group| group.name == name)
}

/// Every group, in the name service's order.
pub fn all_groups() -> Vec<Group> {
    let text = if has_more_than_files("group") {
        tools::run("getent", &["group"]).map(|gave| gave.stdout)
    } else {
        fs::read("/etc/group").ok().map(|text| String::from_utf8_lossy(&text).into_owned())
    };
    text.unwrap_or_default().lines().filter_map(parse_group).collect()
}

/// The user of this name.
pub fn user_by_name(name: &str) -> Option<User> {
    search("passwd", "/etc/passwd", name, parse_user, |user| user.name == name)
}

/// The user of this number.
pub fn user_by_id(uid: u32) -> Option<User> {
    search("passwd", "/etc/passwd", &uid.to_string(), parse_user, |user| user.uid == uid)
}

/// The group of this name.
pub fn group_by_name(name: &str) -> Option<Group> {
    search("group", "/etc/group", name, parse_group, |group| group.name == name)
}

/// The group of this number.
pub fn group_by_id(gid: u32) -> Option<Group> {
    search("group", "/etc/group", &gid.to_string(), parse_group, |group| group.gid == gid)
}

/// A user's number from a name or a number; the number need not belong to anybody.
pub fn uid_of(name_or_id: &str) -> Option<u32> {
    match name_or_id.trim().parse() {
        Ok(uid) => Some(uid),
        Err(_) => user_by_name(name_or_id).map(|user| user.uid),
    }
}

/// A group's number from a name or a number.
pub fn gid_of(name_or_id: &str) -> Option<u32> {
    match name_or_id.trim().parse() {
        Ok(gid) => Some(gid),
        Err(_) => group_by_name(name_or_id).map(|group| group.gid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let user = parse_user("web:x:33:34:Web,,,:/var/www:/usr/sbin/nologin").unwrap();
        assert_eq!((user.uid, user.gid, user.home.as_str()), (33, 34, "/var/www"));
        assert_eq!(parse_group("adm:x:4:a,b").unwrap().members, ["a", "b"]);
        assert_eq!(parse_group("adm:x:4:").unwrap().members.len(), 0);
        assert_eq!(parse_user("+::::::"), None);
    }

    #[test]
    fn root_is_everywhere() {
        assert_eq!(uid_of("root"), Some(0));
        assert_eq!(uid_of("4711"), Some(4711));
        assert_eq!(user_by_id(0).unwrap().name, "root");
        assert_eq!(gid_of("no such group here"), None);
    }
}
