//! Whether the homeserver takes our word: told to the operator once each time that this changes.

use std::sync::{Mutex, PoisonError};

use reqwest::StatusCode;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was asked yet.
    #[default]
    Unknown,
    Accepted,
    /// The secret is another one there.
    SecretRefused,
    /// What answers has no such interface.
    NotServed,
}

/// The standing of the last call.
#[derive(Debug, Default)]
pub struct Watch(Mutex<Standing>);

impl Standing {
    /// By the answer to any call. `errcode` is empty where the answer was not in the words of the Matrix specification.
    pub fn of(status: StatusCode, errcode: &str) -> Self {
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::SecretRefused,
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED if errcode != "M_NOT_FOUND" => {
                Self::NotServed
            }
            _ => Self::Accepted,
        }
    }

    /// What the operator has to do.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Unknown | Self::Accepted => "nothing",
            Self::SecretRefused => {
                "the homeserver refuses the shared secret: matrix.secret must be the one that its own configuration \
                 has (matrix_authentication_service.secret, or admin_token for kind synapse_legacy)"
            }
            Self::NotServed => {
                "what answers at matrix.endpoint does not know the call: does the address lead to Synapse's client \
                 listener, and is matrix_authentication_service enabled there?"
            }
        }
    }
}

impl Watch {
    pub fn note(&self, now: Standing) {
        match self.changed(now) {
            Some(Standing::SecretRefused | Standing::NotServed) => tracing::error!("{}", now.advice()),
            Some(_) => tracing::info!("The homeserver takes our calls again"),
            None => {}
        }
    }

    /// What is worth telling: each trouble when it begins, and that it is over.
    fn changed(&self, now: Standing) -> Option<Standing> {
        let mut standing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *standing, now);
        let is_first_word = before == Standing::Unknown && now == Standing::Accepted;
        (before != now && !is_first_word).then_some(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_is_told_of_once() {
        use Standing::*;
        let watch = Watch::default();
        for (now, told) in [
            (Accepted, false),
            (Accepted, false),
            (SecretRefused, true),
            (SecretRefused, false),
            (NotServed, true),
            (Accepted, true),
            (Accepted, false),
            (SecretRefused, true),
        ] {
            assert_eq!(watch.changed(now), told.then_some(now), "{now:?}");
        }
    }

    #[test]
    fn an_unknown_user_is_no_unknown_interface() {
        let of = |status: u16, errcode| Standing::of(StatusCode::from_u16(status).unwrap(), errcode);
        for (status, errcode, expected) in [
            (200, "", Standing::Accepted),
            (400, "M_USER_IN_USE", Standing::Accepted),
            (404, "M_NOT_FOUND", Standing::Accepted),
            (404, "", Standing::NotServed),
            (404, "M_UNRECOGNIZED", Standing::NotServed),
            (405, "M_UNRECOGNIZED", Standing::NotServed),
            (401, "M_UNKNOWN_TOKEN", Standing::SecretRefused),
            (403, "M_UNKNOWN", Standing::SecretRefused),
        ] {
            assert_eq!(of(status, errcode), expected, "{status} {errcode}");
        }
    }
}
