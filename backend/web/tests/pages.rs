//! What every page keeps, and what each of them says.

use std::collections::{BTreeMap, BTreeSet};

use web::view::{Branding, Locale, Site, Views, samples};

const PREFIX: &str = "/auth";

fn pages_with(branding: Branding) -> BTreeMap<&'static str, String> {
    let site = Site::new(&format!("{PREFIX}/"), "example.org", branding).unwrap();
    samples::render(&Views::load().unwrap(), &site, &Locale::english()).unwrap().into_iter().collect()
}

fn pages() -> BTreeMap<&'static str, String> {
    pages_with(Branding::default())
}

/// The page as a reader sees it in the source, one entity layer taken off.
fn page(name: &str) -> String {
    readable(&pages()[name])
}

fn readable(html: &str) -> String {
    [("&#x2f;", "/"), ("&quot;", "\""), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")]
        .iter()
        .fold(html.to_owned(), |html, (entity, character)| html.replace(entity, character))
}

/// The text between the first `open` and the next `close`.
fn between<'h>(html: &'h str, open: &str, close: &str) -> &'h str {
    let rest = html.split_once(open).unwrap_or_else(|| panic!("no {open} in {html}")).1;
    rest.split_once(close).unwrap_or_else(|| panic!("no {close} in {html}")).0
}

/// All values of an attribute.
fn attributes<'h>(html: &'h str, name: &str) -> Vec<&'h str> {
    html.split(&format!(" {name}=\""))
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default())
        .collect()
}

#[test]
fn every_page_has_one_heading_a_title_and_a_language() {
    for (name, html) in pages() {
        assert!(html.trim_start().starts_with("<!doctype html>"), "{name}");
        assert!(html.contains("<html lang=\"en\" dir=\"ltr\">"), "{name}");
        assert_eq!(html.matches("<h1>").count(), 1, "{name}");
        assert_eq!(html.matches("<main ").count(), 1, "{name}");
        assert!(between(&html, "<title>", "</title>").ends_with(" · example.org"), "{name}");
    }
}

#[test]
fn titles_tell_pages_apart() {
    let different = ["index", "login", "login-wrong", "consent", "refusal", "refusal-too-many-sessions"];
    let more =
        ["stopped-locked", "stopped-deactivated", "stopped-session-ended", "logout", "logout-signed-out"];
    let rest = ["error-internal", "error-refused", "not-found", "spent-used", "spent-expired", "form-post"];
    let devices =
        ["link", "link-unknown", "device-granted", "device-rejected", "device-expired", "device-unknown"];
    let names = different.iter().chain(&more).chain(&rest).chain(&devices).chain(&["compat-sso"]);
    let titles: BTreeSet<String> =
        names.map(|name| between(&pages()[name], "<title>", "</title>").to_owned()).collect();
    assert_eq!(titles.len(), different.len() + more.len() + rest.len() + devices.len() + 1, "{titles:#?}");
}

#[test]
fn a_strict_content_security_policy_is_enough() {
    for (name, html) in pages_with(Branding { accent_hue: Some(300), ..Branding::default() }) {
        assert_eq!(attributes(&html, "style"), Vec::<&str>::new(), "{name}");
        assert!(!html.contains(" onclick=") && !html.contains("javascript:"), "{name}");
        for tag in html.split('<').filter(|tag| tag.starts_with("script") || tag.starts_with("style")) {
            assert!(tag.contains(" nonce=\"c2FtcGxl\""), "{name}: {tag}");
        }
        assert!(html.contains(":root { --accent-hue: 300 }"), "{name}");
    }
}

#[test]
fn every_address_stays_below_the_public_prefix() {
    for (name, html) in pages() {
        let html = readable(&html);
        let addresses = ["href", "src", "action"].map(|attribute| attributes(&html, attribute)).concat();
        let own: Vec<_> = addresses.iter().filter(|address| address.starts_with('/')).collect();
        assert!(own.len() >= 3, "{name}: {addresses:?}");
        for address in own {
            assert!(address.starts_with("/auth/"), "{name}: {address}");
        }
    }
}

