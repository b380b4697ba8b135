# What the game says in English. Syntax: https://projectfluent.org/fluent/guide
#
# The messages and what each is about are those of src/words/say.rs, in its order. Names, scores that
# are too long to be counted, and what a database or a system said come as they are.

## The list

list-players = Players
list-month = This month
list-week = This week
list-today = Today
in-utc = { $title } (UTC)
# Behind the title, until the numbers of the next period are there.
list-to = → { $next }…
shown-of = { $shown } of { $all }
# The best of those whom the filter leaves, where there are more.
first-of = first { $shown } of { $all }
searching = Searching…
nobody-fits = Nobody matches the filter.
nobody-plays = Nobody plays yet.
# In the place of a name in which there is nothing to see.
nameless = (no name)

## The clicker pane and the line of state

# $rate: points per second, as 3.0/s.
rate-over = { $rate } over the last { $seconds } s
# Beside a name over the score, where the list is ranked by a period.
all-time = all time
add-first = Press { $key } to add the first player.
what-a-point-is = Every press is a point, and none is ever lost.
pick-with = Pick a player with { $up } and { $down }.
new-here = Press { $key } to add yourself, or pick your name with { $up } and { $down }.
loading = Loading…
loading-trouble = Loading… { $why }
adding = adding { $name }…
watching = watching
saved = saved
saving = saving { $presses }
# $why: sentences.
not-saved = { $presses } not saved yet: { $why }
# $own: “saved” or “saving 3”.
others-unseen = { $own }, but the others can't be seen: { $why }
leaving-now = leaving…
leaving-after = leaving: saving { $presses }
next-try = Next try in { $seconds } s.
trying-again = Trying again…
leaving = Leaving…
# $next: one of the three below, which continue the sentence.
offline-until =
    { $waiting ->
        [0] offline, { $next }
       *[other] offline, { $waiting } waiting, { $next }
    }
then-next-try = next try in { $seconds } s.
then-trying-again = trying again…
then-leaving = leaving…
outbox-fails = The outbox can't be written either: { $why }.
kept-here = Kept on this machine.
kept-far = Kept on the server.
short-offline = offline
short-offline-with = { $presses } offline
short-waiting = waiting
short-unsaved = { $presses } unsaved
short-leaving = leaving: { $presses }
nobody-is-picked = Nobody is picked.
too-small = clickoff needs { $columns }x{ $rows }

## What opens above the game

new-player = New player
edit-player = Edit player
field-name = Name
field-email = E-mail
field-optional = optional
field-prompt = { $field }:{ " " }
name-needed = A player needs a name.
field-full = At most { $most } characters fit here.
# Below the name, where there is no field for the e-mail yet.
email-may-be-added = You can add an e-mail: it tells two players of the same name apart.
email-use = Optional: tells equal names apart.
email-doubtful = That does not look like an address, such as ada@example.org. Save again to keep it.
name-taken = There is a player { $name } already. Save again to have two of that name.
namesake-question =
    { $points ->
        [one] { $name } plays here already, with { $points } point. Is that you?
       *[other] { $name } plays here already, with { $points } points. Is that you?
    }
remove-player = Remove player
remove-question =
    { $points ->
        [one] Remove { $name } with { $points } point? This can't be undone.
       *[other] Remove { $name } with { $points } points? This can't be undone.
    }
themes = Themes

## The table of keys

keys = Keys
# Beside arrows up and down.
keys-more = more
keys-play = In the game
keys-filter = While filtering
keys-form = In a form
keys-namesake = When a name is taken
keys-confirm = Before a player is removed
keys-sprint = Before a sprint
keys-sprinting = In a sprint and after it
keys-replay = In a replay
keys-race = Before a race
keys-racing = In a race and after it
keys-help = In this table
keys-history = In a history
keys-about = On the page about a player
keys-themes = In the list of themes
keys-leaving = While leaving
keys-everywhere = Everywhere
keys-mouse = With the mouse
mouse-button = button
mouse-button-does = score
mouse-row = a row
mouse-row-does = pick this player
mouse-wheel = wheel
mouse-wheel-does = scroll

## The history

