//! Processors, from /proc/cpuinfo.

use std::collections::BTreeMap;

use nafal_base::{Dict, Value};

use super::sources;

/// Models, counts, flags.
pub fn processors() -> Dict {
    let text = sources::text("/proc/cpuinfo").unwrap_or_default();
    let usable = std::thread::available_parallelism().map_or(1, usize::from);
    describe(&text, usable)
}

fn describe(text: &str, usable: usize) -> Dict {
    let mut list: Vec<&str> = Vec::new();
    let (mut vcpus, mut flags) = (0_i64, None);
    let mut sockets: BTreeMap<&str, i64> = BTreeMap::new();
    let (mut socket, mut siblings, mut cores) = ("", 0, 0);
    for line in text.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let (key, value) = (key.trim(), value.trim());
        match key {
            "processor" => {
                vcpus += 1;
                list.push(value);
            }
            "model name" | "Processor" | "vendor_id" | "cpu" | "Vendor" => list.push(value),
            "physical id" => socket = value,
            "cpu cores" => {
                cores = value.parse().unwrap_or(1);
                sockets.insert(socket, cores);
            }
            "siblings" => siblings = value.parse().unwrap_or(0),
            "flags" if flags.is_none() => {
                flags = Some(value.split_whitespace().collect::<Vec<_>>());
            }
            _ => {}
        }
    }
    let count = i64::try_from(sockets.len()).unwrap_or(1);
    let (count, cores) = if count == 0 { (vcpus.max(1), 1) } else { (count, cores.max(1)) };
    let threads = if siblings > 0 { (siblings / cores).max(1) } else { 1 };
    let counted = [
        ("processor", Value::from(list)),
        ("processor_count", count.into()),
        ("processor_cores", cores.into()),
        ("processor_threads_per_core", threads.into()),
        ("processor_vcpus", (threads * count * cores).into()),
        ("processor_nproc", usable.into()),
    ];
    let flags = flags.map(|flags| ("flags", Value::from(flags)));
    counted.into_iter().chain(flags).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_sockets_with_threads() {
        let cpu = |id: u8, socket: u8| {
            format!(
                "processor\t: {id}\nvendor_id\t: V\nmodel name\t: M\nphysical id\t: {socket}\nsiblings\t: 4\ncpu cores\t: 2\n\n"
            )
        };
        let text: String = (0..8).map(|id| cpu(id, id / 4)).collect();
        let facts = describe(&text, 8);
        assert_eq!(facts.get("processor_count"), Some(&Value::Int(2)));
        assert_eq!(facts.get("processor_vcpus"), Some(&Value::Int(8)));
        assert_eq!(facts.get("processor_threads_per_core"), Some(&Value::Int(2)));
        // ARM's "Features" are none.
        assert!(!facts.contains("flags") && !describe("Features\t: fp", 1).contains("flags"));
        assert!(describe("flags\t: fpu", 1).contains("flags"));
    }
}
