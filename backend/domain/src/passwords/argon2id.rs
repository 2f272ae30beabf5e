//! Argon2id (RFC 9106) as PHC strings, 19 MiB, two passes, one lane; the pepper is Argon2's secret input.

use std::mem::MaybeUninit;

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Ident, Output, ParamsString, PasswordHash, Salt},
};
use kernel::{Error, Result, Secret};

/// A thread's working memory, kept from one hash to the next: asking the system for 19 MiB of zeroes each time
/// costs several percent of the hash.
#[derive(Default)]
pub(super) struct Memory(Vec<Block>);

impl Memory {
    fn blocks(&mut self, needed: usize) -> &mut [Block] {
        if self.0.len() < needed {
            self.0 = Vec::with_capacity(needed);
            prefer_huge_pages(self.0.spare_capacity_mut());
            self.0.resize(needed, Block::new());
        }
        &mut self.0
    }
}

/// Argon2 jumps about in its memory, so that finding small pages costs it a fifteenth of its time. Where the system
/// does not know the advice, all goes on as without it.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "there is no safe way to give this advice")]
fn prefer_huge_pages(memory: &mut [MaybeUninit<Block>]) {
    const HUGE: usize = 2 << 20;
    let range = memory.as_mut_ptr_range();
    let skip = range.start.addr().next_multiple_of(HUGE) - range.start.addr();
    let usable = size_of_val(memory).saturating_sub(skip) / HUGE * HUGE;
    if usable > 0 {
        // SAFETY: what lies between is ours, and this advice does not change what any memory holds.
        let _ = unsafe {
            rustix::mm::madvise(range.start.byte_add(skip).cast(), usable, rustix::mm::Advice::LinuxHugepage)
        };
    }
}

#[cfg(not(target_os = "linux"))]
fn prefer_huge_pages(_: &mut [MaybeUninit<Block>]) {}

pub(super) fn hash(password: &[u8], pepper: &[u8], salt: [u8; 16], memory: &mut Memory) -> Result<String> {
    let (version, params) = (Version::V0x13, Params::DEFAULT);
    let context = context(pepper, Algorithm::Argon2id, version, params.clone())?;
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    run(&context, password, &salt, &mut output, memory)?;
    let phc = PasswordHash {
        algorithm: Ident::from(Algorithm::Argon2id),
        version: Some(version.into()),
        params: ParamsString::try_from(params).map_err(Error::internal)?,
        salt: Some(Salt::new(&salt).map_err(Error::internal)?),
        hash: Some(Output::new(&output).map_err(Error::internal)?),
    };
    Ok(phc.to_string())
}

/// Verifies with the parameters that the stored hash names, which may be other than today's.
pub(super) fn verify(stored: &str, password: &[u8], pepper: &[u8], memory: &mut Memory) -> Result<bool> {
    let phc = PasswordHash::new(stored).map_err(Error::internal)?;
    let algorithm = Algorithm::new(phc.algorithm.as_str()).map_err(Error::internal)?;
    let version = phc.version.map_or(Ok(Version::V0x10), Version::try_from).map_err(Error::internal)?;
    let params = Params::try_from(&phc).map_err(Error::internal)?;
    let (Some(salt), Some(expected)) = (&phc.salt, &phc.hash) else {
        return Err(Error::internal("the stored hash lacks salt or output"));
    };
    let context = context(pepper, algorithm, version, params)?;
    let mut output = vec![0; expected.len()];
    run(&context, password, salt, &mut output, memory)?;
    Ok(Secret::new(output).matches(expected))
}

fn context(pepper: &[u8], algorithm: Algorithm, version: Version, params: Params) -> Result<Argon2<'_>> {
    Argon2::new_with_secret(pepper, algorithm, version, params).map_err(Error::internal)
}

fn run(
    context: &Argon2<'_>,
    password: &[u8],
    salt: &[u8],
    output: &mut [u8],
    memory: &mut Memory,
) -> Result<()> {
    let blocks = memory.blocks(context.params().block_count());
    context.hash_password_into_with_memory(password, salt, output, blocks).map_err(Error::internal)
}
