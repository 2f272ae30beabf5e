//! Every page in every state that looks different, with made-up people: what the templates are checked with.

use std::time::Duration;

use axum::response::Html;
use domain::policy::Violation;
use http::StatusCode;
use kernel::{Error, Kind, Result};
use url::Url;

use super::*;
use crate::assets::AppAssets;

/// A page's name, unique, and its HTML.
pub type Sample = (&'static str, String);

/// Renders all samples. An error is a mistake in a template or in a language's texts.
pub fn render(views: &Views, site: &Site, locale: &Locale) -> Result<Vec<Sample>> {
    let gallery = Gallery { views, site, locale };
    [
        index(&gallery)?,
        login(&gallery)?,
        register(&gallery)?,
        register_steps(&gallery)?,
        reauthenticate(&gallery)?,
        choose(&gallery)?,
        consent(&gallery)?,
        compat_sso(&gallery)?,
        link(&gallery)?,
        device(&gallery)?,
        refusal(&gallery)?,
        endings(&gallery)?,
        failures(&gallery)?,
    ]
    .into_iter()
    .flatten()
    .map(|(name, Html(html))| Ok((name, html)))
    .collect()
}

struct Gallery<'a> {
    views: &'a Views,
    site: &'a Site,
    locale: &'a Locale,
}

impl Gallery<'_> {
    fn anonymous<P: Page>(&self, page: &P) -> Result<Html<String>> {
        self.views.render(&self.shell(None), page)
    }

    fn signed_in<P: Page>(&self, page: &P) -> Result<Html<String>> {
        self.views.render(&self.shell(Some(self.alice())), page)
    }

    fn shell(&self, viewer: Option<Account>) -> Shell<'_> {
        Shell {
            site: self.site,
            locale: self.locale.clone(),
            theme: None,
            nonce: "c2FtcGxl",
            csrf: "c2FtcGxlLWNzcmY",
            viewer,
        }
    }

    fn alice(&self) -> Account {
        Account::new("alice", &self.site.homeserver, Some("Alice Liddell"))
    }
}

