//! The body of `POST /login` of the legacy API.

use web::compat::{
    Problem,
    login_request::{LoginRequest, Offered, Way, Who, parse},
};

pub fn login_request(body: &[u8]) {
    let everything = Offered { passwords: true, emails: true };
    let request = parse(body, everything);
    for offered in [Offered { passwords: false, ..everything }, Offered { emails: false, ..everything }] {
        if let Ok(less) = parse(body, offered) {
            assert!(request.is_ok(), "what a server has less, it understands no more of");
            assert!(offered.passwords || matches!(less.way, Way::Token(_)));
            assert!(offered.emails || !matches!(less.way, Way::Password { who: Who::Email(_), .. }));
        }
    }
    match request {
        Ok(request) => is_kept(&request),
        Err(problem) => explains_itself(&problem),
    }
}

/// What it asks for can be stored, on both engines, and told to the homeserver.
fn is_kept(request: &LoginRequest) {
    if let Way::Password { who: Who::User(name) | Who::Email(name), .. } = &request.way {
        assert!(!name.contains('\0'));
    }
    if let Some(device) = &request.wanted.device {
        assert!((1..=255).contains(&device.as_str().len()) && !device.as_str().contains(char::is_control));
    }
    if let Some(name) = &request.wanted.device_name {
        assert!((1..=100).contains(&name.chars().count()) && !name.contains(char::is_control));
    }
}

fn explains_itself(problem: &Problem) {
    assert_eq!(problem.status.as_u16(), 400, "{problem:?}");
    let known =
        ["M_NOT_JSON", "M_BAD_JSON", "M_UNKNOWN", "M_INVALID_PARAM", "M_APPSERVICE_LOGIN_UNSUPPORTED"];
    assert!(known.contains(&problem.errcode) && problem.error.len() > 10, "{problem:?}");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::tests::always_the_same;

    /// Bodies whose members are mostly of the right kind.
    fn document() -> impl Strategy<Value = Map<String, Value>> {
        let text = "(m\\.login\\.(password|token|application_service|dummy)|[a-zA-Zé@:.\\x00\\n ]{0,12})";
        let identifier = ("m\\.id\\.(user|thirdparty|phone)", "[a-zé@.\\x00]{0,8}", "(email|msisdn)").prop_map(
            |(kind, name, medium)| json!({ "type": kind, "user": name, "medium": medium, "address": name }),
        );
        let value = prop_oneof![
            4 => text.prop_map(Value::from),
            3 => identifier,
            1 => any::<bool>().prop_map(Value::from),
            1 => Just(json!(null)),
            1 => any::<i64>().prop_map(Value::from),
        ];
        let name =
            "(type|identifier|user|password|token|device_id|initial_device_display_name|refresh_token|x)";
        prop::collection::vec((name, value), 0..8).prop_map(|members| members.into_iter().collect())
    }

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn nearly_good_bodies(mut document in document(), kind in "m\\.login\\.(password|token)") {
            login_request(Value::Object(document.clone()).to_string().as_bytes());
            document.insert("type".into(), kind.into());
            login_request(Value::Object(document).to_string().as_bytes());
        }

        #[test]
        fn good_bodies_are_read(name in "[^\\x00]{0,20}", password in "[^\\x00]{0,20}", device in "[ -~]{1,255}") {
            let identifier = json!({ "type": "m.id.user", "user": name });
            let body = json!({
                "type": "m.login.password", "identifier": identifier, "password": password, "device_id": device,
            });
            let request = parse(body.to_string().as_bytes(), Offered { passwords: true, emails: false }).unwrap();
            let Way::Password { who, password: read } = &request.way else { panic!("{request:?}") };
            prop_assert_eq!(who, &Who::User(name));
            prop_assert_eq!(read.expose(), &password);
            prop_assert_eq!(request.wanted.device.as_ref().unwrap().as_str(), device);
        }

        /// Neither in answers nor in logs.
        #[test]
        fn what_was_typed_is_not_repeated(secret in "[a-z]{12}", member in "(password|token|user|device_id)") {
            for body in [json!({ "type": "m.login.password", member: [secret] }), json!([secret])] {
                let problem = parse(body.to_string().as_bytes(), Offered { passwords: true, emails: true });
                let problem = problem.unwrap_err();
                let shown = format!("{problem:?}");
                prop_assert!(!shown.contains(&secret), "{}", shown);
            }
        }
    }
}
