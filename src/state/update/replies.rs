//! What each answer of the worker does.

use std::time::Instant;

use super::{State, count_presses, editing::failed, race, short, sprint, suspend, times::Ranked};
use crate::game::{MOVED, Player, PlayerId, Standings, Window};
use crate::message::{BrokenKind, Change, Command, Effect, Farewell, Reply, Rights, Seat};
use crate::state::{
    Contest, Ended, Finds, Form, Kind, Known, Mode, NOTICE_READ, OverRate, Purpose, Troubled,
};
use crate::words::Say;

/// Takes an answer into the state.
pub fn handle(state: &mut State, reply: Reply, now: Instant) -> Vec<Effect> {
    let quiet = matches!(
        reply,
        Reply::Changed { .. } | Reply::ClockMoved | Reply::RaceSeen(..)
    );
    state.redraw |= !quiet;
    match reply {
        Reply::Opened {
            window,
            last,
            kept,
            rights,
        } => opened(state, window, last, kept, rights),
        Reply::Seated(seat) => state.seat = seat,
        Reply::Shown(aim, window) => state.shown(aim, window),
        Reply::Surrounded(player, window) => state.surrounded(player, window),
        Reply::Found {
            wanted,
            players,
            ranks,
            more,
            done,
        } => {
            let ranks = players.iter().map(|p| p.id).zip(ranks).collect();
            state.found(Finds {
                wanted,
                players: Standings::new(players),
                ranks,
                more,
                done,
            });
        }
        Reply::NotFound(why) => state.not_found(why),
        Reply::Changed { players, gone } => changed(state, players, gone, now),
        Reply::Counted {
            player,
            counted,
            score,
        } => {
            let tally = state.tallies.entry(player).or_default();
            let news = counted.saturating_sub(tally.counted);
            tally.counted = counted;
            if let Some(blind) = &mut state.blind {
                // The server was reached: it is the look alone that fails.
                blind.trouble.offline = false;
            }
            state.commit_score(player, score, news, now);
            if news > 0 {
                return remember(state, player);
            }
        }
        Reply::Delivered {
            player,
            presses,
            score,
        } => {
            state.kept = state.kept.saturating_sub(presses);
            state.commit_score(player, score, presses, now);
            if state.kept == 0 {
                state.notice = Some(Say::KeptSaved);
            }
        }
        Reply::ServerForgot { player, presses } => {
            let tally = state.tallies.entry(player).or_default();
            tally.counted = tally.counted.saturating_sub(presses);
            state.notice = Some(Say::ServerForgot { presses });
        }
        Reply::Refused {
            player,
            presses,
            why,
        } => {
            if let Some(tally) = state.tallies.get_mut(&player) {
                tally.refused += presses;
            }
            state.notice = Some(why);
        }
        Reply::Rules(rules) => state.rules = rules,
        Reply::OverRate {
            player,
            presses,
            limit,
        } => state.refuse_over_rate(player, presses, limit, now),
        Reply::RefusedKept { presses, why } => {
            state.kept = state.kept.saturating_sub(presses);
            state.notice = Some(why);
        }
        Reply::Trouble(trouble) => {
            state.trouble = Some(Troubled::new(trouble, now));
        }
        Reply::Calm => {
            state.trouble = None;
            state.kept_here = 0;
        }
        Reply::Kept(presses) => state.kept_here = presses,
        Reply::Blind(mut trouble) => {
            // Where a count has come through meanwhile, it is still the look alone that fails.
            trouble.offline &= state.blind.as_ref().is_none_or(|b| b.trouble.offline);
            state.blind = Some(Troubled::new(trouble, now));
        }
        Reply::Sighted => {
            state.blind = None;
            state.ask_for_today(now);
        }
        Reply::RoundTrip(time) => state.round_trip = Some(time),
        Reply::Done(change, player) => return done(state, change, player, now),
        Reply::Failed(change, why) => {
            let mut sentence = failed(&change, why);
            if matches!(change, Change::Add(_))
                && let Some(adding) = state.adding.take()
                && adding.presses > 0
            {
                let presses = adding.presses;
                sentence = sentence.and(Say::ForNobody { presses });
            }
            if matches!(change, Change::Remove(_)) {
                state.removing = None;
            }
            state.notice = Some(sentence);
            return leave_if_asked(state);
        }
        Reply::Ranked {
            period,
            clock,
            points,
            players,
            above,
            scorers,
        } => {
            let ranked = Ranked {
                points: &points,
                players: &players,
                above,
                scorers,
            };
            state.ranked(period, clock, &ranked);
        }
        Reply::Recalled {
            player,
            clock,
            record,
        } => state.recalled(player, clock, &record),
        Reply::Forgotten(why) => state.forgotten(why),
        Reply::ClockMoved => {
            state.ask_for_today(now);
            return state.give_up(Say::VoidSlept).unwrap_or_default();
        }
        Reply::Bests(player, bests) => sprint::know(state, Ok((player, bests))),
        Reply::NoBests(why) => sprint::know(state, Err(why)),
        Reply::SprintKept(sprinted) => return sprint::kept(state, &sprinted, None),
        Reply::SprintUnkept(sprinted, why) => return sprint::kept(state, &sprinted, Some(why)),
        Reply::RaceOpened(race, sample) => race::opened(state, &race, sample, now),
        Reply::RaceEntered(player, entered) => return race::entered(state, player, entered, now),
        Reply::RaceMissed(why) => race::missed(state, why),
        Reply::RaceSeen(id, race, sample) => race::seen(state, id, race, sample, now),
        Reply::RaceUnseen(why) => race::unseen(state, why),
        Reply::Races(races) => race::know(state, Known::Read(races)),
        Reply::NoRaces(why) => race::know(state, Known::Not(why)),
        Reply::Notice(sentence) => state.notice = Some(sentence),
        Reply::Resting => {
            if state.rest_until.is_some() {
                return suspend(state);
            }
        }
        Reply::Left(farewell) => end(state, farewell, None),
        Reply::Broken {
            why,
            kind,
            farewell,
        } => end(state, farewell, Some((kind, why))),
    }
    Vec::new()
}

