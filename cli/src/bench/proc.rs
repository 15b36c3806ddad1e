//! What Linux says about a process and about the machine.

use std::{fs, io, path::Path, time::Duration};

use serde_json::{Value, json};

use crate::error::Failure;

/// Clock ticks of `/proc/PID/stat` in a second: fixed by Linux for programs, whatever its kernel's.
const TICKS_PER_SECOND: u64 = 100;

/// The processor time that a process has used, in it and in the kernel.
pub(super) fn cpu(pid: u32) -> Result<Duration, Failure> {
    let stat = read(&format!("/proc/{pid}/stat"))?;
    // The name of the program stands in parentheses and may hold anything.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 =
        fields.split_whitespace().skip(11).take(2).filter_map(|f| f.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
}

/// Bytes of memory that a process has resident.
pub(super) fn resident(pid: u32) -> Result<u64, Failure> {
    let status = read(&format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes
        .map(|kilobytes| kilobytes * 1024)
        .ok_or_else(|| Failure::Client(format!("process {pid} has no resident memory")))
}

/// What was measured on.
pub(super) fn machine() -> Value {
    let text = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let line = |path: &str, key: &str| {
        let text = text(path);
        let found = text.lines().find_map(|line| line.strip_prefix(key).map(str::to_owned));
        found.map(|rest| rest.trim_start_matches([' ', '\t', ':']).to_owned())
    };
    let memory = line("/proc/meminfo", "MemTotal");
    let memory = memory.and_then(|m| m.split_whitespace().next()?.parse::<u64>().ok());
    let load = text("/proc/loadavg").split_whitespace().next().and_then(|l| l.parse::<f64>().ok());
    json!({
        "cpus": std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
        "cpu": line("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned()),
        "memory_mb": memory.map_or(0, |kilobytes| kilobytes / 1024),
        "os": std::env::consts::OS,
        "kernel": text("/proc/sys/kernel/osrelease").trim(),
        "load_1m": load,
    })
}

fn read(path: &str) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound if !Path::new("/proc/self").exists() => Failure::Client(
            "the benchmarks read /proc, which only Linux has; run them there".to_owned(),
        ),
        _ => Failure::File { path: path.into(), why: error.to_string() },
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn this_process_has_memory_and_uses_time() {
        let me = std::process::id();
        assert!(resident(me).unwrap() > 1 << 20);
        let before = cpu(me).unwrap();
        let mut sum = 0u64;
        while cpu(me).unwrap() == before {
            sum = (0..1_000_000u64).fold(sum, |sum, n| std::hint::black_box(sum ^ n));
        }
    }
}
