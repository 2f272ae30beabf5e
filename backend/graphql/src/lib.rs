//! The account API at `/graphql`: what people see of their account and do with it, for the account app, and with an operator's
//! leave for other programs.
//!
//! A request passes [`endpoint`] (who asks, from where, how much), then the objects, one file each, which ask `domain`. Names
//! and statuses are those of MAS; `schema.graphql` at the top of the repository is written by [`sdl`].
//!
//! Invariants: an object that can be reached has been allowed to be seen, so its own fields need no check; every list is
//! paged, and what the nodes of a list need is fetched together ([`loads`]); no error tells a cause.

#![expect(clippy::too_many_arguments, reason = "a field's arguments are its method's")]

mod app_session;
mod asking;
mod browser_session;
mod client;
mod email;
mod endpoint;
mod extent;
mod fault;
mod loads;
mod mutations;
mod node;
mod node_id;
mod paging;
mod personal_session;
pub mod playground;
mod query;
mod recovery;
mod scalars;
mod security_event;
mod shared;
mod sign_in;
mod site_config;
mod text;
mod upstream;
mod user;

use std::sync::LazyLock;

use async_graphql::{EmptySubscription, Schema};

pub use endpoint::{Access, routes};
pub use playground::Playground;

type Account = Schema<query::Query, mutations::Mutation, EmptySubscription>;

/// What one request may cost: each field one, each list some more, and what is asked of its nodes as often as there may be.
const MOST_COMPLEX: usize = 3_000;

static SCHEMA: LazyLock<Account> = LazyLock::new(|| {
    Schema::build(query::Query, mutations::Mutation::default(), EmptySubscription)
        .register_output_type::<fault::ErrorCode>()
        .register_output_type::<node::Node>()
        .register_output_type::<node::CreationEvent>()
        .limit_complexity(MOST_COMPLEX)
        .limit_directives(8)
        .finish()
});

/// The schema in the schema definition language, as it is kept in `schema.graphql`.
pub fn sdl() -> String {
    let introduction = "\
        # Written by `mas-cli graphql schema`; names follow the API that this service replaces, and what is marked\n\
        # \"Latchkey\" comes on top. Lists come in pages: `first` with `after` goes on, `last` with `before` goes back, at most\n\
        # 100 at a time. Every error carries `extensions.code`, one of the values of `ErrorCode`; `extensions.retryAfter`, in\n\
        # seconds, stands beside `RATE_LIMITED`.\n\n";
    format!("{introduction}{}\n", SCHEMA.sdl().trim_end())
}
