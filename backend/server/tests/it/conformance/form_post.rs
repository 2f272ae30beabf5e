//! `oidcc-formpost-basic-certification-test-plan`: the Basic plan with answers that travel as forms (OAuth 2.0 Form Post
//! Response Mode).

use testkit::{ClientKind::*, Code, REDIRECT_URI};

use super::Plan;

/// Every module of the plan: success, and nothing of it in an address.
#[tokio::test]
async fn the_answer_is_a_form_for_the_client_alone() {
    let mut plan = Plan::new(Basic).await;
    let page = plan.answer(&[("response_mode", "form_post")]).await.ok();
    assert!(page.header("content-type").starts_with("text/html"));
    assert_eq!((page.header("location"), page.header("cache-control")), ("", "no-store"));
    assert!(page.header("content-security-policy").contains("https://app.example.org"));
    let told = page.hidden(REDIRECT_URI);
    let names: Vec<_> = told.keys().map(String::as_str).collect();
    assert_eq!(names, ["code", "iss", "state"]);
    assert_eq!((told["state"].as_str(), told["iss"].as_str()), ("a-state", "https://auth.example.com/"));
    let code = Code { code: told["code"].clone(), redirect_uri: REDIRECT_URI.into(), verifier: None };
    let tokens = plan.client.exchange(&code).await.tokens();
    assert_eq!(plan.claims(&tokens)["nonce"], "a-nonce");
}

/// `oidcc-response-type-missing`, `oidcc-prompt-none-not-logged-in`, the request objects
#[tokio::test]
async fn refusals_are_forms_as_well() {
    let mut plan = Plan::new(Basic).await;
    for (asked, expected) in [
        (("response_type", ""), "invalid_request"),
        (("prompt", "none"), "login_required"),
        (("request", "e30.e30."), "request_not_supported"),
        (("scope", "\""), "invalid_scope"),
    ] {
        let page = plan.answer(&[("response_mode", "form_post"), asked]).await;
        let told = page.hidden(REDIRECT_URI);
        assert_eq!((told["error"].as_str(), told["state"].as_str()), (expected, "a-state"), "{asked:?}");
        assert_eq!(told["iss"], "https://auth.example.com/");
        assert_eq!(told.get("code"), None);
    }
}

#[tokio::test]
async fn markup_in_the_state_stays_text() {
    let mut plan = Plan::new(Basic).await;
    let state = "\"><script>alert(1)</script>&amp;'";
    let page = plan.answer(&[("response_mode", "form_post"), ("state", state)]).await.ok();
    assert!(!page.body.contains("<script>alert"), "{page}");
    assert_eq!(page.hidden(REDIRECT_URI)["state"], state);
}
