//! What people meet on the way from an app to their account and back, and what strangers may try there.

mod authorize;
mod consent;
mod cookies;
mod device;
mod sign_in;
