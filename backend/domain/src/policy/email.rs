//! Rules for e-mail addresses. That it is an address at all is checked elsewhere.

use super::{Code, Violation, data::Rules};

pub(super) fn violations(rules: &Rules, address: &str) -> Vec<Violation> {
    let domain = domain(address);
    let listed = |globs: &super::patterns::Globs| domain.is_some_and(|domain| globs.matches(domain));
    let checks = [
        (
            rules.allowed_domains.as_ref().is_some_and(|allowed| !listed(allowed)),
            Code::EmailDomainNotAllowed,
            "email domain is not one that this server allows",
        ),
        (listed(&rules.banned_domains), Code::EmailDomainBanned, "email domain is banned on this server"),
        (
            rules.allowed_addresses.as_ref().is_some_and(|allowed| !allowed.matches(address)),
            Code::EmailNotAllowed,
            "email address is not one that this server allows",
        ),
        (
            rules.banned_addresses.matches(address),
            Code::EmailBanned,
            "email address is banned on this server",
        ),
    ];
    let fired = checks.into_iter().filter(|(fires, ..)| *fires);
    fired.map(|(_, code, msg)| Violation::coded(code, msg)).collect()
}

/// An address with several `@` (in a quoted local part) has no domain that the globs could be asked about.
fn domain(address: &str) -> Option<&str> {
    address.split_once('@').map(|(_, domain)| domain).filter(|domain| !domain.contains('@'))
}
