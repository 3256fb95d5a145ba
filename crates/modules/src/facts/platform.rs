//! Kernel, architecture, names of the host.

use nafal_base::{Dict, Value};

use super::{Survey, sources};
use crate::files::tools;

/// What uname and the resolver say.
pub fn platform(survey: Survey<'_>) -> Dict {
    let uname = rustix::system::uname();
    let text = |part: &std::ffi::CStr| part.to_string_lossy().into_owned();
    let (machine, nodename) = (text(uname.machine()), text(uname.nodename()));
    let fqdn = fqdn(&nodename);
    let domain = fqdn.split_once('.').map(|(_, domain)| domain.to_owned()).unwrap_or_default();
    let bits = if cfg!(target_pointer_width = "64") { "64" } else { "32" };
    let architecture = architecture(&machine).to_owned();
    let userspace = if bits == "64" { architecture.clone() } else { "i386".to_owned() };
    let mut facts: Dict = [
        ("system", Value::from(text(uname.sysname()))),
        ("kernel", text(uname.release()).into()),
        ("kernel_version", text(uname.version()).into()),
        ("machine", machine.into()),
        ("hostname", nodename.split('.').next().unwrap_or_default().into()),
        ("nodename", nodename.as_str().into()),
        ("fqdn", fqdn.into()),
        ("domain", domain.into()),
        ("architecture", architecture.into()),
        ("userspace_bits", bits.into()),
        ("userspace_architecture", userspace.into()),
    ]
    .into_iter()
    .collect();
    let id = sources::text("/var/lib/dbus/machine-id").or_else(|| sources::text("/etc/machine-id"));
    if let Some(id) = id {
        facts.insert("machine_id", id.into());
    }
    if let Some(python) = super::python::asked(survey) {
        facts.insert("python_version", python.version().into());
    }
    facts
}

fn architecture(machine: &str) -> &str {
    match machine {
        "i486" | "i586" | "i686" => "i386",
        other => other,
    }
}

/// The name that the resolver has for this machine.
pub fn full_name() -> String {
    fqdn(&rustix::system::uname().nodename().to_string_lossy())
}

/// Python's `socket.getfqdn`: the address of the name, then the names of that address.
fn fqdn(name: &str) -> String {
    let hosts = sources::text("/etc/hosts").unwrap_or_default();
    let from_file = address_of(&hosts, name);
    let address = from_file.or_else(|| first_word(&asked(name)?));
    let Some(address) = address else { return name.to_owned() };
    let names = names_of(&hosts, &address)
        .or_else(|| Some(asked(&address)?.split_whitespace().skip(1).map(str::to_owned).collect()))
        .unwrap_or_default();
    let full = names.iter().find(|name| name.contains('.')).or(names.first());
    full.cloned().unwrap_or_else(|| name.to_owned())
}

fn first_word(text: &str) -> Option<String> {
    text.split_whitespace().next().map(str::to_owned)
}

fn asked(key: &str) -> Option<String> {
    let gave = tools::run("getent", &["hosts", key])?;
    (gave.code == 0).then(|| gave.stdout.lines().next().map(str::to_owned)).flatten()
}

fn entries(hosts: &str) -> impl Iterator<Item = (&str, Vec<&str>)> {
    hosts.lines().filter_map(|line| {
        let mut words = line.split('#').next()?.split_whitespace();
        Some((words.next()?, words.collect()))
    })
}

/// IPv4 comes first, as the resolver's gethostbyname has it.
fn address_of(hosts: &str, name: &str) -> Option<String> {
    let found: Vec<&str> = entries(hosts)
        .filter(|(_, names)| names.contains(&name))
        .map(|(address, _)| address)
        .collect();
    let first = found.iter().find(|address| !address.contains(':')).or(found.first());
    first.map(|address| (*address).to_owned())
}

fn names_of(hosts: &str, address: &str) -> Option<Vec<String>> {
    entries(hosts)
        .find(|(own, _)| *own == address)
        .map(|(_, names)| names.into_iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_the_hosts_file() {
        let hosts = "127.0.0.1 localhost\n10.0.0.1 web.example.org web # x\n::1 web\n";
        assert_eq!(address_of(hosts, "web").as_deref(), Some("10.0.0.1"));
        assert_eq!(names_of(hosts, "10.0.0.1").unwrap(), ["web.example.org", "web"]);
    }
}
