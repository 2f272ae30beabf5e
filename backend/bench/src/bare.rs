//! The bare loop that password sign-ins are compared with: the same Argon2 parameters, a thread per core, working
//! memory kept from one hash to the next, and nothing else.

use std::{
    hint::black_box,
    thread,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Block, Params, Version};

/// Hashes per second of all cores together.
pub fn hashes_per_second(time: Duration) -> f64 {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let began = Instant::now();
    let hashes: u32 = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(|| hash_until(began + time))).collect();
        running.into_iter().map(|thread| thread.join().expect("hashing does not panic")).sum()
    });
    f64::from(hashes) / began.elapsed().as_secs_f64()
}

fn hash_until(end: Instant) -> u32 {
    // As low as the server's hashing threads, so that whatever else the machine does takes as much from both.
    rustix::process::setpriority_process(None, 19).expect("lowering one's own priority is allowed");
    // RFC 9106's algorithm with the parameters of `domain::passwords`.
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
    let mut memory = vec![Block::new(); Params::DEFAULT.block_count()];
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    let mut hashes = 0;
    while Instant::now() < end {
        argon2
            .hash_password_into_with_memory(b"a password", &[7; 16], &mut output, &mut memory)
            .expect("parameters and lengths are right");
        black_box(&output);
        hashes += 1;
    }
    hashes
}
