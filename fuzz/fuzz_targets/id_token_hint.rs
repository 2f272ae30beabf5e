#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| probes::run("id_token_hint", bytes));
