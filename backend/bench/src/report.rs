//! What is printed: plain text, to be pasted anywhere.

use crate::load::{Latencies, Measured};

pub fn heading(engine: &str, about: &str) {
    println!("\n{engine}: {about}\n");
    println!("  {:<18} {:>10} {:>9} {:>9} {:>17}", "", "requests/s", "p50 ms", "p99 ms", "CPU s per 1,000");
}

pub fn load(name: &str, measured: &Measured) {
    println!(
        "  {name:<18} {:>10.0} {:>9.2} {:>9.2} {:>17.3}",
        measured.per_second(),
        percentile(&measured.latencies, 50.0),
        percentile(&measured.latencies, 99.0),
        measured.cost(),
    );
}

/// In milliseconds.
pub fn percentile(latencies: &Latencies, which: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52 microseconds")]
    let micros = latencies.value_at_percentile(which) as f64;
    micros / 1000.0
}

/// A figure beside what it is to be.
pub struct Aim<'a> {
    pub what: &'a str,
    pub is: f64,
    pub bound: Bound,
    pub unit: &'a str,
}

#[derive(Clone, Copy)]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

pub fn aim(aim: &Aim<'_>) {
    let (words, bound, holds) = match aim.bound {
        Bound::AtLeast(bound) => ("at least", bound, aim.is >= bound),
        Bound::AtMost(bound) => ("at most", bound, aim.is <= bound),
    };
    let verdict = if holds { "" } else { "   MISSED" };
    let Aim { what, is, unit, .. } = aim;
    // As many digits as the bound has any use for.
    let digits = if bound < 1.0 { 3 } else { 1 };
    println!("  {what:<58} {is:>8.digits$} {unit:<4} ({words} {bound}){verdict}");
}