impl State {
    /// Settles presses that were over the database's limit. The sentences of a stream of them add
    /// up to one.
    fn refuse_over_rate(
        &mut self,
        player: PlayerId,
        presses: u64,
        limit: Option<u32>,
        now: Instant,
    ) {
        self.tallies.entry(player).or_default().refused += presses;
        let earlier = self.over_rate.take();
        let earlier = earlier.filter(|earlier| now < earlier.told + NOTICE_READ);
        let presses = presses + earlier.map_or(0, |earlier| earlier.presses);
        let sentence = Say::over_rate(presses, limit);
        self.over_rate = Some(OverRate {
            presses,
            told: now,
            sentence: sentence.clone(),
        });
        self.notice = Some(sentence);
    }
}

/// Leaves now that nobody is on the way in, if that is what it waited for.
fn leave_if_asked(state: &mut State) -> Vec<Effect> {
    let asked = state.leave_by.take();
    asked.map_or_else(Vec::new, |_| vec![Effect::Send(Command::Leave)])
}

fn end(state: &mut State, mut farewell: Farewell, broken: Option<(BrokenKind, Say)>) {
    if let Some(adding) = state.adding.take()
        && adding.presses > 0
    {
        // The worker has never heard of them.
        let name = short(&adding.name);
        let why = Say::NotAddedInTime { name };
        let (lost, why) = farewell.lost.take().unwrap_or((0, why));
        farewell.lost = Some((lost + adding.presses, why));
    }
    let summary = state.summary();
    state.ended = Some(Ended {
        summary,
        farewell,
        broken,
        sprint_void: state.sprint_void
            || state.contest_of(Kind::Sprint).is_some_and(Contest::is_on),
        stop: state.stop,
    });
}

/// The list is here: pick whom the player asked for, else who was played last, else who bears the
/// login name. Nobody else's score is to rise by the first press; who may not press looks at the best.
fn opened(state: &mut State, window: Window, last: Option<PlayerId>, kept: u64, rights: Rights) {
    state.loaded = true;
    state.rights = rights;
    state.trouble = None;
    state.kept = kept;
    state.standings = Standings::windowed(window);
    state.refilter();
    let all = || state.standings.iter();
    let named = |name: &str| all().find(|p| p.name == name).map(|p| p.id);
    let alike = |name: &str| {
        let name = name.to_lowercase();
        let mut alike = all().filter(|p| p.name.to_lowercase() == name);
        alike.next().map(|p| p.id).filter(|_| !name.is_empty())
    };
    let wanted = state.start_with.take();
    let login = &state.login;
    state.picked = match &wanted {
        _ if state.seat == Seat::Newcomer => None,
        Some(name) => named(name),
        None => last
            .filter(|id| state.standings.get(*id).is_some())
            .or_else(|| named(login).filter(|_| !login.is_empty()))
            .or_else(|| alike(login))
            .or_else(|| all().next().map(|p| p.id).filter(|_| !rights.play)),
    };
    state.last_played = state.picked.filter(|id| last == Some(*id));
    state.follow_picked();
    if state.picked.is_none() && rights.add {
        state.newcomer = Some(wanted.clone().unwrap_or_else(|| state.login.clone()));
    }
    if state.leaving {
        return;
    }
    match state.seat {
        Seat::Newcomer => state.mode = Mode::Form(Form::add(&state.login)),
        Seat::Player(own) => state.sit(own),
        Seat::Anyone | Seat::Watcher => {}
    }
    match wanted {
        Some(name) if state.picked.is_none() && !rights.add => {
            let name = short(&name);
            state.notice = Some(Say::NoSuchPlayer { name }.and(Say::MayNotAdd));
        }
        Some(name) if state.picked.is_none() => state.mode = Mode::Form(Form::add(&name)),
        None if state.standings.is_empty() && rights.add => {
            state.mode = Mode::Form(Form::add(&state.login));
        }
        _ => {}
    }
}

