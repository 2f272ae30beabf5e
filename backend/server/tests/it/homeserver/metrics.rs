//! What operators can see of the link, in Prometheus' text format.

use testkit::{Mood, TestApp};

use super::sign_in;

/// The value of a line, which must be there once.
#[track_caller]
fn value(metrics: &str, name: &str, labels: &[&str]) -> f64 {
    let fits = |line: &&str| {
        let rest = line.strip_prefix(name).unwrap_or_default();
        rest.starts_with(['{', ' ']) && labels.iter().all(|label| line.contains(label))
    };
    let lines: Vec<&str> = metrics.lines().filter(fits).collect();
    let [line] = lines[..] else { panic!("{name} {labels:?}: {lines:#?} in {metrics}") };
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn requests_and_failures_are_counted() {
    let app = TestApp::new().await;
    sign_in(&app, "alice").await.ok();
    let read = async || app.anonymous().get("/metrics").await.ok();
    let answer = read().await;
    assert_eq!(answer.header("content-type"), "text/plain;version=1.0.0");
    let port = format!("server_port=\"{}\"", app.homeserver.endpoint().port().unwrap());
    let server = ["server_address=\"127.0.0.1\"", "url_scheme=\"http\"", port.as_str()];
    let status = |status| [&server[..], &[status]].concat();
    let requests = "http_client_request_duration_milliseconds_count";
    assert!(answer.body.contains("# TYPE http_client_request_duration_milliseconds histogram"));
    // Provisioning was answered 201, and so was the new device.
    let created = status("http_response_status_code=\"201\"");
    assert_eq!(value(&answer.body, requests, &created) as u64, 2, "{}", answer.body);
    let active = [&server[..], &["http_request_method=\"POST\""]].concat();
    assert_eq!(value(&answer.body, "http_client_active_requests", &active) as i64, 0);
    assert_eq!(value(&answer.body, "homeserver_circuit_state", &[]) as u64, 0);
    assert_eq!(value(&answer.body, "homeserver_circuit_openings_total", &[]) as u64, 0);

    app.homeserver.feels(Mood::Failing);
    for _ in 0..3 {
        app.parts().homeserver.reactivate_user("alice").await.unwrap_err();
    }
    let metrics = read().await.body;
    assert_eq!(value(&metrics, requests, &status("http_response_status_code=\"500\"")) as u64, 5);
    let failures = |reason| {
        let labels = ["homeserver_call=\"reactivate_user\"", reason];
        value(&metrics, "homeserver_failures_total", &labels) as u64
    };
    assert_eq!(failures("reason=\"server_error\""), 5);
    assert_eq!(failures("reason=\"circuit_open\""), 2);
    assert_eq!(value(&metrics, "homeserver_circuit_state", &[]) as u64, 2);
    assert_eq!(value(&metrics, "homeserver_circuit_openings_total", &[]) as u64, 1);
    app.homeserver.calls();
}
