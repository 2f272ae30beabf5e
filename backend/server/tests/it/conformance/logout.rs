//! `oidcc-rp-initiated-logout-certification-test-plan` (OpenID Connect RP-Initiated Logout 1.0).

use testkit::{Answer, ClientKind::*, SIGNED_OUT_URI};
use url::form_urlencoded;

use super::Plan;

/// A person who is signed in through the client, and the ID token that it got.
async fn begun() -> (Plan, String) {
    let mut plan = Plan::new(Basic).await;
    let id_token = plan.tokens(&[]).await.id_token.unwrap();
    (plan, id_token)
}

async fn log_out(plan: &mut Plan, parameters: &[(&str, &str)]) -> Answer {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    plan.browser.get(&format!("/oauth2/end_session?{query}")).await
}

async fn is_signed_in(plan: &mut Plan) -> bool {
    plan.browser.get("/").await.has_form("/logout")
}

/// The page asks first; this says yes.
async fn confirm(plan: &mut Plan, page: &Answer) -> Answer {
    plan.browser.submit(page, "/oauth2/end_session", &[]).await
}

/// `oidcc-rp-initiated-logout`, `-no-state`
#[tokio::test]
async fn the_person_is_signed_out_and_sent_back_with_the_state() {
    for (state, expected) in [(Some("s"), "?state=s"), (None, "")] {
        let (mut plan, id_token) = begun().await;
        let mut asked =
            vec![("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", SIGNED_OUT_URI)];
        asked.extend(state.map(|state| ("state", state)));
        let answer = log_out(&mut plan, &asked).await;
        assert_eq!(answer.header("location"), format!("{SIGNED_OUT_URI}{expected}"));
        assert!(!is_signed_in(&mut plan).await);
        let silent = plan.error(&[("prompt", "none")]).await;
        assert_eq!(silent, "login_required");
    }
}

/// `-bad-post-logout-redirect-uri`, `-query-added-to-post-logout-redirect-uri`
#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_registered() {
    let (mut plan, id_token) = begun().await;
    for other in [
        "https://app.example.org/other".to_owned(),
        "https://evil.example/".to_owned(),
        format!("{SIGNED_OUT_URI}?foo=bar"),
        format!("{SIGNED_OUT_URI}/"),
        "no address".to_owned(),
    ] {
        let asked =
            [("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", &other), ("state", "s")];
        let page = log_out(&mut plan, &asked).await;
        assert_eq!((page.status.as_u16(), page.header("location")), (400, ""), "{other}");
    }
}

/// `-modified-id-token-hint`, `-bad-id-token-hint`
#[tokio::test]
async fn an_id_token_that_is_not_ours_proves_nothing() {
    let (mut plan, id_token) = begun().await;
    let (message, _) = id_token.rsplit_once('.').unwrap();
    for hint in [format!("{message}.AAAA"), format!("{message}."), "nonsense".to_owned()] {
        let asked = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", SIGNED_OUT_URI)];
        let page = log_out(&mut plan, &asked).await;
        assert_eq!(page.header("location"), "", "{hint}");
        assert!(is_signed_in(&mut plan).await, "{hint}");
    }
}

/// `-no-id-token-hint`, `-no-params`, `-only-state`, `-no-post-logout-redirect-uri`: the person is asked or just told,
/// and goes nowhere that nobody vouched for.
#[tokio::test]
async fn with_less_the_person_is_asked_and_stays_here() {
    let (mut plan, _) = begun().await;
    let unproven = [("post_logout_redirect_uri", SIGNED_OUT_URI), ("state", "s")];
    let page = log_out(&mut plan, &unproven).await;
    assert_eq!((page.status.as_u16(), page.header("location")), (400, ""));
    assert!(is_signed_in(&mut plan).await);

    for asked in [&[][..], &[("state", "s")]] {
        let (mut plan, _) = begun().await;
        let page = log_out(&mut plan, asked).await.ok();
        assert!(is_signed_in(&mut plan).await, "{asked:?}: only once they say so");
        let answer = confirm(&mut plan, &page).await;
        assert!(!answer.header("location").starts_with("http"), "{asked:?}: {answer}");
        assert!(!is_signed_in(&mut plan).await, "{asked:?}");
    }

    let (mut plan, id_token) = begun().await;
    let answer = log_out(&mut plan, &[("id_token_hint", &id_token), ("state", "s")]).await.ok();
    assert_eq!(answer.header("location"), "");
    assert!(!is_signed_in(&mut plan).await);
}

/// `-discovery-endpoint-verification`; §2: by GET and by POST.
#[tokio::test]
async fn the_endpoint_is_found_and_takes_forms() {
    let (mut plan, id_token) = begun().await;
    let metadata = plan.app.anonymous().get("/.well-known/openid-configuration").await.json();
    assert_eq!(metadata["end_session_endpoint"], "https://auth.example.com/oauth2/end_session");
    let form = [("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", SIGNED_OUT_URI)];
    let answer = plan.app.anonymous().post("/oauth2/end_session").form(form).await;
    assert!(answer.status.is_success() || answer.status.is_redirection(), "{answer}");
    assert!(is_signed_in(&mut plan).await, "a form from elsewhere came without the cookies");
}