#[test]
fn every_form_of_ours_carries_the_csrf_token() {
    for (name, html) in pages() {
        for form in html.split("<form ").skip(1).map(|rest| rest.split("</form>").next().unwrap()) {
            let token = form.contains("<input type=\"hidden\" name=\"csrf\" value=\"c2FtcGxlLWNzcmY\">");
            // These two lead to an app.
            let is_ours = !["form-post", "app-problem-way-form"].contains(&name);
            assert_eq!(token, is_ours, "{name}: {form}");
        }
    }
}

#[test]
fn markup_in_names_is_inert() {
    let html = &pages()["consent-hostile"];
    for dangerous in ["<script>alert", "<b>bold", "<img", "<b>AAAA", "\u{202e}"] {
        assert!(!html.contains(dangerous), "{dangerous}");
    }
    assert_eq!(html.matches("&lt;script&gt;alert(1)&lt;&#x2f;script&gt;").count(), 4, "{html}");
    assert!(!pages()["form-post"].contains("<script>alert"));
}

#[test]
fn sign_in_says_where_one_goes_on_to() {
    assert!(page("login-from-app").contains("To continue to <strong><bdi>Element Web</bdi></strong>"));
    assert!(page("login-link").contains("Then your <strong><bdi>Example University</bdi></strong> account"));
    assert!(page("login").contains("With your account on <strong><bdi>example.org</bdi></strong>."));
}

#[test]
fn sign_in_posts_to_where_it_is() {
    assert!(page("login-from-app").contains(
        "method=\"post\" action=\"/auth/login?kind=continue_authorization_grant&id=01JD8Z0V5M3T6W8Y2A4C6E8G0J\""
    ));
}

#[test]
fn sign_in_keeps_the_name_and_never_a_password() {
    for name in ["login-wrong", "login-throttled", "login-expired"] {
        let html = page(name);
        assert!(html.contains("<input id=\"username\" name=\"username\" value=\"alice\""), "{name}");
        assert!(!between(&html, "<input id=\"password\"", ">").contains("value"), "{name}");
    }
}

#[test]
fn sign_in_problems_are_told_to_everybody() {
    let empty = page("login-empty");
    let (username, password) =
        (between(&empty, "<input id=\"username\"", ">"), between(&empty, "<input id=\"password\"", ">"));
    assert!(
        username.contains("aria-invalid=\"true\" aria-describedby=\"username-error\" autofocus"),
        "{username}"
    );
    assert!(password.ends_with("aria-invalid=\"true\" aria-describedby=\"password-error\""), "{password}");
    assert!(empty.contains("id=\"username-error\"") && empty.contains("id=\"password-error\""));
    assert!(empty.contains("<a href=\"#username\">Enter your username.</a>"));

    let wrong = page("login-wrong");
    let password = between(&wrong, "<input id=\"password\"", ">");
    assert!(password.ends_with("aria-describedby=\"problem\" autofocus"), "{password}");
    assert!(wrong.contains("id=\"problem\" role=\"alert\""));
    assert!(page("login-throttled").contains("Wait 4 minutes"));
}

#[test]
fn sign_in_offers_only_what_there_is() {
    let providers = page("login-providers");
    assert!(providers.contains("Username or e-mail address</label>"));
    assert!(providers.contains("/auth/upstream/authorize/01JD8Z0V5M3T6W8Y2A4C6E8G0J?kind="));
    assert!(providers.contains("Continue with Example University</a>"));
    assert!(!page("login").contains("Continue with"));

    let no_way = page("login-no-way");
    assert!(no_way.contains("Nobody can sign in here at the moment"));
    assert!(!no_way.contains("<form"));
}

