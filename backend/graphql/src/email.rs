//! E-mail addresses, and those that are being added.

use async_graphql::{ID, Object};
use domain::{account::emails, users::email_authentications::EmailAuthentication};

use crate::{node_id, paging, scalars::DateTime};

/// As cursors name it.
pub const CURSOR: &str = "UserEmail";

#[derive(Clone, Debug)]
pub struct UserEmail(pub emails::UserEmail);

impl UserEmail {
    pub fn edge(email: emails::UserEmail) -> (String, Self) {
        (paging::cursor(CURSOR, email.id), Self(email))
    }
}

#[Object]
impl UserEmail {
    pub async fn id(&self) -> ID {
        node_id::of(node_id::USER_EMAIL, self.0.id)
    }

    async fn email(&self) -> &String {
        &self.0.email
    }

    pub async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    #[graphql(deprecation = "Equals createdAt.")]
    async fn confirmed_at(&self) -> Option<DateTime> {
        Some(DateTime(self.0.created_at))
    }
}

/// An address that is being added: a code is on its way.
#[derive(Clone, Debug)]
pub struct UserEmailAuthentication(pub EmailAuthentication);

#[Object]
impl UserEmailAuthentication {
    pub async fn id(&self) -> ID {
        node_id::of(node_id::USER_EMAIL_AUTHENTICATION, self.0.id)
    }

    pub async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    async fn completed_at(&self) -> Option<DateTime> {
        self.0.completed_at.map(DateTime)
    }

    async fn email(&self) -> &String {
        &self.0.email
    }
}
