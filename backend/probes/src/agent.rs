//! `User-Agent`.

use domain::agent::{Agent, describe};

pub fn agent(text: &str) {
    let agent = Agent::parse(text);
    for word in
        [&agent.name, &agent.version, &agent.os, &agent.os_version, &agent.model].into_iter().flatten()
    {
        assert!(!word.trim().is_empty(), "what is not told is None, in {agent:?}");
    }
    assert!(!describe(text).trim().is_empty(), "a device has a name");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tests::always_the_same;

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn whatever_an_app_calls_itself(
            text in "[A-Za-z ]{0,12}(/[0-9.]{0,8})? ?(\\([A-Za-z0-9;:/. ]{0,40}\\)?)?.{0,20}",
            long in "[a-zé]{1000,1100}",
        ) {
            agent(&text);
            agent(&long);
        }
    }
}
