//! Tests of `game/standings.rs`.

use clickoff::game::{Player, PlayerId, Standings, Window};

fn player(id: i64, score: i64) -> Player {
    Player {
        id: PlayerId(id),
        name: format!("p{id}"),
        score,
        ..Player::default()
    }
}

#[test]
fn equal_scores_share_a_rank_and_keep_their_order() {
    let s = Standings::new(vec![player(3, 5), player(1, 5), player(2, 9), player(4, 1)]);
    let ids: Vec<i64> = s.iter().map(|p| p.id.0).collect();
    assert_eq!(ids, [2, 1, 3, 4]);
    let ranks: Vec<usize> = s.iter().map(|p| s.rank_of_score(p.score)).collect();
    assert_eq!(ranks, [1, 2, 2, 4]);
    let within = |low, high| -> Vec<(i64, usize)> {
        let ranks = s.ranks_within(low, high).into_iter();
        ranks.map(|(id, rank)| (id.0, rank)).collect()
    };
    assert_eq!(within(i64::MIN, i64::MAX), [(2, 1), (1, 2), (3, 2), (4, 4)]);
    assert_eq!(within(1, 5), [(1, 2), (3, 2), (4, 4)]);
    assert_eq!(within(2, 4), []);
}

#[test]
fn a_new_score_moves_the_player() {
    let mut s = Standings::new(vec![player(1, 1), player(2, 2), player(3, 3)]);
    s.put(&player(1, 10));
    assert_eq!(s.position(PlayerId(1)), Some(0));
    assert_eq!(s.len(), 3);
    assert_eq!(s.remove(PlayerId(2)).map(|p| p.score), Some(2));
    assert_eq!(s.get(PlayerId(2)), None);
}

#[test]
fn a_player_who_stays_in_place_is_replaced_as_a_whole() {
    let mut s = Standings::new(vec![player(1, 9), player(2, 5), player(3, 1)]);
    let changed = Player {
        id: PlayerId(2),
        name: "Ada".into(),
        email: "ada@example.org".into(),
        score: 6,
    };
    s.put(&changed);
    assert_eq!(s.position(PlayerId(2)), Some(1));
    assert_eq!(s.get(PlayerId(2)), Some(&changed));
}

#[test]
fn the_edges_of_a_window_stay_where_others_cannot_be_in_between() {
    let ids = |s: &Standings| -> Vec<i64> { s.iter().map(|p| p.id.0).collect() };
    let window = || Window {
        above: 3,
        higher: 3,
        players: (0..4).map(|n| player(n, 100 - 10 * n)).collect(),
        below: 5,
    };
    let mut s = Standings::windowed(window());
    s.put(&player(3, 71));
    assert_eq!(ids(&s), [0, 1, 2, 3], "who rises at the lower edge stays");
    s.put(&player(3, 60));
    assert_eq!(
        (ids(&s), s.len()),
        (vec![0, 1, 2], 12),
        "who falls there may be further down"
    );
    s.put(&player(0, 101));
    assert_eq!(
        (ids(&s), s.here()),
        (vec![1, 2], 4..6),
        "somebody may have had 100"
    );
    s.put(&player(1, 99));
    assert_eq!(
        (ids(&s), s.here()),
        (vec![1, 2], 4..6),
        "nobody above has less than 100"
    );
    assert_eq!(s.rank_of_score(99), 5);
    s.put(&player(1, 100));
    assert_eq!((ids(&s), s.here()), (vec![2], 5..6));
    s.put(&player(2, 98));
    assert_eq!((ids(&s), s.rank_of_score(98)), (vec![2], 6));
    let mut s = Standings::windowed(window());
    s.put(&player(2, 500));
    s.put(&player(0, 101));
    assert_eq!(
        ids(&s),
        [1, 3],
        "those above had at least 100, and so may have 101"
    );
}
