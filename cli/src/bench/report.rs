//! What a benchmark came to: a line of a table and a piece of a document.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

/// Names and numbers, in the order in which they are told.
pub(super) type Metrics = Vec<(&'static str, f64)>;

/// One variant of one workload, measured.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) work: &'static str,
    pub(super) variant: &'static str,
    pub(super) runs: usize,
    pub(super) metrics: Metrics,
    /// The bare relay's, when it did the same work.
    pub(super) floor: Option<Metrics>,
}

/// What a figure is held against; `docs/performance.md` says where each comes from.
const TARGETS: &[(&str, &str, &str, f64)] = &[
    ("W1", "loopback", "ms_p50", 12.0),
    ("W1", "loopback", "bytes_up", 66_000.0),
    ("W1", "loopback", "bytes_down", 8_000.0),
    ("W1", "rtt_100ms", "ms_p50", 260.0),
    ("W2", "threads_180", "ms_p50", 2.5),
    ("W2", "threads_180", "bytes_both", 5_000.0),
    ("W2", "threads_10", "ms_p50", 2.5),
    ("W2", "threads_10", "bytes_both", 5_000.0),
    ("W2", "threads_1000", "ms_p50", 2.5),
    ("W2", "threads_1000", "bytes_both", 5_000.0),
    ("W3", "phone_to_phone", "ms_p50", 2.0),
    ("W3", "phone_to_phone", "ms_p99", 5.0),
    ("W3", "relay_only", "ms_p50", 0.8),
    ("W3", "relay_only", "ms_p99", 2.0),
    ("W4", "one_outstanding", "appends_per_s", 20_000.0),
    ("W4", "one_outstanding", "relay_cpu_us", 40.0),
    ("W4", "pipelined", "appends_per_s", 100_000.0),
    ("W4", "pipelined", "relay_cpu_us", 40.0),
    ("W5", "rtt_300ms", "ms_p50", 650.0),
    ("W5", "64kbit", "ms_p50", 1_600.0),
    ("W5", "loss_10", "ms_p50", 950.0),
    ("W5", "loss_10", "ms_p90", 2_500.0),
    ("W6", "cold_start", "ms_p50", 50.0),
    ("W6", "cold_start", "rss_mb", 40.0),
    ("W7", "thread_1000", "ms_p50", 10.0),
    ("W8", "idle_device", "bytes_per_device", 49_152.0),
];

fn target(work: &str, variant: &str, metric: &str) -> Option<f64> {
    let of = |t: &&(&str, &str, &str, f64)| (t.0, t.1, t.2) == (work, variant, metric);
    TARGETS.iter().find(of).map(|t| t.3)
}

/// Whether more is better.
fn rises(metric: &str) -> bool {
    metric == "appends_per_s"
}

impl Measured {
    fn floor_of(&self, metric: &str) -> Option<f64> {
        self.floor.iter().flatten().find(|(name, _)| *name == metric).map(|(_, value)| *value)
    }

    fn document(&self) -> Value {
        let mut document = json!({
            "work": self.work,
            "variant": self.variant,
            "runs": self.runs,
            "metrics": object(&self.metrics),
        });
        if let Some(floor) = &self.floor {
            document["floor"] = object(floor);
        }
        document
    }
}

fn object(metrics: &Metrics) -> Value {
    Value::Object(
        metrics
            .iter()
            .map(|(name, value)| ((*name).to_owned(), number(*value)))
            .collect::<Map<_, _>>(),
    )
}

/// Three decimals, and none where there is nothing behind the point.
fn number(value: f64) -> Value {
    let rounded = (value * 1000.0).round() / 1000.0;
    let whole = format!("{rounded:.0}").parse::<i64>().ok();
    match whole {
        Some(whole) if rounded.fract() == 0.0 => json!(whole),
        _ => json!(rounded),
    }
}

/// Everything for scripts.
pub(super) fn document(machine: &Value, measured: &[Measured]) -> Value {
    let results: Vec<Value> = measured.iter().map(Measured::document).collect();
    json!({ "version": 1, "machine": machine, "results": results })
}

/// Everything for people. Smoke runs are too small to be held against anything.
pub(super) fn table(machine: &Value, measured: &[Measured], smoke: bool) -> String {
    let mut lines = format!("{}\n\n", machine_line(machine));
    let head = ("work", "variant", "metric", "measured", "target", "", "floor", "ratio");
    row(&mut lines, head);
    for one in measured {
        let mut name = (one.work, one.variant);
        for (metric, value) in &one.metrics {
            let target = target(one.work, one.variant, metric).filter(|_| !smoke);
            let verdict = target.map_or("", |target| {
                let met = if rises(metric) { *value >= target } else { *value <= target };
                if met { "met" } else { "missed" }
            });
            let floor = one.floor_of(metric);
            let ratio =
                floor.filter(|floor| *floor > 0.0).map(|floor| format!("{:.2}", value / floor));
            let (value, target, floor) = (plain(*value), target.map(plain), floor.map(plain));
            row(
                &mut lines,
                (
                    name.0,
                    name.1,
                    metric,
                    &value,
                    &target.unwrap_or_default(),
                    verdict,
                    &floor.unwrap_or_default(),
                    &ratio.unwrap_or_default(),
                ),
            );
            name = ("", "");
        }
    }
    if smoke {
        lines.push_str(
            "\nA smoke run: it says that the benchmarks run, not how fast anything is.\n",
        );
    }
    lines
}

fn machine_line(machine: &Value) -> String {
    let word = |key: &str| match &machine[key] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    format!(
        "{} CPUs ({}), {} MB, {} {}, load {} at the start",
        word("cpus"),
        word("cpu"),
        word("memory_mb"),
        word("os"),
        word("kernel"),
        word("load_1m")
    )
}

type Row<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, &'a str, &'a str, &'a str);

fn row(lines: &mut String, (work, variant, metric, value, target, verdict, floor, ratio): Row<'_>) {
    // Writing to a String can't fail.
    let _ = writeln!(
        lines,
        "{}",
        format!(
            "{work:<5}{variant:<17}{metric:<22}{value:>12}{target:>10} {verdict:<7}{floor:>12}{ratio:>8}"
        )
        .trim_end()
    );
}

fn plain(value: f64) -> String {
    if value >= 1000.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(value: f64) -> Measured {
        Measured {
            work: "W1",
            variant: "loopback",
            runs: 30,
            metrics: vec![("ms_p50", value), ("bytes_up", 66_001.0)],
            floor: Some(vec![("ms_p50", 2.0), ("bytes_up", 66_001.0)]),
        }
    }

    #[test]
    fn the_document_has_the_shape_that_scripts_read() {
        let document = document(&json!({ "cpus": 2 }), &[measured(9.12345)]);
        assert_eq!(
            document.to_string(),
            r#"{"machine":{"cpus":2},"results":[{"floor":{"bytes_up":66001,"ms_p50":2},"metrics":{"bytes_up":66001,"ms_p50":9.123},"runs":30,"variant":"loopback","work":"W1"}],"version":1}"#
        );
    }

    #[test]
    fn a_line_says_what_was_missed_and_how_far_the_floor_is() {
        let table = table(&json!({}), &[measured(13.0)], false);
        let line = table.lines().find(|line| line.contains("ms_p50")).unwrap_or_default();
        assert!(line.contains("missed") && line.ends_with("6.50"), "{line}");
        let smoke = super::table(&json!({}), &[measured(13.0)], true);
        assert!(!smoke.contains("missed"), "{smoke}");
    }
}
