//! What the service promises to those who use it: at the command line and over HTTP.

mod cli;
