#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| probes::run("login_request", bytes));
