use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

use super::*;

#[derive(Debug, Default)]
struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(self.0.load(SeqCst))
    }
}

impl Hand {
    fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, SeqCst);
    }
}

fn circuit() -> (Circuit, Arc<Hand>) {
    let hand = Arc::<Hand>::default();
    (Circuit::new(hand.clone()), hand)
}

fn fail(circuit: &Circuit) -> Option<Duration> {
    circuit.admit(true).unwrap().failed("it is away").map(|opened| opened.pause)
}

fn opened() -> (Circuit, Arc<Hand>) {
    let (circuit, hand) = circuit();
    assert_eq!(
        (1..=5).map(|_| fail(&circuit)).collect::<Vec<_>>(),
        [None, None, None, None, Some(FIRST_PAUSE)]
    );
    (circuit, hand)
}

#[test]
fn failures_must_come_in_a_row() {
    let (circuit, _) = circuit();
    for _ in 0..100 {
        for _ in 0..4 {
            assert_eq!(fail(&circuit), None);
        }
        assert!(!circuit.admit(true).unwrap().succeeded(), "nothing was open");
    }
    assert_eq!(circuit.phase(), Phase::Closed);
}

#[test]
fn an_open_circuit_says_why_and_until_when() {
    let (circuit, hand) = opened();
    assert_eq!(circuit.phase(), Phase::Open);
    hand.advance(2);
    let refused = circuit.admit(true).unwrap_err();
    assert_eq!(refused, Opened { pause: Duration::from_secs(3), cause: "it is away".into() });
}

#[test]
fn one_probe_at_a_time_closes_it_or_doubles_the_pause() {
    let (circuit, hand) = opened();
    let mut pause = FIRST_PAUSE;
    for expected in [10, 20, 40, 60, 60] {
        hand.advance(pause.as_secs().cast_signed());
        let probe = circuit.admit(true).unwrap();
        assert_eq!(circuit.phase(), Phase::HalfOpen);
        assert!(circuit.admit(true).is_err(), "others do not wait for the probe");
        pause = probe.failed("still away").unwrap().pause;
        assert_eq!(pause, Duration::from_secs(expected));
        assert!(circuit.admit(true).is_err());
    }
    hand.advance(60);
    assert!(circuit.admit(true).unwrap().succeeded());
    assert_eq!(circuit.phase(), Phase::Closed);
    assert_eq!(fail(&circuit), None, "it counts from the beginning");
}

#[test]
fn a_clock_that_is_set_back_does_not_prolong_a_pause() {
    let (circuit, hand) = opened();
    hand.advance(-3600);
    assert!(circuit.admit(true).unwrap().succeeded());
}

#[test]
fn what_tells_nothing_is_no_probe() {
    let (circuit, hand) = opened();
    hand.advance(5);
    assert!(circuit.admit(false).is_err());
    assert_eq!(circuit.phase(), Phase::Open);
    let probe = circuit.admit(true).unwrap();
    assert!(circuit.admit(false).is_err());
    assert!(probe.succeeded());
    assert!(circuit.admit(false).is_ok());
}

#[test]
fn a_probe_that_nobody_waited_for_is_made_by_the_next() {
    let (circuit, hand) = opened();
    hand.advance(5);
    drop(circuit.admit(true).unwrap());
    assert_eq!(circuit.phase(), Phase::Open);
    assert!(circuit.admit(true).unwrap().succeeded());
}

#[test]
fn calls_from_before_do_not_decide_about_now() {
    let (circuit, hand) = circuit();
    let (slow, slower) = (circuit.admit(true).unwrap(), circuit.admit(true).unwrap());
    for _ in 0..5 {
        fail(&circuit);
    }
    assert!(!slow.succeeded());
    assert_eq!(circuit.phase(), Phase::Open);
    hand.advance(5);
    let probe = circuit.admit(true).unwrap();
    assert_eq!(slower.failed("it was away"), None);
    assert!(probe.succeeded());
}
