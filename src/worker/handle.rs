//! Books what the screen asks for, at once, whatever the database is doing.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use super::questions::Question;
use super::shared::Shared;
use super::supervisor::Order;
use crate::message::{Change, Command};

/// A handle on a running worker; dropped, it is an order to leave.
#[derive(Debug)]
pub struct Handle {
    shared: Arc<Shared>,
    orders: UnboundedSender<Order>,
}

impl Handle {
    pub(super) fn new(shared: Arc<Shared>, orders: UnboundedSender<Order>) -> Self {
        Self { shared, orders }
    }

    /// Books a command and wakes whoever carries it out. A worker that has ended says so by its last
    /// reply, and not here.
    pub fn send(&self, command: Command) {
        let shared = &self.shared;
        match command {
            Command::Press(player, presses) => {
                let mut ledger = shared.ledger();
                ledger.press(player, presses);
                if ledger.troubled {
                    shared.unkept.notify_one();
                }
            }
            Command::Add(entry) => shared.ledger().change(Change::Add(entry)),
            Command::Edit(player, entry) => shared.ledger().change(Change::Edit(player, entry)),
            Command::Remove(player) => shared.ledger().change(Change::Remove(player)),
            Command::BeginSprint(player) => shared.ledger().sprint_begins(player),
            Command::KeepSprint(sprinted) => shared.ledger().sprinted(sprinted),
            Command::Race(player, entrance) => shared.ledger().race(player, entrance),
            Command::ReportRace(progress) => shared.ledger().progress(progress),
            Command::Rest => shared.ledger().resting = true,
            Command::Resume => shared.ledger().resting = false,
            Command::Seek(sought) => *shared.sought() = Some(sought),
            Command::Remember(player, name) => shared.remember(player, name),
            Command::Show(aim) => shared.ask(Question::Show(aim)),
            Command::Surround(player) => shared.ask(Question::Surround(player)),
            Command::Search(wanted) => shared.ask(Question::Search(wanted)),
            Command::Rank(period, zone) => shared.ask(Question::Rank(period, zone)),
            Command::Recall(player) => shared.ask(Question::Recall(player)),
            Command::Bests(player) => shared.ask(Question::Bests(player)),
            Command::Races => shared.ask(Question::Races),
            Command::WatchRace(race) => shared.watch_race(race),
            Command::Leave => {
                // At once, or the scorer could still begin what nobody waits for any more.
                shared.ledger().leaving = true;
                self.order(Order::Leave);
            }
            Command::LeaveNow => self.order(Order::LeaveNow),
        }
        shared.work.notify_one();
    }

    fn order(&self, order: Order) {
        // A supervisor that is gone has ended the worker already.
        let _ = self.orders.send(order);
    }
}
