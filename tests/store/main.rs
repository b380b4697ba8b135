//! The store contract on every database, and tests of what is special to each.

mod certificates;
mod contract;
mod faults;
mod foreign;
mod forged;
mod forgetting;
mod galera;
mod generations;
mod hostile_roles;
mod hosts;
mod overruled;
mod pairs;
mod pgbouncer;
mod places;
mod postgresql;
mod races;
mod refused;
mod rogue;
mod roles;
mod servers;
mod settings;
mod sqlite_files;
#[path = "../support/database.rs"]
mod support;
mod unwritable;

use std::path::PathBuf;

use clickoff::store::{AnyStore, Target};
use contract::Place;
use places::Served;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

/// A SQLite file in a directory of its own.
struct Sqlite {
    directory: tempfile::TempDir,
}

impl Sqlite {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().expect("a temporary directory"),
        }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("game.db")
    }

    async fn connection(&self) -> sqlx::SqliteConnection {
        SqliteConnectOptions::new()
            .filename(self.path())
            .create_if_missing(true)
            .connect()
            .await
            .expect("a connection")
    }
}

impl Place for Sqlite {
    const MOST: i64 = 4_000_000_000_000_000_000;

    fn store(&self) -> AnyStore {
        AnyStore::new(Target::Sqlite(self.path()))
    }

    async fn sql(&self, text: &'static str) {
        let mut conn = self.connection().await;
        sqlx::raw_sql(text).execute(&mut conn).await.expect(text);
        conn.close().await.expect("closed");
    }

    async fn number(&self, text: &'static str) -> i64 {
        let mut conn = self.connection().await;
        let number = sqlx::query_scalar(text).fetch_one(&mut conn).await;
        conn.close().await.expect("closed");
        number.expect(text)
    }
}

/// One test for each clause of the contract, on every database. A place that is not to be had has
/// said so, and where it must be had the test has failed.
macro_rules! contract {
    ([$($clause:ident),* $(,)?]) => {
        contract!(@on sqlite, Some(Sqlite::new()), $($clause)*);
        contract!(@on postgres, places::Postgres::new(), $($clause)*);
        contract!(@on mariadb, places::MariaDb::new(), $($clause)*);
        contract!(@on pooled, places::Postgres::pooled(), $($clause)*);
    };
    (@on $module:ident, $place:expr, $($clause:ident)*) => {
        mod $module {
            use super::*;

            #[tokio::test(flavor = "multi_thread")]
            async fn a_fresh_database_is_empty_and_has_a_name_of_its_own() {
                if let (Some(here), Some(there)) = ($place, $place) {
                    contract::a_fresh_database_is_empty_and_has_a_name_of_its_own(here, there)
                        .await;
                }
            }

            $(#[tokio::test(flavor = "multi_thread")]
            async fn $clause() {
                if let Some(place) = $place {
                    contract::$clause(place).await;
                }
            })*
        }
    };
}

contract!([
    players_come_change_and_go_with_any_name,
    another_programs_table_of_our_name_is_left_alone,
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
    groups_at_once_add_up_exactly,
    many_are_counted_at_once_within_a_limit,
    a_client_that_is_not_heard_of_for_90_days_is_forgotten,
    many_are_forgotten_a_few_at_a_time,
    a_late_letter_is_counted_once_or_said_to_be_too_late,
    nobody_is_forgotten_while_a_letter_comes,
    what_others_change_is_seen_and_nothing_else,
    another_programs_writes_are_seen,
    nulls_and_broken_text_are_read_as_what_they_mean,
    writers_at_once_add_up_exactly,
    a_fresh_database_may_be_opened_by_many_at_once,
    a_sprint_is_kept_only_if_it_is_better,
    a_sprint_is_of_presses_that_its_session_counted_in_its_time,
    a_board_has_so_many_places_and_the_earlier_of_equals_first,
    sprints_go_with_their_player,
    a_broken_trace_is_a_sprint_without_a_ghost,
    of_a_racer_who_is_done_the_trace_is_kept_that_adds_up,
    a_racers_broken_trace_is_none,
    those_who_open_a_race_at_once_race_together,
    a_race_is_joined_until_it_starts_and_once_by_each,
    a_race_believes_committed_presses_alone,
    a_race_believes_no_press_over_the_limit,
    a_race_is_closed_once_and_never_changes_again,
    a_race_is_closed_late_by_whoever_comes,
    the_last_races_are_kept_with_the_names_of_their_time,
    of_older_races_only_the_results_are_kept_and_not_without_end,
    a_score_is_the_sum_of_its_history_whoever_writes,
    points_stand_in_the_quarter_hour_they_were_scored_in,
    the_points_of_a_period_come_with_the_scores_of_the_same_moment,
    what_other_programs_overwrite_is_recorded,
    scores_from_before_clickoff_are_the_beginning_of_their_history,
    a_history_tells_of_sprints_and_of_closed_races_with_the_best_of_the_others,
    a_later_migration_is_made_once_and_keeps_what_is_there,
    a_database_of_a_development_build_is_refused_and_left_alone,
    rules_are_kept_and_told_at_the_opening,
    what_is_over_the_limit_is_refused_and_said_again,
    what_was_not_used_may_be_used_later_and_no_more,
    a_full_score_stays_within_a_limit_too,
    no_client_slips_past_a_limit,
    writers_over_a_limit_add_up_exactly,
    any_window_is_the_same_part_of_the_ranking,
    who_passes_the_middle_of_a_window_while_it_is_read_is_in_it,
    a_page_begins_behind_the_one_before,
    the_ranking_follows_whoever_writes,
    a_search_finds_what_the_filter_does,
    a_search_finds_no_more_than_the_best,
    players_are_found_by_their_exact_names,
    a_look_tells_no_more_changes_than_are_wanted,
    a_database_is_opened_with_the_first_of_its_players,
    a_period_tells_its_best_and_where_one_more_stands,
]);