#[test]
fn consent_tells_who_asks_what_for_and_where_it_goes() {
    let html = page("consent");
    assert!(html.contains("<h1>Allow <bdi>Element Web</bdi> to use your account?</h1>"));
    assert!(html.contains("<bdi class=\"who-address\">element.io</bdi>"));
    assert!(html.contains("Read and send messages as you"));
    assert!(html.contains("Listed as <code>AABBCCDDEE</code>"));
    assert!(html.contains("Next you go to <strong><bdi>app.element.io</bdi></strong>"));
    assert!(!html.contains("class=\"alarm\""));

    let form = between(&html, "action=\"/auth/consent/01JD8Z0V5M3T6W8Y2A4C6E8G0J\"", "</form>");
    assert!(form.contains("name=\"action\" value=\"allow\"><span>Allow <bdi>Element Web</bdi>"));
    assert!(form.contains("name=\"action\" value=\"cancel\">Cancel"));
}

#[test]
fn power_over_the_server_looks_different() {
    let html = page("consent-admin");
    assert!(html.contains("<aside class=\"alarm\" aria-label=\"Warning\">"));
    assert!(html.contains("<bdi>Server Console</bdi> asks for control over all of <bdi>example.org</bdi>"));
    assert!(html.contains("<span>Let <bdi>Server Console</bdi> manage this server</span>"));
    assert_eq!(html.matches("class=\"permission-admin\"").count(), 2);
    assert!(html.contains("to an app on this computer, at <strong><bdi>127.0.0.1:4180</bdi></strong>"));
}

#[test]
fn unknown_scopes_are_shown_as_they_are() {
    assert!(page("consent-unknown").contains("<code>https://example.org/scope/paint-it-black</code>"));
    assert!(page("consent-unknown").contains("opens <strong><bdi>org.example.sketch:</bdi></strong> links"));
    assert!(page("consent-nothing").contains("Know that you have signed in, and nothing more"));
}

#[test]
fn another_account_comes_back_to_the_same_place() {
    for name in ["consent", "refusal", "stopped-locked", "logout"] {
        let html = page(name);
        let form = between(&html, "action=\"/auth/logout\"", "</form>");
        assert!(form.contains("name=\"kind\" value=\"continue_authorization_grant\""), "{name}");
        assert!(form.contains("name=\"id\" value=\"01JD8Z0V5M3T6W8Y2A4C6E8G0J\""), "{name}");
    }
}

#[test]
fn a_device_is_let_in_with_open_eyes() {
    let html = page("device");
    assert!(html.contains("Go on only if you started this"));
    assert!(html.contains("<code class=\"user-code\" translate=\"no\">BCD3GX</code>"));
    let form = between(&html, "action=\"/auth/device/01JD8Z0V5M3T6W8Y2A4C6E8G0J\"", "</form>");
    assert!(
        form.contains("name=\"confirm_device\" type=\"checkbox\" value=\"yes\" required>"),
        "nothing is ticked yet"
    );
    assert_eq!(
        attributes(form, "value").iter().filter(|value| ["consent", "reject"].contains(value)).count(),
        2
    );
    assert!(page("device-admin").contains("Let <bdi>Server Console</bdi> manage this server"));
}

#[test]
fn the_older_sign_in_tells_where_it_goes_and_what_to_beware_of() {
    let html = page("compat-sso");
    assert!(html.contains("<h1>Sign in to <bdi>app.element.io</bdi>?</h1>"));
    assert!(html.contains("If somebody sent you a link that led here, cancel"));
    assert!(html.contains("Read and send messages as you"));
    assert!(html.contains("Next you go to <strong><bdi>app.element.io</bdi></strong>"));
    let form = between(&html, "action=\"/auth/complete-compat-sso/01JD8Z0V5M3T6W8Y2A4C6E8G0J\"", "</form>");
    assert!(form.contains("<span>Continue to <bdi>app.element.io</bdi></span>"));
    assert!(form.contains("<a class=\"button\" href=\"/auth/\">Cancel</a>"));
    assert!(page("compat-sso-this-device").contains("An app on this computer"));
    assert!(page("compat-sso-scheme").contains("<h1>Sign in to an app on this device?</h1>"));
    assert!(page("compat-sso-long").contains("with-departments.example.org</bdi>?</h1>"));
    assert!(page("compat-sso-scheme").contains("opens <strong><bdi>io.element.app:</bdi></strong> links"));
}

