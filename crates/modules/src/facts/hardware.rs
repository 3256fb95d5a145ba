//! Memory and uptime, and everything else that is hardware, together.

use nafal_base::{Dict, Value};

use super::{Survey, block_devices, firmware, mounts, processor, sources};

/// All of `hardware`.
pub fn hardware(survey: Survey<'_>) -> Dict {
    let mut facts = memory(&sources::text("/proc/meminfo").unwrap_or_default());
    let parts = [
        processor::processors(),
        firmware::firmware(),
        mounts::mounts(survey),
        block_devices::devices(),
        uptime(),
        super::volumes::volumes(),
    ];
    for (key, value) in parts.iter().flatten() {
        facts.insert(key.clone(), value.clone());
    }
    facts
}

fn uptime() -> Dict {
    let seconds =
        sources::text("/proc/uptime").and_then(|text| text.split('.').next()?.parse::<i64>().ok());
    seconds.map(|seconds| super::environment::single("uptime_seconds", seconds)).unwrap_or_default()
}

fn memory(text: &str) -> Dict {
    let get = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .and_then(|value| value.split_whitespace().next()?.parse::<i64>().ok())
            .unwrap_or_default()
            / 1024
    };
    let (total, free) = (get("MemTotal"), get("MemFree"));
    let (swap_total, swap_free) = (get("SwapTotal"), get("SwapFree"));
    let without_cache = free + get("Cached") + get("Buffers");
    let dict = |entries: &[(&str, i64)]| {
        Value::Dict(entries.iter().map(|(key, value)| (*key, Value::Int(*value))).collect())
    };
    let memory: Dict = [
        ("real", dict(&[("total", total), ("used", total - free), ("free", free)])),
        ("nocache", dict(&[("free", without_cache), ("used", total - without_cache)])),
        (
            "swap",
            dict(&[
                ("total", swap_total),
                ("free", swap_free),
                ("used", swap_total - swap_free),
                ("cached", get("SwapCached")),
            ]),
        ),
    ]
    .into_iter()
    .collect();
    [
        ("memtotal_mb", Value::Int(total)),
        ("memfree_mb", free.into()),
        ("swaptotal_mb", swap_total.into()),
        ("swapfree_mb", swap_free.into()),
        ("memory_mb", memory.into()),
    ]
    .into_iter()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_in_megabytes() {
        let facts =
            memory("MemTotal: 4096 kB\nMemFree: 1024 kB\nBuffers: 1024 kB\nCached: 1024 kB\n");
        assert_eq!(facts.get("memtotal_mb"), Some(&Value::Int(4)));
        let memory = facts.get("memory_mb").and_then(Value::as_dict).unwrap();
        let nocache = memory.get("nocache").and_then(Value::as_dict).unwrap();
        assert_eq!(nocache.get("used"), Some(&Value::Int(1)));
    }
}