/// Has this machine remember who was played last, where that is news.
fn remember(state: &mut State, id: PlayerId) -> Vec<Effect> {
    let name = state.player(id).map(|p| p.name.clone());
    let Some(name) = name.filter(|_| state.last_played != Some(id)) else {
        return Vec::new();
    };
    state.last_played = Some(id);
    vec![Effect::Send(Command::Remember(id, name))]
}

/// Others changed the list.
fn changed(state: &mut State, players: Vec<Player>, gone: Vec<PlayerId>, now: Instant) {
    let mut players = players;
    players.retain(|p| state.player(p.id) != Some(p) && state.concerns(p));
    let mut gone = gone;
    // Whom this player removes goes with the answer to that, not as somebody else's doing.
    gone.retain(|id| state.player(*id).is_some() && state.removing != Some(*id));
    if players.is_empty() && gone.is_empty() {
        return;
    }
    let redraw = state.redraw;
    let lost = gone
        .iter()
        .find(|id| state.picked == Some(**id))
        .and_then(|id| state.player(*id))
        .map(|p| short(&p.name));
    state.doubt(&players, now);
    state.see_paces(&players, now);
    state.tell_passers(&players, now);
    state.take_news(players, &gone, MOVED, now);
    state.redraw = redraw;
    state.redraw_for_others(now);
    let about = match &state.mode {
        Mode::Confirm(id) => Some(*id),
        Mode::Form(form) => match form.purpose {
            Purpose::Edit(id) => Some(id),
            Purpose::Add => None,
        },
        Mode::History(_) | Mode::About => state.picked,
        _ => None,
    };
    if let Mode::Namesake(form, id) = &state.mode
        && gone.contains(id)
    {
        state.mode = Mode::Form(form.clone());
        state.redraw = true;
    }
    if about.is_some_and(|id| gone.contains(&id)) {
        state.mode = Mode::Play;
        state.redraw = true;
    }
    if let Some(name) = lost {
        // Nobody else is picked: the next presses were meant for the one who went.
        state.picked = None;
        state.redraw = true;
        state.notice = Some(Say::RemovedByOther { name });
    }
}

fn done(state: &mut State, change: Change, player: Player, now: Instant) -> Vec<Effect> {
    let id = player.id;
    match change {
        Change::Add(_) => {
            state.filter.reset();
            if !state.is_everyone() {
                state.known.insert(id, player.clone());
            }
            state.change_list(|state| state.put(player));
            let adding = state.adding.take();
            state.take_seat(id);
            state.newcomer = None;
            if adding.as_ref().is_none_or(|a| a.picked) {
                state.picked = Some(id);
                state.show_picked();
                state.follow_picked();
            }
            let held = adding.map_or(0, |a| a.presses);
            let mut effects = count_presses(state, id, held, now);
            effects.extend(leave_if_asked(state));
            return effects;
        }
        Change::Edit(..) => {
            state.change_list(|state| state.put(player));
            if state.last_played == Some(id) {
                // Under the new name.
                state.last_played = None;
                return remember(state, id);
            }
        }
        Change::Remove(_) => {
            state.removing = None;
            let name = state
                .player(id)
                .map_or_else(|| Box::new(Say::SomePlayer), |p| short(&p.name));
            let row = state.row_of(id);
            state.take_news(Vec::new(), &[id], MOVED, now);
            if state.picked == Some(id) {
                state.pick_instead(row);
                state.follow_picked();
            }
            state.notice = Some(Say::Removed { name });
        }
    }
    Vec::new()
}