history-of = History of { $name }
history-reading = Reading…
best-day = best { $points } on { $date }
points-today = today { $points }
points-all-time = all time { $points }
# Only for two days and more.
streak = { $days } days in a row
points-in =
    { $points ->
        [one] { $period }: { $points } point
       *[other] { $period }: { $points } points
    }
# For the day, week or month that is not over yet.
points-so-far =
    { $points ->
        [one] { $period }: { $points } point so far
       *[other] { $period }: { $points } points so far
    }
date = { $day } { $month } { NUMBER($year, useGrouping: "false") }
date-of-week = { $weekday }, { $date }
week-from = week from { $date }
month-of = { $month } { NUMBER($year, useGrouping: "false") }
month =
    { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }
# Under a bar, of three columns.
short-month =
    { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    }
weekday =
    { $weekday ->
        [1] Monday
        [2] Tuesday
        [3] Wednesday
        [4] Thursday
        [5] Friday
        [6] Saturday
       *[7] Sunday
    }
# Under the bar of the day, week or month that is not over yet.
now = now
# Above charts, of a player's days and of the last minute.
by-days = Day by day
by-weeks = Week by week
by-months = Month by month
points-a-second = Points a second
# In the middle of that chart, while it is empty.
minute-to-come = The last minute of play shows here.
# Below a chart, the time before the latest point.
seconds-ago = { $n } s ago
latest = latest

## The page about a player

# Left of what it is: as “Best day  512 on 3 Nov 2026”, and points without the word.
about-player = About { $name }
short-date = { $day } { $month } { $year }
short-day = { $day } { $month }
short-weekday =
    { $weekday ->
        [1] Mon
        [2] Tue
        [3] Wed
        [4] Thu
        [5] Fri
        [6] Sat
       *[7] Sun
    }
fact-points = Points
fact-streak = Streak
fact-next = Next mark
fact-best-day = Best day
fact-best-hour = Best hour
fact-races = Races
fact-sprint = Sprint { $seconds } s
fact-pace = Last pace
points-and-today = { $points }, today { $today }
points-on = { $points } on { $date }
points-from = { $points } on { $date }, { $time }
days-and-longest =
    { $days ->
        [one] { $days } day, longest { $longest }
       *[other] { $days } days, longest { $longest }
    }
best-sprint = { $presses } at { $rate }/s on { $date }
won-of =
    { $raced ->
        [one] won { $won } of { $raced } race
       *[other] won { $won } of the last { $raced } races
    }
curve-up-to = up to { $most }/s { $curve }
year-of-days =
    { $days ->
        [one] { $days } day with points
       *[other] { $days } days with points
    }
heat-less = less
heat-more = more
marks-of = Marks: { $reached } of { $all }
marks-more = and { $marks } more
mark-first = The first point
mark-day = { $points } in a day
mark-hour = { $points } in an hour
mark-week = A week without a gap
mark-streak = { $days } days in a row
mark-all = { $points } in all
mark-sprint = A sprint kept
mark-lengths = A sprint over each length
mark-second = { $presses } in a second
mark-beaten = A ghost beaten by { $presses }
mark-won = A race won
mark-close = A race won by one press
mark-to-go = { $mark }: { $left } to go
mark-all-reached = every mark is reached

## Something to share

# Below a large number of points.
card-points = points
card-promise = clickoff – never loses a click
card-player = { $name } · { $points } points
# $curve: a sign for each day.
card-days = { $curve } the last { $days } days
card-copied = The card is copied: paste it where you like.
card-copied-tmux = The card is copied if tmux has set-clipboard on: paste it where you like.
# `clickoff card` is a command.
card-not-taken = This terminal can't copy: `clickoff card` in a shell writes the card.
card-not-yet = The card is not ready: its data is still being read.
nobody-to-show = Nobody is picked, so there is nobody to show.

## The numbers of the picked player

rank =
    { NUMBER($rank, type: "ordinal") ->
        [one] { $rank }st
        [two] { $rank }nd
        [few] { $rank }rd
       *[other] { $rank }th
    }
