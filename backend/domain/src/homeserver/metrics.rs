//! What is counted and timed of the calls. Names and labels of `http.client.*` are those of OpenTelemetry's semantic
//! conventions; the rest is ours.

use std::{sync::Arc, time::Duration};

use opentelemetry::{
    KeyValue,
    metrics::{Counter, Histogram, Meter, UpDownCounter},
};
use reqwest::{Method, StatusCode};
use tokio::time::Instant;
use url::Url;

use super::{circuit::Circuit, link::Reason};

#[derive(Debug)]
pub struct Metrics {
    active: UpDownCounter<i64>,
    duration: Histogram<f64>,
    failures: Counter<u64>,
    openings: Counter<u64>,
    /// Where the calls go.
    server: [KeyValue; 3],
}

/// A request that is under way; one that is dropped was given up.
pub struct Timer<'a> {
    metrics: &'a Metrics,
    labels: Vec<KeyValue>,
    began: Instant,
}

impl Metrics {
    pub fn new(meter: &Meter, base: &Url, circuit: &Arc<Circuit>) -> Self {
        let circuit = Arc::clone(circuit);
        meter
            .u64_observable_gauge("homeserver.circuit.state")
            .with_description("Whether the homeserver is asked: 0 yes, 1 it is being tried, 2 no")
            .with_callback(move |gauge| gauge.observe(circuit.phase() as u64, &[]))
            .build();
        let openings = meter
            .u64_counter("homeserver.circuit.openings")
            .with_description("How often the homeserver was found not to answer")
            .build();
        openings.add(0, &[]);
        Self {
            active: meter
                .i64_up_down_counter("http.client.active_requests")
                .with_unit("{requests}")
                .with_description("Requests to other servers that are under way")
                .build(),
            duration: meter
                .f64_histogram("http.client.request.duration")
                .with_unit("ms")
                .with_description("How long other servers took to answer")
                .build(),
            failures: meter
                .u64_counter("homeserver.failures")
                .with_description(
                    "Requests that the homeserver did not answer as it should, by call and reason",
                )
                .build(),
            openings,
            server: [
                KeyValue::new("url.scheme", base.scheme().to_owned()),
                KeyValue::new("server.address", base.host_str().unwrap_or_default().to_owned()),
                KeyValue::new("server.port", i64::from(base.port_or_known_default().unwrap_or_default())),
            ],
        }
    }

    /// A request begins.
    pub fn begin(&self, method: &Method) -> Timer<'_> {
        let mut labels = self.server.to_vec();
        labels.push(KeyValue::new("http.request.method", method.to_string()));
        self.active.add(1, &labels);
        Timer { metrics: self, labels, began: Instant::now() }
    }

    pub fn failed(&self, call: &'static str, reason: Reason) {
        self.failures
            .add(1, &[KeyValue::new("homeserver.call", call), KeyValue::new("reason", reason.name())]);
    }

    pub fn opened(&self) {
        self.openings.add(1, &[]);
    }
}

impl Timer<'_> {
    /// `None` if no answer came.
    pub fn answered(mut self, status: Option<StatusCode>) {
        let result = match status {
            Some(status) => KeyValue::new("http.response.status_code", i64::from(status.as_u16())),
            None => KeyValue::new("error.type", "NO_RESPONSE"),
        };
        self.labels.push(result);
        self.metrics.duration.record(millis(self.began.elapsed()), &self.labels);
        self.labels.pop();
    }
}

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        self.metrics.active.add(-1, &self.labels);
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
