//! What a running server tells Prometheus.

use super::{Shell, database::Database, running::get};

const PROMETHEUS: &str = r#"[{resources=[{name=prometheus}],binds=[{address="127.0.0.1:0"}]}]"#;

fn measuring(exporter: &str) -> (Shell, Database) {
    let (shell, database) = Shell::with_config(&format!(
        "matrix: {{homeserver: example.com, kind: none}}\ntelemetry: {{metrics: {{exporter: {exporter}}}}}\n"
    ));
    shell.run("database migrate").ok();
    (shell.env("MAS__HTTP__LISTENERS", PROMETHEUS), database)
}

#[test]
fn jobs_are_counted() {
    let (shell, _database) = measuring("prometheus");
    shell.run("manage register-user -y alice").ok();
    let mut server = shell.start("server");
    let address = server.address();
    server.says("Job completed");
    let metrics = get(address, "", "/metrics");
    for line in [
        "job_process_duration_milliseconds_count{job_queue_name=\"provision-user\",job_result=\"success\"} 1",
        "job_active_tasks{job_queue_name=\"provision-user\"} 0",
        "job_worker_wakeups_total{reason=\"notification\"} 0",
        "# TYPE job_worker_tick_duration histogram",
        "service_name=\"latchkey\"",
    ] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
    assert!(!server.seen.contains("telemetry.metrics"), "{}", server.seen);
}

#[test]
fn an_exporter_that_nobody_reads_is_pointed_out() {
    let (shell, _database) = measuring("none");
    let mut server = shell.start("server");
    let address = server.address();
    server.says("the resource prometheus has nothing to tell");
    let answer = get(address, "", "/metrics");
    assert!(answer.starts_with("HTTP/1.1 500 ") && answer.contains("telemetry.metrics.exporter"), "{answer}");
    let (shell, _other_database) = measuring("otlp");
    let mut server = shell.start("server");
    server.says("telemetry.metrics.exporter has no effect yet");
}