behind = { $rank } · { $points } behind { $name }
in-time = { $standing }, { $time }
at-your-pace = { $standing }, { $time } at your pace
level-with = { $rank } · level with { $name }
ahead = { $rank } · { $points } ahead of { $name }
about-seconds = about { $n } s
about-minutes = about { $n } min
about-hours = about { $n } h
about-days = days
chaser = { $name } is catching up, { $points } to go
now-and-best = now { $now } · best { $best }
now-at = now { $now }

## Feats

milestone = { $score }!
and-others =
    { $others ->
        [0] { $name }
        [one] { $name } and { $others } other
       *[other] { $name } and { $others } others
    }
passed = You passed { $who }.
passed-by = { $who } passed you.

## Sprints

sprint = Sprint
sprint-over = Sprint over { $seconds } s
# $n: a number that is ready to be shown, as 3.4.
seconds = { $n } s
choice-best = your best { $presses }
choice-no-best = no best yet
get-ready = Get ready: { $seconds }
best-is = Your best is { $presses }.
best-is-none = There is no best to beat yet.
best-is-unknown = Your best is not known.
early-presses = Presses before the start count only for the score.
time-left = { $time } left
duel-you = you
duel-ghost = ghost
duel-best = your best is { $presses }
duel-no-best = there is no best to beat yet
duel-best-unknown = your best is not known
duel-ahead = ▲ { $presses } ahead of your best
duel-behind = ▼ { $presses } behind your best
duel-level = = level with your best
rival-ahead = ▲ { $presses } ahead of { $name }
rival-behind = ▼ { $presses } behind { $name }
rival-level = = level with { $name }
# In a corner, while the presses of a contest are large.
stage-total = score { $score }
# Above a chart.
gap-to-ghost = Lead over your best
gap-to = Lead over { $name }
pace-of-all = Presses a second
# $what: “Presses a second”; $most: the largest value that the chart can show.
up-to = { $what }, up to { $most }
curves-to-come = The curves begin in a moment.
best-second = best second { $presses }
false-starts =
    { $presses ->
        [0] no false start
       *[other] false starts: { $presses }
    }
presses-in =
    { $presses ->
        [one] { $presses } press in { $seconds } s: { $rate }/s
       *[other] { $presses } presses in { $seconds } s: { $rate }/s
    }
sprint-saving = saving…
sprint-keeping = keeping the result…
nothing-to-keep = There were no presses: nothing to keep.
new-best = A new best! It was { $best }.
as-good-as-best = As good as your best.
behind-best = { $presses } behind your best of { $best }.
first-over = Your first over this length.
best-before-unknown = Your previous best is not known.
result-unkept = The result was not kept: { $why }
sprint-void = Void: { $why }.
presses-count = Its presses count for the score like all others.
board-reading = The board is being read…
board-unread = The board can't be read: { $why }
board-no-room = There is no room for the board.
board-over = The best over { $seconds } s
board-empty = nobody yet
# On a screen of one row.
short-choice = Sprint { $seconds } s?
short-choice-best = Sprint { $seconds } s, best { $best }
short-ready = Ready: { $seconds }
short-saving = { $presses } saving…
short-new-best = { $presses }: new best
short-behind = { $presses }, best { $best }
short-result = { $presses } in { $seconds } s
short-void = Void: { $why }
short-presses-count = Its presses count for the score.
board-needs = The board needs { $columns }x{ $rows }.
bars-need = The bars need { $columns }x{ $rows }.

## What is watched again

# $what: the title of a sprint or a race.
replay = Replay · { $what }
# Which one of how many.
replay-of = { $nth } of { $all }
replay-paused = paused
replay-over = the end
replay-scores-nothing = Nothing is scored here.
nothing-to-replay = There is nothing to replay here.
replay-told = Over { $seconds } s, second by second:
replay-lane = { $name } { $presses }: { $seconds }
replay-where = Type sprint or race first: there, or after one that is over, you can replay it.
short-replay = { $time }: { $name } { $presses }

## Why a sprint is void, after “Void:”, or a race was left, after “You left:”

void-given-up = you gave it up
void-suspended = the game was suspended
void-pasted = presses were pasted
void-slept = this machine slept, or its clock was set
void-player-gone = the player is gone
void-link-lost = the link to the database was lost
void-refused = presses were refused
void-late = its presses could not be saved in time