type Rendered = Vec<(&'static str, Html<String>)>;

fn index(gallery: &Gallery<'_>) -> Result<Rendered> {
    let discovery_url = format!("{}/.well-known/openid-configuration", gallery.site.prefix);
    let index = Index { discovery_url, registers: false };
    let open = Index { registers: true, ..index.clone() };
    let logout = Logout { keep: keep(), back: None };
    let back = AppLink::new(&element(), &url("https://app.element.io/"));
    let signed_out = Logout { back, ..Logout::default() };
    let assets = AppAssets {
        styles: gallery.site.assets.styles.clone(),
        script: gallery.site.assets.script.clone(),
        ..AppAssets::default()
    };
    let prefix = &gallery.site.prefix;
    let (root, graphql_endpoint) = (format!("{prefix}/account/"), format!("{prefix}/graphql"));
    let account = AccountApp { root, graphql_endpoint, assets };
    let end_session = |app| EndSession { app, keep: keep() };
    Ok(vec![
        ("index", gallery.anonymous(&index)?),
        ("index-open", gallery.anonymous(&open)?),
        ("index-signed-in", gallery.signed_in(&index)?),
        ("account-app", gallery.signed_in(&account)?),
        ("logout", gallery.signed_in(&logout)?),
        ("logout-signed-out", gallery.anonymous(&logout)?),
        ("logout-signed-out-of-app", gallery.anonymous(&signed_out)?),
        ("end-session", gallery.signed_in(&end_session(Some(element())))?),
        ("end-session-unknown", gallery.signed_in(&end_session(None))?),
    ])
}

fn login(gallery: &Gallery<'_>) -> Result<Rendered> {
    let plain =
        Login { action: format!("{}/login", gallery.site.prefix), password: true, ..Login::default() };
    let query = "?kind=continue_authorization_grant&id=01JD8Z0V5M3T6W8Y2A4C6E8G0J";
    let from_app = Login {
        action: format!("{}{query}", plain.action),
        next: Some(Next::App { app: element() }),
        ..plain.clone()
    };
    let problems = |problems: &[LoginProblem]| Login {
        username: "alice".to_owned(),
        problems: problems.to_vec(),
        ..from_app.clone()
    };
    let empty = [LoginProblem::UsernameMissing, LoginProblem::PasswordMissing];
    let link = Next::Link { provider: "Example University".to_owned() };
    let providers = ["Example University", "Code Forge"].map(|name| Provider {
        name: name.to_owned(),
        href: format!("{}/upstream/authorize/01JD8Z0V5M3T6W8Y2A4C6E8G0J{query}", gallery.site.prefix),
    });
    Ok(vec![
        ("login", gallery.anonymous(&plain)?),
        ("login-from-app", gallery.anonymous(&from_app)?),
        ("login-account", gallery.anonymous(&Login { next: Some(Next::Account), ..plain.clone() })?),
        (
            "login-link",
            gallery.anonymous(&Login { next: Some(link), username: "alice".into(), ..plain.clone() })?,
        ),
        ("login-empty", gallery.anonymous(&Login { username: String::new(), ..problems(&empty) })?),
        ("login-wrong", gallery.anonymous(&problems(&[LoginProblem::WrongCredentials]))?),
        (
            "login-throttled",
            gallery.anonymous(&problems(&[LoginProblem::throttled(Duration::from_secs(190))]))?,
        ),
        ("login-expired", gallery.anonymous(&problems(&[LoginProblem::FormExpired]))?),
        (
            "login-providers",
            gallery.anonymous(&Login { email: true, providers: providers.to_vec(), ..from_app.clone() })?,
        ),
        (
            "login-open",
            gallery.anonymous(&Login {
                register: Some(format!("{}/register{query}", gallery.site.prefix)),
                ..from_app.clone()
            })?,
        ),
        ("login-no-way", gallery.anonymous(&Login { password: false, ..from_app.clone() })?),
    ])
}

fn register(gallery: &Gallery<'_>) -> Result<Rendered> {
    let prefix = &gallery.site.prefix;
    let query = "?kind=continue_authorization_grant&id=01JD8Z0V5M3T6W8Y2A4C6E8G0J";
    let plain =
        RegisterPassword::new(format!("{prefix}/register/password{query}"), format!("{prefix}/login{query}"));
    let from_app = RegisterPassword {
        next: Some(Next::App { app: element() }),
        email: Some(String::new()),
        terms: Some("https://example.org/terms".to_owned()),
        ..plain.clone()
    };
    let with = |problems: &[(&'static str, &'static str)]| {
        let problems = problems.iter().map(|&(field, kind)| FormProblem::at(field, kind)).collect();
        gallery.anonymous(&from_app.clone().with_problems(problems))
    };
    let empty = [
        ("username", "username-missing"),
        ("email", "email-missing"),
        ("password", "password-missing"),
        ("accept_terms", "terms-missing"),
    ];
    let wrong = [
        ("username", "username-too-long"),
        ("username", "username-invalid-chars"),
        ("email", "email-invalid"),
        ("password", "password-weak"),
    ];
    let refused = [
        ("username", "username-all-numeric"),
        ("username", "username-refused"),
        ("email", "email-refused"),
        ("password", "password-too-long"),
    ];
    let typed = RegisterPassword {
        username: "alice".to_owned(),
        email: Some("alice@example.org".to_owned()),
        ..from_app.clone()
    };
    let denied = FormProblem::of_policy(&Violation::new("this requester is not allowed here"));
    let of_all = |problem| gallery.anonymous(&typed.clone().with_problems(vec![problem]));
    let taken = vec![
        FormProblem::at("username", "username-taken"),
        FormProblem::at("password_confirm", "password-mismatch"),
    ];
    Ok(vec![
        ("register", gallery.anonymous(&plain)?),
        ("register-from-app", gallery.anonymous(&from_app)?),
        ("register-account", gallery.anonymous(&RegisterPassword { next: Some(Next::Account), ..plain })?),
        ("register-empty", with(&empty)?),
        ("register-wrong", with(&wrong)?),
        ("register-refused", with(&refused)?),
        ("register-taken", gallery.anonymous(&typed.clone().with_problems(taken))?),
        ("register-denied", of_all(denied)?),
        ("register-throttled", of_all(FormProblem::throttled(Duration::from_secs(1100)))?),
        ("register-expired", of_all(FormProblem::form_expired())?),
    ])
}

fn register_steps(gallery: &Gallery<'_>) -> Result<Rendered> {
    let prefix = &gallery.site.prefix;
    let steps = || format!("{prefix}/register/steps/01JD8Z0V5M3T6W8Y2A4C6E8G0J");
    let token = |problem: Option<&'static str>| {
        let problems = problem.into_iter().map(|kind| FormProblem::at("token", kind)).collect();
        gallery.anonymous(&RegisterToken { steps: steps(), token: String::new(), problems })
    };
    let email = RegisterEmail::new(steps(), "alice@example.org".to_owned(), None);
    let waits = RegisterEmail::new(steps(), email.email.clone(), Some(Duration::from_secs(240)));
    let code = |kind| gallery.anonymous(&email.clone().with_problem(FormProblem::at("code", kind)));
    let name = |display_name: &str, problems: Vec<FormProblem>| {
        let account = gallery.alice();
        gallery.anonymous(&RegisterName {
            steps: steps(),
            username: "alice".to_owned(),
            mxid: account.mxid,
            display_name: display_name.to_owned(),
            problems,
        })
    };
    let end = |reason, what: &str| {
        gallery.anonymous(&RegisterEnd {
            reason,
            what: what.to_owned(),
            again: (reason != RegisterEndReason::Closed).then(|| format!("{prefix}/register")),
            sign_in: format!("{prefix}/login"),
        })
    };
    Ok(vec![
        ("register-token", token(None)?),
        ("register-token-missing", token(Some("token-missing"))?),
        ("register-token-invalid", token(Some("token-invalid"))?),
        ("register-token-spent", token(Some("token-spent"))?),
        ("register-email", gallery.anonymous(&email)?),
        ("register-email-resent", gallery.anonymous(&RegisterEmail { resent: true, ..waits.clone() })?),
        ("register-email-wait", gallery.anonymous(&waits)?),
        ("register-email-missing", code("code-missing")?),
        ("register-email-wrong", code("code-wrong")?),
        ("register-email-expired", code("code-expired")?),
        (
            "register-email-change",
            gallery.anonymous(
                &RegisterEmail { new_email: "alice@".to_owned(), ..email.clone() }
                    .with_problem(FormProblem::at("email", "email-invalid")),
            )?,
        ),
        ("register-name", name("", Vec::new())?),
        ("register-name-invalid", name("", vec![FormProblem::at("display_name", "name-invalid")])?),
        ("register-closed", end(RegisterEndReason::Closed, "")?),
        ("register-unknown", end(RegisterEndReason::Unknown, "")?),
        ("register-too-late", end(RegisterEndReason::Expired, "")?),
        ("register-foreign", end(RegisterEndReason::Foreign, "")?),
        ("register-username-taken", end(RegisterEndReason::UsernameTaken, "alice")?),
        ("register-email-in-use", end(RegisterEndReason::EmailInUse, "alice@example.org")?),
    ])
}

