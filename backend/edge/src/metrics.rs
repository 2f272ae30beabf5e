//! What is measured, under OpenTelemetry's names, and how it is told in Prometheus' text format.
//!
//! Each part makes its instruments once, from [`Metrics::meter`]; recording then is a few atomic additions. Labels come
//! from fixed lists, never from requests.

use std::time::Duration;

use kernel::{Error, Result};
use opentelemetry::{
    KeyValue,
    metrics::{Counter, Histogram, Meter, MeterProvider, UpDownCounter},
};
use opentelemetry_sdk::{Resource, metrics::SdkMeterProvider};
use prometheus::{Registry, TextEncoder};

/// The instruments of the process, and who reads them.
#[derive(Debug)]
pub struct Metrics {
    provider: SdkMeterProvider,
    /// What Prometheus reads; `None` when nobody does, and nothing is kept.
    registry: Option<Registry>,
    pub jobs: Jobs,
}

impl Metrics {
    /// Nothing is measured.
    pub fn none() -> Self {
        Self::of(SdkMeterProvider::builder().build(), None)
    }

    /// For [`Self::render`].
    pub fn prometheus(version: &'static str) -> Result<Self> {
        let registry = Registry::new();
        let exporter = opentelemetry_prometheus::exporter()
            .with_registry(registry.clone())
            .scope_info_enabled(false)
            .build()
            .map_err(Error::internal)?;
        let resource = Resource::builder()
            .with_service_name("latchkey")
            .with_attribute(KeyValue::new("service.version", version))
            .build();
        let provider = SdkMeterProvider::builder().with_resource(resource).with_reader(exporter).build();
        Ok(Self::of(provider, Some(registry)))
    }

    fn of(provider: SdkMeterProvider, registry: Option<Registry>) -> Self {
        let jobs = Jobs::new(&provider.meter("latchkey"));
        Self { provider, registry, jobs }
    }

    /// Where instruments come from.
    pub fn meter(&self) -> Meter {
        self.provider.meter("latchkey")
    }

    /// Whether [`Self::render`] has something to tell.
    pub const fn is_read(&self) -> bool {
        self.registry.is_some()
    }

    /// All that was measured so far, in Prometheus' text format; `None` if the exporter is another one.
    pub fn render(&self) -> Result<Option<String>> {
        let Some(registry) = &self.registry else { return Ok(None) };
        TextEncoder::new().encode_to_string(&registry.gather()).map(Some).map_err(Error::internal)
    }
}

/// Background jobs.
#[derive(Debug)]
pub struct Jobs {
    wakeups: Counter<u64>,
    tick_duration: Histogram<f64>,
    process_duration: Histogram<f64>,
    active: UpDownCounter<i64>,
}

/// Why a worker looked for jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wakeup {
    /// It was time to.
    Sleep,
    /// A job of its own has ended.
    Task,
    /// Somebody has enqueued one.
    Notification,
}

/// What came of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobEnd {
    Success,
    Retry,
    /// Trying again would not help.
    Fail,
    /// It was tried often enough.
    Abandon,
}

impl Jobs {
    fn new(meter: &Meter) -> Self {
        let jobs = Self {
            wakeups: meter
                .u64_counter("job.worker.wakeups")
                .with_description("How often the worker looked for jobs, by reason")
                .build(),
            tick_duration: meter
                .f64_histogram("job.worker.tick_duration")
                .with_description("How long it took to look for jobs, in milliseconds")
                .build(),
            process_duration: meter
                .f64_histogram("job.process.duration")
                .with_unit("ms")
                .with_description("How long jobs ran, and what came of them")
                .build(),
            active: meter
                .i64_up_down_counter("job.active_tasks")
                .with_unit("{job}")
                .with_description("Jobs that are running in this process")
                .build(),
        };
        // So that a rate can be computed from the first one on.
        for reason in [Wakeup::Sleep, Wakeup::Task, Wakeup::Notification] {
            jobs.wakeups.add(0, &[reason.label()]);
        }
        jobs
    }

    pub fn woke(&self, reason: Wakeup) {
        self.wakeups.add(1, &[reason.label()]);
    }

    /// Looking for jobs took this long.
    pub fn looked(&self, took: Duration) {
        self.tick_duration.record(millis(took), &[]);
    }

    pub fn began(&self, queue: &str) {
        self.active.add(1, &[of_queue(queue)]);
    }

    /// It ran for so long. `crashed`: it did not fail, it panicked.
    pub fn ended(&self, queue: &str, took: Duration, end: JobEnd, crashed: bool) {
        self.active.add(-1, &[of_queue(queue)]);
        let result = match (end, crashed) {
            (_, true) => "crashed",
            (JobEnd::Success, false) => "success",
            (JobEnd::Retry | JobEnd::Fail | JobEnd::Abandon, false) => "failed",
        };
        let mut labels = vec![of_queue(queue), KeyValue::new("job.result", result)];
        match end {
            JobEnd::Success => {}
            JobEnd::Retry => labels.push(KeyValue::new("job.decision", "retry")),
            JobEnd::Fail => labels.push(KeyValue::new("job.decision", "fail")),
            JobEnd::Abandon => labels.push(KeyValue::new("job.decision", "abandon")),
        }
        self.process_duration.record(millis(took), &labels);
    }
}

fn of_queue(queue: &str) -> KeyValue {
    KeyValue::new("job.queue.name", queue.to_owned())
}

impl Wakeup {
    fn label(self) -> KeyValue {
        let reason = match self {
            Self::Sleep => "sleep",
            Self::Task => "task",
            Self::Notification => "notification",
        };
        KeyValue::new("reason", reason)
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