## Races

race = Race
race-over = Race over { $seconds } s
# In the footer, alone or before the next two.
race-offered = { $name } opens a race over { $seconds } s
race-is-on = { $name }'s race over { $seconds } s is on
rematch-offered = { $name } wants a rematch over { $seconds } s
race-only-watched = You are watching this race.
# $race: one of the three above.
race-join = { $race }: { $key } joins
race-watch = { $race }: { $key } watches
# Beside the length that is chosen.
race-choice = starts in 10 s
race-entering = Asking the database…
race-starts = Starts in { $seconds } s
race-saving = Over: the last presses are being saved…
# $why: why a sprint would be void.
race-left = You left: { $why }.
race-link-lost = The link to the database is lost.
# Beside a racer's presses.
racer-left = left
racer-done = done
more-racers = and { $racers } more
left-with =
    { $presses ->
        [one] You left with { $presses } press.
       *[other] You left with { $presses } presses.
    }
raced-alone =
    { $presses ->
        [one] You raced alone: { $presses } press.
       *[other] You raced alone: { $presses } presses.
    }
raced-alone-by =
    { $presses ->
        [one] { $name } raced alone: { $presses } press.
       *[other] { $name } raced alone: { $presses } presses.
    }
race-shared =
    { $presses ->
        [one] A draw for first place: { $presses } press.
       *[other] A draw for first place: { $presses } presses.
    }
race-won =
    { $presses ->
        [one] You win! { $presses } press.
       *[other] You win! { $presses } presses.
    }
race-rank =
    { $presses ->
        [one] Place { $rank } of { $racers }: { $presses } press.
       *[other] Place { $rank } of { $racers }: { $presses } presses.
    }
race-won-by =
    { $presses ->
        [one] { $name } wins: { $presses } press.
       *[other] { $name } wins: { $presses } presses.
    }
race-drawn = A draw for first place.
last-races = The last races
last-races-reading = The last races are being read…
last-races-unread = The last races can't be read: { $why }
last-races-no-room = There is no room for the last races.
last-races-empty = none yet
# On a screen of few columns or rows.
short-race-join = { $key } joins { $name }'s race
short-race-watch = { $key } watches { $name }'s race
short-race-choice = Race over { $seconds } s?
short-race-entering = Race…
short-race-starts = Start in { $seconds } s, { $racers } in it
short-race-saving = Over, saving…
last-races-need = The last races need { $columns }x{ $rows }.
result-needs = The whole result needs { $columns }x{ $rows }.

## Why there is no race to be seen

race-missed = The race has started already, or is full: open another one.
race-gone = The race no longer exists.
race-unresolved = There was no result in time: it may be among the last races later.

## What is to be read

key-does-nothing = { $key } does nothing here.
key-does-nothing-help = { $key } does nothing here: { $help } shows the keys.
nothing-to-close = Nothing is open: { $key } leaves the game.
sprint-left = The sprint is void: you left the game. Its presses count.
nobody-to-press = Nobody is picked, so nothing is scored: pick a player, or add one.
nobody-to-edit = Nobody is picked, so there is nobody to edit.
nobody-to-remove = Nobody is picked, so there is nobody to remove.
nobody-to-sprint = Nobody is picked, so there is nobody to sprint.
nobody-to-race = Nobody is picked, so there is nobody to race.
nobody-to-recall = Nobody is picked, so there is no history to look at.
may-not-add = The database does not let you add players: ask its owner for the right.
may-not-edit = The database does not let you edit players: ask its owner for the right.
may-not-remove = The database does not let you remove players: ask its owner for the right.
may-not-play = The database lets you watch, not play: ask its owner for the right.
watches-only = You are only watching here.
keeper-only = Only the keeper of this server adds and removes players.
not-yours = You can only change your own player.
no-player-yet = You have no player yet: add yourself first.
key-needed = To play here, you need an ssh key that is not RSA. To make one: ssh-keygen -t ed25519
not-invited = This server accepts only keys that its keeper has added.
code-unknown = This code is not valid: a code works once, within two minutes.
code-is = On your other machine, within two minutes, use the same command with this user name: ssh { $code }@…
key-without-player = This key has no player yet: log in without “code” first, and add yourself.
key-joined = From now on this key plays for { $name }, too.
key-welcome = Welcome, { $name }: this key plays for you now. To add the key of another machine: ssh code@…
server-full = There is no room for another player now: try again later.
server-ends = The server is shutting down: everything is saved.
session-failed = This session failed because of a bug in clickoff; what was shown as saved is saved.
no-commands-far = There is only the game here: no commands, no files, no forwarding.
idle-soon = No key for a long time: this session ends in a minute.
idle-too-long = No key for a long time: the session has ended.
server-keeps =
    { $presses ->
        [one] A press waits on the server, which saves it once its database is back.
       *[other] { $presses } presses wait on the server, which saves them once its database is back.
    }