fn reauthenticate(gallery: &Gallery<'_>) -> Result<Rendered> {
    let plain = Reauthenticate {
        action: format!("{}/reauthenticate", gallery.site.prefix),
        app: None,
        grant_id: None,
        account: gallery.alice(),
        username: "alice".to_owned(),
        password: true,
        problems: Vec::new(),
        keep: keep(),
    };
    let from_app = Reauthenticate {
        app: Some(element()),
        grant_id: Some("01JD8Z0V5M3T6W8Y2A4C6E8G0J".to_owned()),
        ..plain.clone()
    };
    let with = |problem| Reauthenticate { problems: vec![problem], ..from_app.clone() };
    Ok(vec![
        ("reauthenticate", gallery.signed_in(&plain)?),
        ("reauthenticate-from-app", gallery.signed_in(&from_app)?),
        ("reauthenticate-empty", gallery.signed_in(&with(LoginProblem::PasswordMissing))?),
        ("reauthenticate-wrong", gallery.signed_in(&with(LoginProblem::WrongPassword))?),
        (
            "reauthenticate-no-way",
            gallery.signed_in(&Reauthenticate { password: false, ..from_app.clone() })?,
        ),
    ])
}

fn choose(gallery: &Gallery<'_>) -> Result<Rendered> {
    let plain = ChooseAccount {
        id: "01JD8Z0V5M3T6W8Y2A4C6E8G0J".to_owned(),
        app: element(),
        account: gallery.alice(),
        expected: None,
        only_another: false,
        create: false,
        keep: keep(),
    };
    let expected = ChooseAccount { expected: Some("bob".to_owned()), ..plain.clone() };
    let another = ChooseAccount { only_another: true, ..plain.clone() };
    let create = ChooseAccount { create: true, ..plain.clone() };
    Ok(vec![
        ("choose-account", gallery.signed_in(&plain)?),
        ("choose-account-expected", gallery.signed_in(&expected)?),
        ("choose-account-another", gallery.signed_in(&another)?),
        ("choose-account-create", gallery.signed_in(&create)?),
    ])
}

