use super::*;

const SSO: Login = Login::Sso { redirect_uri: "https://example.com/" };

fn ask(policy: &Policy, login: Login, total: u32, session_replaced: bool) -> Vec<Violation> {
    policy.compat_login(&CompatLogin {
        user: user("alice"),
        session_counts: SessionCounts { total, ..Default::default() },
        session_replaced,
        login,
        requester: requester(Some("192.0.2.1"), None),
    })
}

fn to_remove(login: Login, total: u32) -> Option<Code> {
    ask(&limited(LIMIT), login, total, false).first().and_then(|violation| violation.code)
}

#[test]
fn the_browser_has_the_soft_limit_and_the_api_the_hard_one() {
    for login in [Login::Password, Login::Token] {
        assert_eq!(to_remove(login, 63), None);
        assert_eq!(to_remove(login, 64), Some(Code::TooManySessions { need_to_remove: 1 }));
    }
    assert_eq!(to_remove(SSO, 31), None);
    assert_eq!(to_remove(SSO, 65), Some(Code::TooManySessions { need_to_remove: 34 }));
}

#[test]
fn a_replaced_session_takes_no_room() {
    for login in [SSO, Login::Password, Login::Token] {
        assert_eq!(ask(&limited(LIMIT), login, 1000, true), []);
    }
}

#[test]
fn without_a_limit_or_above_the_threshold_there_is_none() {
    let exempt = limited(SessionLimit { max_session_threshold: Some(99), ..LIMIT });
    for login in [SSO, Login::Password, Login::Token] {
        assert_eq!(ask(&policy(json!({})), login, 1000, false), []);
        assert_eq!(ask(&exempt, login, 100, false), []);
        assert_eq!(ask(&exempt, login, 99, false).len(), 1);
    }
}

#[test]
fn a_banned_requester_is_refused() {
    let banned = |ip: &str| policy(json!({"requester": {"banned_ips": [ip]}}));
    assert_eq!(codes(&ask(&banned("192.0.2.0/24"), SSO, 0, true)), ["-"]);
    assert_eq!(ask(&banned("192.0.3.0/24"), SSO, 0, true), []);
}
