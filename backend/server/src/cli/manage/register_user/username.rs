//! Which usernames can be had.

use domain::{
    homeserver::{Availability, Homeserver},
    users,
};
use kernel::{
    Result,
    config::MatrixConfig,
    name::{LONGEST_USER_ID, is_allowed_in_localpart},
};
use store::Db;

use crate::assembly;

pub struct Names {
    db: Db,
    homeserver: Homeserver,
    server: String,
}

/// `@alice:example.com` is read as `alice`, whatever the server.
pub fn localpart(typed: &str) -> &str {
    let name = typed.trim().trim_start_matches('@');
    name.split_once(':').map_or(name, |(name, _)| name)
}

impl Names {
    pub fn new(db: Db, matrix: &MatrixConfig) -> Result<Self> {
        Ok(Self { db, homeserver: assembly::homeserver(matrix)?, server: matrix.homeserver.clone() })
    }

    pub fn server(&self) -> &str {
        &self.server
    }

    pub fn user_id(&self, localpart: &str) -> String {
        format!("@{localpart}:{}", self.server)
    }

    /// Why an account of that name cannot be made; `None` if it can. Asks the homeserver last.
    pub async fn objection(&self, name: &str) -> Result<Option<String>> {
        if name.is_empty() {
            return Ok(Some("the username is empty".into()));
        }
        if users::by_username(&self.db.read, name).await?.is_some() {
            return Ok(Some(format!("the username {name} is taken")));
        }
        if !name.chars().all(is_allowed_in_localpart) {
            return Ok(Some(format!(
                "{name:?} is no username: use the characters a-z, 0-9, and . = _ / + -"
            )));
        }
        if self.user_id(name).chars().count() > LONGEST_USER_ID {
            return Ok(Some(format!(
                "the Matrix ID has more than {LONGEST_USER_ID} characters: choose a shorter name"
            )));
        }
        Ok(match self.homeserver.availability(name).await? {
            Availability::Available => None,
            Availability::Unavailable => Some(format!(
                "the homeserver refuses the username {name}: it is taken or reserved there, or not allowed"
            )),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_matrix_id_is_understood() {
        for typed in ["alice", "@alice", "@@alice", "alice:example.com", "@alice:example.com:8448", " alice "]
        {
            assert_eq!(localpart(typed), "alice", "{typed}");
        }
        assert_eq!(localpart("@:example.com"), "");
    }
}