stops-nothing-far = The game runs on the server. To suspend ssh itself: Enter, then ~ and Ctrl-Z.
mouse-ours = The game has the mouse again.
mouse-theirs = The terminal has the mouse now: you can select text.
theme-alone = NO_COLOR is set, and there is only one theme without colours.
theme-now = Theme { $name }, for this run.
theme-kept = Theme { $name }, kept in { $path }.
theme-kept-behind = Theme { $name }, kept in { $path }. The next start uses it only without { $by }.
theme-unkept = Theme { $name }, for this run: { $path } can't be written: { $why }.
still-adding = Wait a moment: { $name } is still being added.
still-changing = Wait a moment: your last change is still being made.
sprint-offline = A sprint needs the database, which can't be reached now.
race-offline = A race needs the database, which can't be reached now.
no-race-open = No race is open: open one yourself.
sprint-unkept = The sprint's result was not kept: { $why }
sprint-not-believed = The database did not count as many presses of this game in that time.
history-unread = The history can't be read. { $why }
kept-saved = Presses kept from last time are saved now.
removed-by-other = { $name } was removed by somebody else. Pick another player to go on.
removed = { $name } is removed.
# In the place of a name that is not known any more, at the beginning of a sentence.
some-player = The player
# In the place of a name in which there is nothing to see, at the beginning of a sentence.
nameless-player = A player without a name
not-added = { $name } was not added: { $why }
not-changed = { $name } was not changed: { $why }
not-removed = Nobody was removed: { $why }
for-nobody =
    { $presses ->
        [one] { $presses } press in the meantime was for nobody.
       *[other] { $presses } presses in the meantime were for nobody.
    }
not-added-in-time = { $name } was not added in time
no-such-player = There is no player { $name }.
not-counted =
    { $presses ->
        [one] { $presses } press was not counted: { $why }
       *[other] { $presses } presses were not counted: { $why }
    }
look-whether-done = Look at the list to see whether it was done.
kept-unreadable = Presses kept in { $path } can't be read ({ $why }); the file stays there.
held-once = A held key scores once: let go, and press again.
held-counts = This looks like a held key; each repeat counts here.
over-rate =
    { $presses ->
        [one] { $presses } point was over this database's limit of { $limit } a second.
       *[other] { $presses } points were over this database's limit of { $limit } a second.
    }
over-rate-before =
    { $presses ->
        [one] { $presses } point was over the limit that this database had.
       *[other] { $presses } points were over the limit that this database had.
    }
kept-over-rate =
    { $presses ->
        [one] { $presses } point kept from last time was over this database's limit of { $limit } a second.
       *[other] { $presses } points kept from last time were over this database's limit of { $limit } a second.
    }
kept-over-rate-before =
    { $presses ->
        [one] { $presses } point kept from last time was over the limit that this database had.
       *[other] { $presses } points kept from last time were over the limit that this database had.
    }
kept-forgotten =
    { $presses ->
        [one] { $presses } press kept long ago was not counted: the database forgot its client after 90 days, and whether it was counted before is not known. Its file stays.
       *[other] { $presses } presses kept long ago were not counted: the database forgot their client after 90 days, and whether they were counted before is not known. Their file stays.
    }
