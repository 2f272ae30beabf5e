//! What the kernel knows of a process (`proc(5)`).

use std::{fs, time::Duration};

use crate::Result;

#[derive(Clone, Copy)]
pub struct Process(pub u32);

impl Process {
    /// Processor time so far, user and system, of all threads.
    pub fn cpu(self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0))?;
        // The second field is a name in parentheses, which may hold anything; the third comes after the last one.
        let rest = stat.rsplit_once(')').ok_or("/proc/PID/stat has another form here")?.1;
        let ticks: u64 = rest.split_whitespace().skip(11).take(2).flat_map(str::parse::<u64>).sum();
        #[expect(clippy::cast_precision_loss, reason = "some thousands")]
        Ok(Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64))
    }

    /// Resident memory now, in MiB.
    pub fn resident(self) -> Result<f64> {
        self.status("VmRSS:")
    }

    /// The most that it ever was, in MiB.
    pub fn peak(self) -> Result<f64> {
        self.status("VmHWM:")
    }

    fn status(self, name: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line")?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib / 1024.0)
    }
}