#[test]
fn what_is_wrong_with_a_code_is_tied_to_the_field() {
    for name in ["link-missing", "link-no-code", "link-unknown"] {
        let html = page(name);
        assert!(html.contains("aria-describedby=\"code-error\" aria-invalid=\"true\""), "{name}");
        assert!(html.contains("id=\"code-error\" role=\"alert\""), "{name}");
    }
    assert!(page("link").contains("aria-label=\"QR code of the address auth.example.org/link\""));
}

#[test]
fn a_refusal_has_a_way_on() {
    let html = page("refusal");
    assert!(html.contains("<bdi>Element Web</bdi> is not allowed here"));
    assert!(html.contains("value=\"cancel\"><span>Go back to <bdi>Element Web</bdi></span>"));

    let devices = page("refusal-too-many-sessions");
    assert!(devices.contains("Sign out 3 devices") && devices.contains("href=\"/auth/account/sessions\""));
    assert!(page("refusal-older-sign-in-one-session").contains("Sign out one device"));
    assert!(!page("refusal-older-sign-in").contains("/auth/consent/"));
}

#[test]
fn errors_tell_the_request_and_never_the_cause() {
    for (name, html) in pages().into_iter().filter(|(name, _)| name.starts_with("error-")) {
        assert!(html.contains("<code>01JD8Z0V5M3T6W8Y2A4C6E8G0J</code>"), "{name}");
        assert!(!html.contains("secret cause") && !html.contains("the pool is closed"), "{name}");
    }
    assert!(page("error-refused").contains("The address lacks the parameter client_id."));
    assert!(page("error-internal").contains("Error 500"));
}

#[test]
fn spent_links_lead_back_to_the_app() {
    let used = page("spent-used");
    assert!(used.contains("href=\"https://app.element.io/\" rel=\"noreferrer\""));
    assert!(page("spent-expired-elsewhere").contains("Go back to your app and start again from there."));
}

#[test]
fn the_response_form_hands_over_exactly_the_answer() {
    let html = &pages()["form-post"];
    let form = between(html, "<form ", "</form>");
    let action = "action=\"https:&#x2f;&#x2f;app.example.net&#x2f;callback?x=1&amp;y=2\" data-auto-submit>";
    assert!(form.contains(action), "{form}");
    assert_eq!(attributes(form, "name"), ["code", "state", "iss"]);
    assert_eq!(attributes(form, "value")[1], "&quot;&gt;&lt;script&gt;alert(1)&lt;&#x2f;script&gt;");
    assert!(form.contains("<button class=\"button button-primary\">Continue</button>"));
    assert!(html.contains("You go on to <strong><bdi>app.example.net</bdi></strong>."));
}

#[test]
fn the_operator_names_the_place_and_its_rules() {
    let branding = Branding {
        service_name: Some("Example & Friends".to_owned()),
        policy_uri: Some("https://example.org/privacy".to_owned()),
        tos_uri: None,
        imprint: Some("Example Society".to_owned()),
        accent_hue: None,
    };
    let html = &pages_with(branding)["login"];
    assert!(html.contains("<title>Sign in · Example &amp; Friends</title>"));
    assert!(html.contains("<bdi class=\"who-address\">example.org</bdi>"));
    let small_print = readable(between(html, "<footer", "</footer>"));
    assert!(small_print.contains("href=\"https://example.org/privacy\""));
    assert!(small_print.contains("<span>Example Society</span>"));
    assert!(!small_print.contains("Terms"));
}
