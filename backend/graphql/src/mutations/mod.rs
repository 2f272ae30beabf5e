//! What can be changed: one object, put together from one file per subject.

mod account;
pub(crate) mod administered;
mod administration;
mod email;
mod password;
mod personal;
mod proof;
mod sessions;

use async_graphql::MergedObject;

#[derive(Default, MergedObject)]
pub struct Mutation(
    email::Emails,
    password::Passwords,
    account::Accounts,
    administration::Administration,
    sessions::Sessions,
    personal::PersonalSessions,
);
