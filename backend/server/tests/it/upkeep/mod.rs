//! What the service does by itself: noting when sessions were used, ending those that are not, and tidying up.

mod activity;
mod clean_up;
mod inactivity;
pub mod leftovers;
mod pruning;
mod refused_refresh;
mod schedules;

use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);
