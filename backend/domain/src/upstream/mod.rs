//! Accounts at other providers. Signing in with them is still to come; links can be made and taken away.

pub mod links;