fn consent(gallery: &Gallery<'_>) -> Result<Rendered> {
    let ask = |app: App, scope: &str, redirect_uri: &str| {
        gallery.signed_in(&Consent {
            id: "01JD8Z0V5M3T6W8Y2A4C6E8G0J".to_owned(),
            app,
            account: gallery.alice(),
            permissions: Permission::of_scope(scope.split_whitespace()),
            next: Destination::of(&url(redirect_uri)),
            keep: keep(),
        })
    };
    let chat = "openid urn:matrix:client:api:* urn:matrix:client:device:AABBCCDDEE";
    let hostile =
        App::new(Some("<script>alert(1)</script>\u{202e} \"'><b>bold"), "c", Some(&url("https://a.example")));
    let long =
        "A client with a name that somebody has made as long as the form allows, and then some more of it";
    Ok(vec![
        ("consent", ask(element(), chat, "https://app.element.io/?no_universal_links=true")?),
        (
            "consent-admin",
            ask(
                admin_tool(),
                &format!("{chat} urn:synapse:admin:* urn:mas:admin"),
                "http://127.0.0.1:4180/callback",
            )?,
        ),
        (
            "consent-logo",
            // A picture that the samples have beside them stands for the app's.
            ask(
                App {
                    logo: Some(gallery.site.assets.icon.clone()),
                    policy_uri: Some("https://element.io/privacy".into()),
                    tos_uri: Some("https://element.io/terms".into()),
                    ..element()
                },
                &format!("{chat} profile email"),
                "https://app.element.io/",
            )?,
        ),
        (
            "consent-unknown",
            ask(
                nameless(),
                "email urn:mas:graphql:* https://example.org/scope/paint-it-black",
                "org.example.sketch:/callback",
            )?,
        ),
        ("consent-nothing", ask(nameless(), "", "https://xn--e1afmkfd.example/")?),
        (
            "consent-hostile",
            ask(
                hostile,
                "openid <img/src=x> urn:matrix:client:device:<b>AAAAAAAAA",
                "https://a.example/\"><script>",
            )?,
        ),
        (
            "consent-long",
            ask(
                App::new(Some(long), "c", None),
                chat,
                "https://a-very-long-host-name.of-a-very-large-organisation.with-departments.example.org/",
            )?,
        ),
    ])
}

fn compat_sso(gallery: &Gallery<'_>) -> Result<Rendered> {
    let ask = |redirect_uri: &str| {
        let redirect_uri = url(redirect_uri);
        gallery.signed_in(&CompatSso {
            id: "01JD8Z0V5M3T6W8Y2A4C6E8G0J".to_owned(),
            app: crate::pages::app_behind(&redirect_uri),
            account: gallery.alice(),
            next: Destination::of(&redirect_uri),
            keep: Continuation(
                [("kind", "continue_compat_sso_login"), ("id", "01JD8Z0V5M3T6W8Y2A4C6E8G0J")]
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .to_vec(),
            ),
        })
    };
    let long = "https://a-very-long-host-name.of-a-very-large-organisation.with-departments.example.org/";
    Ok(vec![
        ("compat-sso", ask("https://app.element.io/?no_universal_links=true")?),
        ("compat-sso-this-device", ask("http://localhost:40123/callback")?),
        ("compat-sso-scheme", ask("io.element.app:/callback")?),
        ("compat-sso-long", ask(long)?),
    ])
}

