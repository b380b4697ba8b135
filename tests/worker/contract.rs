//! The fake store follows the store contract for players and presses. What it reports of changes,
//! history and races is set by the test.

use crate::counting::{self, Stores};
use crate::fake::Fake;

impl Stores for Fake {
    type Store = Self;

    const MOST: i64 = i64::MAX;

    fn store(&self) -> Self {
        self.clone()
    }
}

macro_rules! kept {
    ($($clause:ident),* $(,)?) => {
        $(#[tokio::test]
        async fn $clause() {
            counting::$clause(Fake::default()).await;
        })*
    };
}

kept!(
    players_come_change_and_go_with_any_name,
    an_edit_leaves_the_score_alone,
    the_same_total_said_twice_counts_once,
    a_client_has_one_row_a_player,
    a_client_sees_all_that_differ_in_the_last_48_bits,
    clients_add_up,
    nobody_inherits_the_presses_of_one_who_is_gone,
    a_score_that_is_full_stays_as_it_is,
    a_retired_client_is_forgotten,
    many_are_counted_at_once_and_said_again_count_once,
    one_who_is_gone_does_not_keep_others_from_counting,
    a_full_score_does_not_keep_others_from_counting,
);
