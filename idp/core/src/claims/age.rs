//! Ages in Asia/Tokyo.

use super::super::time::Day;

/// Completed years on a day.
pub fn years(_born: Day, _today: Day) -> i32 {
    0
}