server-forgot =
    { $presses ->
        [one] The server has forgotten { $presses } press that it had saved; it is being saved again.
       *[other] The server has forgotten { $presses } presses that it had saved; they are being saved again.
    }
restored =
    { $presses ->
        [one] The database was restored from a backup that does not have { $presses } press of this game; the game goes on from there.
       *[other] The database was restored from a backup that does not have { $presses } presses of this game; the game goes on from there.
    }

## Mistakes in files; the first is told as it is before these

more-in-log =
    { $mistakes ->
        [one] ({ $mistakes } more mistake in the log.)
       *[other] ({ $mistakes } more mistakes in the log.)
    }
theme-left-out = This theme is not used until that is fixed.
default-keys-hold = The default keys are used until that is fixed.
default-theme-used = The default theme is used.

## Last words

part-failed = A part of clickoff failed because of a bug in it ({ $panic }).
worker-gone = The part of clickoff that saves presses has ended unexpectedly, which is a bug in clickoff.
screen-failed = The screen failed, which is a bug in clickoff. Presses were saved as when you quit.
# On leaving: what was done, in two lines. $best: presses within a second.
session-points =
    { $points ->
        [one] { $name }: { $points } point this time.
       *[other] { $name }: { $points } points this time.
    }
session-points-and-best =
    { $points ->
        [one] { $name }: { $points } point this time, best { $best }/s.
       *[other] { $name }: { $points } points this time, best { $best }/s.
    }
session-others =
    { $points ->
        [one] { $points } point for others.
       *[other] { $points } points for others.
    }
session-rank = rank { $rank } of { $players }
session-rank-moved = rank { $from } → { $to }
session-passed = { $rank }; passed { $who }
both = { $one } and { $two }
kept-for-later =
    { $presses ->
        [one] { $presses } press not saved in { $place } yet: kept on this machine, and saved at the next start on this database.
       *[other] { $presses } presses not saved in { $place } yet: kept on this machine, and saved at the next start on this database.
    }
lost =
    { $presses ->
        [one] { $presses } press could neither be saved in { $place } nor kept on this machine: { $why }.
       *[other] { $presses } presses could neither be saved in { $place } nor kept on this machine: { $why }.
    }
void-at-end = The sprint is void: you left the game during it.

## Where the game is played in lines

lines-begin = clickoff on { $place }, in lines. Enter scores a point; help lists the commands.
lines-since-dumb = TERM is dumb, so the game is played in lines.
lines-first-player = Nobody plays yet. Who is the first player?
lines-new-here = Nothing is scored yet: `add` adds you, or a number or a name picks you.
# $title: as “Players”. $players: as “12” or “3 of 12”.
list-heading = { $title }: { $players }
list-row =
    { $points ->
        [one] { $number }. { $name }: { $points } point
       *[other] { $number }. { $name }: { $points } points
    }
list-goes-on = { $shown } of { $all } are shown: list { $next } continues.
picked =
    { $points ->
        [one] { $name } is picked: { $points } point.
       *[other] { $name } is picked: { $points } points.
    }
