#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| probes::run("claims_request", bytes));
