//! Rules for new accounts.

use kernel::name::{LONGEST_USER_ID, is_allowed_in_localpart};

use super::{Code, Field, Violation, data::Rules, email, input::Register};

pub(super) fn violations(rules: &Rules, input: &Register) -> Vec<Violation> {
    let mut violations = username(rules, input.username);
    if let Some(address) = input.email {
        violations.extend(email::violations(rules, address).into_iter().map(|v| v.at(Field::Email)));
    }
    violations.extend(rules.requester.ban(&input.requester));
    violations
}

fn username(rules: &Rules, name: &str) -> Vec<Violation> {
    let mxid_length = "@:".len() + name.chars().count() + rules.server_name.chars().count();
    let numeric = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    let checks = [
        (name.is_empty(), Code::UsernameTooShort, "username is empty"),
        (
            mxid_length > LONGEST_USER_ID,
            Code::UsernameTooLong,
            "username is too long: the user ID has more than 255 characters",
        ),
        (
            name.is_empty() || !name.chars().all(is_allowed_in_localpart),
            Code::UsernameInvalidChars,
            "username may only contain the characters a-z, 0-9, and . = _ / + -",
        ),
        (numeric, Code::UsernameAllNumeric, "username must not consist of digits alone"),
        (
            rules.banned_usernames.matches(name),
            Code::UsernameBanned,
            "username is not available on this server",
        ),
        (
            rules.allowed_usernames.as_ref().is_some_and(|allowed| !allowed.matches(name)),
            Code::UsernameNotAllowed,
            "username is not one that this server allows",
        ),
    ];
    let fired = checks.into_iter().filter(|(fires, ..)| *fires);
    fired.map(|(_, code, msg)| Violation::coded(code, msg).at(Field::Username)).collect()
}