fn link(gallery: &Gallery<'_>) -> Result<Rendered> {
    let page =
        |code: &str, problem| gallery.anonymous(&Link::new("https://auth.example.org/link", code, problem)?);
    Ok(vec![
        ("link", page("", None)?),
        ("link-missing", page("", Some(LinkProblem::Missing))?),
        ("link-no-code", page("BCD", Some(LinkProblem::NoCode))?),
        ("link-unknown", page("bcd 3gx", Some(LinkProblem::Unknown))?),
        ("link-throttled", page("BCD3GX", Some(LinkProblem::throttled(Duration::from_secs(100))))?),
        ("link-expired", page("BCD3GX", Some(LinkProblem::FormExpired))?),
    ])
}

fn device(gallery: &Gallery<'_>) -> Result<Rendered> {
    let asked = Device {
        id: "01JD8Z0V5M3T6W8Y2A4C6E8G0J".to_owned(),
        app: element(),
        account: gallery.alice(),
        permissions: Permission::of_scope([
            "openid",
            "urn:matrix:client:api:*",
            "urn:matrix:client:device:AABBCCDDEE",
        ]),
        user_code: "BCD3GX".to_owned(),
        requester: Requester {
            name: Some("Firefox for Linux".to_owned()),
            kind: "pc",
            address: Some("203.0.113.7".to_owned()),
            minutes: 2,
            at: "2026-08-01T12:00:00Z".to_owned(),
        },
        problem: None,
        keep: Continuation(
            [("kind", "continue_device_code_grant"), ("id", "01JD8Z0V5M3T6W8Y2A4C6E8G0J")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
        ),
    };
    let silent = Requester {
        name: None,
        kind: "unknown",
        address: Some("2001:db8:85a3::8a2e:370:7334".to_owned()),
        minutes: 0,
        ..asked.requester.clone()
    };
    let admin = Device {
        app: admin_tool(),
        permissions: Permission::of_scope(["urn:synapse:admin:*", "urn:matrix:client:api:*"]),
        requester: silent,
        ..asked.clone()
    };
    let problem = |problem| gallery.signed_in(&Device { problem: Some(problem), ..asked.clone() });
    let done = |end: DeviceEnd| gallery.signed_in(&end.page(Some(element())));
    Ok(vec![
        ("device", gallery.signed_in(&asked)?),
        ("device-admin", gallery.signed_in(&admin)?),
        ("device-unconfirmed", problem(DeviceProblem::Unconfirmed)?),
        ("device-form-expired", problem(DeviceProblem::FormExpired)?),
        ("device-granted", done(DeviceEnd::Granted)?),
        ("device-rejected", done(DeviceEnd::Rejected)?),
        ("device-expired", done(DeviceEnd::Expired)?),
        ("device-unknown", gallery.anonymous(&DeviceEnd::Unknown.page(None))?),
    ])
}

fn refusal(gallery: &Gallery<'_>) -> Result<Rendered> {
    let refused = Refusal {
        app: Some(element()),
        account: gallery.alice(),
        grant_id: Some("01JD8Z0V5M3T6W8Y2A4C6E8G0J".to_owned()),
        need_to_remove: None,
        keep: keep(),
    };
    let too_many = Refusal { need_to_remove: Some(3), ..refused.clone() };
    let older = Refusal { app: None, grant_id: None, ..refused.clone() };
    Ok(vec![
        ("refusal", gallery.signed_in(&refused)?),
        ("refusal-too-many-sessions", gallery.signed_in(&too_many)?),
        ("refusal-older-sign-in", gallery.signed_in(&older)?),
        (
            "refusal-older-sign-in-one-session",
            gallery.signed_in(&Refusal { need_to_remove: Some(1), ..older.clone() })?,
        ),
    ])
}

fn endings(gallery: &Gallery<'_>) -> Result<Rendered> {
    let mxid = gallery.alice().mxid;
    let stopped = |reason| gallery.anonymous(&Stopped { reason, mxid: mxid.clone(), keep: keep() });
    let home = AppLink::new(&element(), &url("https://app.element.io/"));
    let spent = |reason| Spent {
        reason,
        app: Some(element()),
        deliver: None,
        again: Some(format!("{}/authorize?client_id=01JD8Z0V5M3T6W8Y2A4C6E8G0J", gallery.site.prefix)),
        home: home.clone(),
    };
    let ready = Spent { deliver: Some("01JD8Z0V5M3T6W8Y2A4C6E8G0J".to_owned()), ..spent(SpentReason::Ready) };
    let nowhere = Spent { app: None, again: None, home: None, ..spent(SpentReason::Expired) };
    let busy =
        Busy { again: format!("{}/authorize?client_id=01JD8Z0V5M3T6W8Y2A4C6E8G0J", gallery.site.prefix) };
    let why = "the redirect_uri of the request is not one that this client has registered";
    let params = [
        ("code", "Vb3xkTq9"),
        ("state", "\"><script>alert(1)</script>"),
        ("iss", "https://auth.example.org/"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let form_post = FormPost::new(&url("https://app.example.net/callback?x=1&y=2"), params.to_vec())
        .ok_or_else(|| Error::internal("the sample's address is one of the web"))?;
    Ok(vec![
        ("stopped-locked", stopped(StoppedReason::Locked)?),
        ("stopped-deactivated", stopped(StoppedReason::Deactivated)?),
        ("stopped-session-ended", stopped(StoppedReason::SessionEnded)?),
        ("spent-used", gallery.signed_in(&spent(SpentReason::Used))?),
        ("spent-expired", gallery.anonymous(&spent(SpentReason::Expired))?),
        ("spent-expired-elsewhere", gallery.anonymous(&nowhere)?),
        ("spent-cancelled", gallery.signed_in(&spent(SpentReason::Cancelled))?),
        ("spent-ready", gallery.signed_in(&ready)?),
        ("busy", gallery.anonymous(&busy)?),
        ("app-problem", gallery.anonymous(&AppProblem::new(why, None))?),
        ("app-problem-way", gallery.anonymous(&unvouched(Vec::new()))?),
        ("app-problem-way-form", gallery.anonymous(&unvouched(vec![("state".into(), "x".into())]))?),
        ("app-problem-known", gallery.anonymous(&AppProblem::new(why, home))?),
        ("form-post", gallery.anonymous(&form_post)?),
        ("not-found", gallery.anonymous(&NotFound {})?),
    ])
}

fn failures(gallery: &Gallery<'_>) -> Result<Rendered> {
    let fail = |error: Error, status| {
        gallery.anonymous(&ErrorPage::new(&error, status, "01JD8Z0V5M3T6W8Y2A4C6E8G0J"))
    };
    let why = |kind, sentence: &'static str| Error::new(kind, sentence);
    Ok(vec![
        (
            "error-refused",
            fail(why(Kind::Invalid, "the address lacks the parameter client_id"), StatusCode::BAD_REQUEST)?,
        ),
        ("error-not-found", fail(why(Kind::NotFound, "there is no such grant"), StatusCode::NOT_FOUND)?),
        ("error-moved-on", fail(why(Kind::Conflict, "this was answered already"), StatusCode::CONFLICT)?),
        (
            "error-throttled",
            fail(why(Kind::Throttled, "there were too many requests"), StatusCode::TOO_MANY_REQUESTS)?,
        ),
        (
            "error-unavailable",
            fail(Error::unavailable("the pool is closed"), StatusCode::SERVICE_UNAVAILABLE)?,
        ),
        ("error-internal", fail(Error::internal("a secret cause"), StatusCode::INTERNAL_SERVER_ERROR)?),
    ])
}

fn element() -> App {
    App::new(Some("Element Web"), "01JD8Z0V5M3T6W8Y2A4C6E8G0J", Some(&url("https://element.io/")))
}

fn admin_tool() -> App {
    App::new(Some("Server Console"), "01JD8Z0V5M3T6W8Y2A4C6E8G0J", Some(&url("https://console.example.org/")))
}

fn nameless() -> App {
    App::new(None, "01JD8Z0V5M3T6W8Y2A4C6E8G0J", None)
}

fn keep() -> Continuation {
    Continuation(
        [("kind", "continue_authorization_grant"), ("id", "01JD8Z0V5M3T6W8Y2A4C6E8G0J")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
    )
}

fn url(text: &str) -> Url {
    text.parse().expect("a literal address")
}

/// An app that nobody vouches for, and its own address.
fn unvouched(fields: Vec<(String, String)>) -> AppProblem {
    let place = url("https://app.element.io/callback");
    let way = Way::new(&place, place.to_string(), fields);
    AppProblem { app: Some(element()), way, ..AppProblem::new("only response_type=code is supported", None) }
}
