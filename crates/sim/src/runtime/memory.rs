//! The memory of a run, computed before it is taken.

use std::sync::OnceLock;

use crate::runtime::bytes::Bytes;
use crate::runtime::error::RunError;

/// The memory that a run may take where neither the system nor the program says how much there is, bytes.
const UNKNOWN_LIMIT: u64 = 16 << 30;

/// The bytes that the parts of a run take, added up before any of them is allocated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MemoryBudget {
    limit: u64,
    taken: u64,
}

impl MemoryBudget {
    /// Creates a budget of `limit` bytes; by default those that the process can have.
    pub fn new(limit: Option<u64>) -> Self {
        Self { limit: limit.unwrap_or_else(available_memory), taken: 0 }
    }

    /// Adds an array of `factors[0] * factors[1] * ...` numbers to what is taken.
    ///
    /// # Errors
    ///
    /// The sum is above the limit. `what` says what the array holds, and `advice` how to make it smaller.
    pub fn take(
        &mut self,
        what: impl FnOnce() -> String,
        advice: &'static str,
        factors: &[usize],
    ) -> Result<(), RunError> {
        self.taken = self.check(what, advice, bytes(factors))?;
        Ok(())
    }

    /// Returns the bytes taken with `more` bytes added to them, without keeping them.
    ///
    /// # Errors
    ///
    /// The sum is above the limit.
    pub fn check(
        &self,
        what: impl FnOnce() -> String,
        advice: &'static str,
        more: u64,
    ) -> Result<u64, RunError> {
        let needed = self.taken.saturating_add(more);
        if needed > self.limit {
            return Err(RunError::Memory {
                what: what(),
                needed: Bytes(needed),
                limit: Bytes(self.limit),
                advice,
            });
        }
        Ok(needed)
    }
}

/// Returns the bytes of an array of `factors[0] * factors[1] * ...` numbers of double precision, or the largest number where there are more.
pub(crate) fn bytes(factors: &[usize]) -> u64 {
    factors.iter().fold(size_of::<f64>() as u64, |product, factor| product.saturating_mul(*factor as u64))
}

/// Returns the bytes that the process can have: the least of the machine's memory, the limit of its control group and that of its address space.
/// Swap space does not count, because a run that needs it does not end.
pub fn available_memory() -> u64 {
    static LIMIT: OnceLock<u64> = OnceLock::new();
    *LIMIT.get_or_init(|| {
        let read = |path: &str| std::fs::read_to_string(path).ok();
        let limits = [
            read("/proc/meminfo").and_then(|text| machine_memory(&text)),
            read("/sys/fs/cgroup/memory.max").and_then(|text| text.trim().parse().ok()),
            read("/sys/fs/cgroup/memory/memory.limit_in_bytes").and_then(|text| text.trim().parse().ok()),
            read("/proc/self/limits").and_then(|text| address_space(&text)),
        ];
        limits.into_iter().flatten().min().unwrap_or(UNKNOWN_LIMIT)
    })
}

/// Finds the memory of the machine in the text of `/proc/meminfo`, bytes.
fn machine_memory(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// Finds the soft limit of the address space in the text of `/proc/self/limits`, bytes; `None` where it is unlimited.
fn address_space(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_added_without_overflow_and_refused_above_the_limit() {
        let mut budget = MemoryBudget::new(Some(1000));
        budget.take(|| "a".to_owned(), "", &[10, 10]).unwrap();
        let error = budget.take(|| "the array".to_owned(), "make it smaller", &[26]).unwrap_err().to_string();
        assert!(
            error.contains("the array") && error.contains("1.0 kB") && error.contains("make it"),
            "{error}"
        );
        budget.take(|| "b".to_owned(), "", &[25]).unwrap();
        assert!(budget.take(|| "c".to_owned(), "", &[usize::MAX, usize::MAX]).is_err());
        assert!(budget.take(|| "d".to_owned(), "", &[usize::MAX, 0]).is_ok());
    }

    #[test]
    fn limits_are_read_from_what_linux_tells() {
        assert_eq!(machine_memory("MemTotal:       24684096 kB\nMemFree: 1 kB\n"), Some(24_684_096 * 1024));
        let limits = "Limit  Soft Limit  Hard Limit  Units\nMax address space         4096000000           unlimited            bytes\n";
        assert_eq!(address_space(limits), Some(4_096_000_000));
        assert_eq!(
            address_space("Max address space         unlimited            unlimited            bytes"),
            None
        );
    }
}