score-saved = { $name }: { $points }, saved.
score-saving = { $name }: { $points }, saving { $presses }.
answers-again = The database answers again.
new-players = New here: { $who }.
leads-now = { $name } leads now with { $points }.
quiet-on = Quiet: what others do is not shown.
quiet-off = What others do is shown again.
ask-name = The name? A full stop alone cancels.
ask-name-or = The name? Enter takes { $name }; a full stop alone cancels.
ask-email = The e-mail, if any? Enter leaves it out.
ask-email-or = The e-mail? Enter keeps { $email }; a minus alone removes it.
ask-namesake = yes picks that player, add adds another of that name, anything else cancels.
ask-yes-or-no = Yes or no?
# $seconds: the lengths there are, as “5, 10, 30, 60”.
ask-seconds = How many seconds ({ $seconds })? Anything else cancels.
nothing-asked = There was no question.
nothing-done = Nothing was done.
changed = { $name } is changed.
no-such-word = “{ $word }” is neither a command nor a player here: help lists the commands, list the players.
word-meant = “{ $word }” is neither a command nor a player here; did you mean { $meant }?
no-such-number = There is no number { $number } in the list.
several-players = “{ $word }” can mean { $players } players; pick one by number:
takes-nothing = { $word } takes nothing after it.
takes-one-of = { $word } takes one of these: { $these }.
takes-number = { $word } takes a number from 1.
no-screen-for-that = That needs a screen, and there is none here.
press-by-spaces = Type spaces and then Enter: each space scores a point.
line-too-long = That line is too long, and was ignored.
sprint-begins = Sprint over { $seconds } s for { $name }: each Enter is a press, stop gives up.
sprint-go = Go!
# $left: “5 s left”.
sprint-so-far = { $left }: { $presses } so far.
sprint-ahead = { $presses } ahead of your best.
sprint-behind = { $presses } behind your best.
sprint-level = Level with your best.
sprint-is-on = A sprint is on: Enter presses, stop gives up.
nothing-is-on = Neither a sprint nor a race is on.
# $what: a best of one's own, or who raced.
over-length = { $seconds } s: { $what }
# $race: as “Ada opens a race over 10 s”, or as “Ada's race over 10 s is on”.
race-to-join = { $race }: join takes part.
race-to-watch = { $race }: join watches it.
race-begins = Race over { $seconds } s for { $name }, in { $wait } s: each Enter is a press, stop gives up.
race-watched = You are watching { $name }'s race over { $seconds } s: stop ends watching.
# $who: names.
racers-now = Also in it: { $who }.
race-row =
    { $presses ->
        [one] { $rank }. { $name }: { $presses } press
       *[other] { $rank }. { $name }: { $presses } presses
    }
race-is-yours = A race is on: Enter presses, where shows the standings, stop gives up.
race-is-theirs = You are watching a race: where shows the standings, stop ends watching.
# $word: a word with its short form and what it takes.
help-row = { $word }: { $does }
help-enter = Enter alone: score a point for the picked player
help-spaces = spaces and Enter: a point for each space
help-answers = a number of the list or a player's name: pick that player
does-list = list the players, from a number on
does-where = show the picked player's rank, or the standings of a race
does-pick = pick a player by number or name
does-pick-above = pick the player above
does-pick-below = pick the player below
does-pick-first = pick the first player
does-pick-last = pick the last player
does-filter-line = list only players with this in their name or e-mail; alone, list everybody again
does-stop = give up a sprint or a race, or stop watching one
does-quiet = hide what others do, or show it again
does-card-lines = write a card to share: the player, or the result of a sprint or race
does-replay-lines = before or after a sprint or race: list the presses of each second
does-words = list these commands
lines-undone =
    { $lines ->
        [one] { $lines } line was not done, because the database could not be opened.
       *[other] { $lines } lines were not done, because the database could not be opened.
    }
lines-end = You have left. Every press is saved.

## Words in the footer, behind a key

hint-score = score
hint-new = new
hint-edit = edit
hint-remove = remove
hint-filter = filter
hint-period = period
hint-history = history
hint-sprint = sprint
hint-race = race
hint-about = me
hint-card = copy card
hint-keys = keys
hint-start = start
hint-shorter = shorter
hint-longer = longer
hint-open = open
hint-close = close
hint-again = again
hint-end = end
hint-rematch = rematch
hint-replay = replay
hint-pause = pause
hint-from-start = from the start
hint-keep-filter = keep
hint-clear = clear
hint-save = save
hint-next-field = next field
hint-email = e-mail
hint-cancel = cancel
hint-pick-namesake = that's me
hint-add-another = add another
hint-back = back
hint-keep-player = keep
hint-earlier = earlier
hint-later = later
hint-units = days, weeks, months
hint-keep-theme = keep
hint-leave-now = leave now
hint-quit = quit

## What keys do, in the table of them

