//! Tests of `game/standings.rs`.

use clickoff::game::{Player, PlayerId, Standings};

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
    s.put(player(1, 10));
    assert_eq!(s.position(PlayerId(1)), Some(0));
    assert_eq!(s.len(), 3);
    assert_eq!(s.remove(PlayerId(2)).map(|p| p.score), Some(2));
    assert_eq!(s.get(PlayerId(2)), None);
}
