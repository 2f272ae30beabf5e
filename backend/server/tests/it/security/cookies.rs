//! A malformed cookie fails closed (authentik's CVE-2026-25748), whatever it is made of.

use kernel::Random;
use testkit::{ClientKind::*, PASSWORD, SeededRandom, TestApp};

use super::signed_in;

const HEADERS: usize = 400;
const PIECES: [&str; 22] = [
    "session",
    "csrf",
    "=",
    "==",
    ";",
    "; ",
    ",",
    "\"",
    "%",
    "%00",
    "%3D",
    "%ff",
    "{\"current\":null}",
    "null",
    "[]",
    "AAAA",
    "é",
    "\u{1f980}",
    "\t",
    " ",
    "$Version=1",
    "__Host-session=",
];

/// Pieces of good and bad cookies, put together at random.
fn nonsense(random: &dyn Random, good: &str) -> String {
    let below = |limit: usize| random.bytes::<1>()[0] as usize % limit;
    let mut header = String::new();
    for _ in 0..=below(8) {
        match below(4) {
            0 => {
                let at = below(good.len().min(255));
                header.push_str(&good[at..]);
            }
            1 => header.push_str(&good[..below(good.len().min(255))]),
            _ => header.push_str(PIECES[below(PIECES.len())]),
        }
    }
    if below(2) == 0 { format!("session={header}") } else { header }
}

#[tokio::test]
async fn nonsense_in_the_cookie_header_signs_nobody_in_and_never_fails_on_our_side() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let browser = signed_in(&app, "alice").await;
    let good = browser.cookies["session"].clone();
    let client = app.client(Public).await;
    let mut pending = browser.clone();
    let page = pending.get(&app.authorization(&client).path()).await;
    let consent = page.body.split("action=\"").find_map(|rest| rest.strip_prefix("/consent/")).unwrap();
    let consent = format!("/consent/{}", consent.split('"').next().unwrap());

    let random = SeededRandom::new(0x000C_0051);
    for _ in 0..HEADERS {
        let header = nonsense(&random, &good);
        if header.split(';').any(|one| one.trim() == format!("session={good}")) {
            continue;
        }
        let asked = app.anonymous().get(&consent).header("cookie", &header).await;
        assert!(asked.header("location").contains("/login"), "{header}: {asked}");
        let agreed =
            app.anonymous().post(&consent).header("cookie", &header).form([("action", "allow")]).await;
        assert!(agreed.header("location").contains("/login"), "{header}: {agreed}");
    }
    let header = format!("session={good}");
    let asked = app.anonymous().get(&consent).header("cookie", &header).await;
    assert!(asked.has_form("/consent/"), "the good one is good: {asked}");
}