does-score = score a point
does-up = up
does-down = down
does-page-up = a page up
does-page-down = a page down
does-first = to the first
does-last = to the last
does-add = add a player
does-edit = edit name and e-mail
does-remove = remove the player
does-filter = filter the list
does-period = change the period
does-history = points day by day
does-about = the player's page
does-card = copy a card to share
does-sprint = sprint against time
does-race = race against others
does-join = join or watch a race
does-help = show every key
does-start = start the countdown
does-shorter = a shorter sprint
does-longer = a longer sprint
does-close-choice = back to the list
does-score-in-sprint = score a point
does-again = one more sprint
does-end-sprint = give up, or go back
does-open-race = open a race in 10 s
does-shorter-race = a shorter race
does-longer-race = a longer race
does-score-in-race = score a point
does-race-again = open or join a rematch
does-replay = watch a replay
does-pause = wait, or go on
does-from-start = from the start
does-replay-earlier = an earlier one
does-replay-later = a later one
does-close-replay = close the replay
does-end-race = give up, or go back
does-keep-filter = keep the filter
does-clear-filter = clear the filter
does-save = save what is typed
does-next-field = go to the next field
does-previous-field = go to the field before
does-cancel = close without saving
does-pick-namesake = pick who has that name
does-add-another = add another namesake
does-back-to-form = go back to the form
does-remove-yes = yes, remove the player
does-remove-no = no, keep the player
does-close-table = close this table
does-earlier = one bar back
does-later = one bar forward
does-step-back = 7 bars back
does-step-forth = 7 bars forward
does-leap-back = 30 bars back
does-leap-forth = 30 bars forward
does-to-beginning = to the beginning
does-to-today = to today
does-units = days, weeks or months
does-close-history = close the history
does-close-about = close the page
does-keep-theme = keep this theme
does-theme-up = show the theme above
does-theme-down = show the theme below
does-theme-first = to the first theme
does-theme-last = to the last theme
does-leave-themes = keep the old theme
does-leave-now = leave now, save later
does-mouse = mouse for the terminal
does-theme = choose a theme
does-redraw = redraw the screen
does-quit = save all and leave
does-back = clear the filter
does-quit-anywhere = leave from anywhere
does-suspend = suspend; fg comes back

## What can go wrong with a store; $why is what the database or the system said

store-busy = { $place } is locked by another program.
store-lost = The connection to { $place } is lost ({ $why }).
store-away = { $place } can't be reached ({ $why }).
store-held = { $place } takes no writes at the moment: { $by }.
store-behind = { $place } is on a server with an older state of it ({ $why }): what was saved since then may be missing there.
store-full = The disk with { $place } is full: make room and it goes on.
store-read-only = { $place } can't be written: { $why }. Allow writing to it and to its directory.
store-standby = { $place } takes no writes now: it is a copy of another server, or was made read-only. Connect to the primary server.
store-forbidden = { $place } does not allow it to this user ({ $why }): ask the database's owner.
store-missing = { $place } lacks a part of what clickoff made there ({ $why }): ask the database's owner to look with `clickoff verify`.
store-device = { $place } can't be read or written ({ $why }): look at the disk.
store-gone = The player is no longer there.
store-forgotten = The database heard nothing from this client for 90 days and has forgotten it: whether these presses were counted is not known.
store-score-full = The score is as high as its column in the database can hold.
store-rejected = The database refuses it: { $why }.
store-unusable = { $place } can't be opened: { $why }
store-replaced = { $place } was removed or replaced while the game was running. Put it back, or start again to play on the one that is there now.
store-not-a-database = { $place } is not a SQLite database. Name another file with --database.
store-damaged = { $place } is damaged ({ $why }). It was left as it is: restore a backup, or save what can be saved with `sqlite3 FILE .recover`.
store-foreign = { $place } is the database of another program ({ $why }). Name another one.
store-newer = { $place } was made by a newer clickoff (its schema has "{ $name }"). Use that version, or another database.
store-unreleased = { $place } was made by a development build of clickoff, whose tables are different. Save its players with `clickoff export --format csv` of that build, and read them into a new database with `clickoff import`.
store-overruled = The database changed what was written, so nothing of it was kept: { $why }.
store-restored = The database was restored from a backup while these presses were on their way: whether they are in it is not known.
store-unread = { $place } sent an answer that clickoff can't read ({ $why }).
store-faulty = { $place } sent an answer that no database server sends, and the driver failed: check who runs the server.
store-other = { $place } answered with an error ({ $why }): ask whoever looks after the database.
