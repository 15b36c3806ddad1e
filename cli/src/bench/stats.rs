//! Of many measurements, the few numbers that are told.

use std::time::Duration;

/// What was measured, once per run.
#[derive(Debug, Default, Clone)]
pub(super) struct Sample(Vec<f64>);

impl Sample {
    pub(super) fn add(&mut self, value: f64) {
        self.0.push(value);
    }

    /// Adds a time, in milliseconds.
    pub(super) fn time(&mut self, time: Duration) {
        self.add(time.as_secs_f64() * 1000.0);
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn median(&self) -> f64 {
        self.percentile(50)
    }

    /// The smallest value that so many of a hundred do not exceed; 0 when nothing was measured.
    pub(super) fn percentile(&self, hundredths: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (sorted.len() * hundredths).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let mut sample = Sample::default();
        assert_eq!(sample.percentile(50), 0.0);
        [5.0, 1.0, 4.0, 2.0, 3.0].into_iter().for_each(|value| sample.add(value));
        assert_eq!([50, 90, 99].map(|of| sample.percentile(of)), [3.0, 5.0, 5.0]);
        assert_eq!(sample.median(), 3.0);
    }
}
