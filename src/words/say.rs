//! Every message of the game, with what it is about.

use std::borrow::Cow;

use fluent_bundle::FluentArgs;

use super::{Argument, Words};

macro_rules! messages {
    ($($name:ident $({ $($argument:ident: $kind:ty),+ })?,)*) => {
        /// Something to say, in whatever language.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the English catalogue says what each means")]
        pub enum Say {
            /// Words of somebody else, as a database or a system, which are said as they are.
            Verbatim(Cow<'static, str>),
            /// One sentence after the other.
            Sentences(Vec<Say>),
            /// One thing beside the other, with ` · ` between them.
            Beside(Vec<Say>),
            $($name $({ $($argument: $kind),+ })?,)*
        }

        /// The name of each message and of what it is about, as the catalogues have to have them
        /// (`ListTitle` as `list-title`).
        pub const MESSAGES: &[(&str, &[&str])] =
            &[$((stringify!($name), &[$($(stringify!($argument)),+)?])),*];

        /// The places of the messages in [`MESSAGES`].
        #[derive(Clone, Copy)]
        enum Place { $($name),* }

        impl Say {
            /// Its place in [`MESSAGES`]; beyond the end for what is no message.
            pub(super) fn index(&self) -> usize {
                match self {
                    Self::Verbatim(_) | Self::Sentences(_) | Self::Beside(_) => {
                        MESSAGES.len()
                    }
                    $(Self::$name { .. } => Place::$name as usize,)*
                }
            }

            /// What it is about.
            pub(super) fn arguments<'a>(&'a self, words: &'a Words) -> FluentArgs<'a> {
                let mut arguments = FluentArgs::new();
                match self {
                    $($(Self::$name { $($argument),+ } => {
                        $(arguments.set(stringify!($argument), $argument.value(words));)+
                    })?)*
                    _ => {}
                }
                arguments
            }
        }
    };
}

messages! {
    // The list.
    ListPlayers,
    ListMonth,
    ListWeek,
    ListToday,
    InUtc { title: Box<Say> },
    ShownOf { shown: u64, all: u64 },
    FirstOf { shown: u64, all: u64 },
    Searching,
    NobodyFits,
    NobodyPlays,
    Nameless,
    // The clicker pane and the line of state.
    RateOver { rate: String, seconds: u64 },
    AddFirst { key: String },
    PickWith { up: String, down: String },
    Loading,
    LoadingTrouble { why: Box<Say> },
    Adding { name: String },
    Watching,
    Saved,
    Saving { presses: u64 },
    NotSaved { presses: u64, why: Box<Say> },
    OthersUnseen { own: Box<Say>, why: Box<Say> },
    LeavingNow,
    LeavingAfter { presses: u64 },
    NextTry { seconds: u64 },
    TryingAgain,
    Leaving,
    OfflineUntil { waiting: u64, next: Box<Say> },
    ThenNextTry { seconds: u64 },
    ThenTryingAgain,
    ThenLeaving,
    OutboxFails { why: String },
    KeptHere,
    ShortOffline,
    ShortOfflineWith { presses: u64 },
    ShortWaiting,
    ShortUnsaved { presses: u64 },
    ShortLeaving { presses: u64 },
    NobodyIsPicked,
    TooSmall { columns: u64, rows: u64 },
    // What opens above the game.
    NewPlayer,
    EditPlayer,
    FieldName,
    FieldEmail,
    FieldOptional,
    FieldPrompt { field: Box<Say> },
    NameNeeded,
    FieldFull { most: u64 },
    RemovePlayer,
    RemoveQuestion { name: String, points: i64 },
    // The table of keys.
    Keys,
    KeysMore,
    KeysPlay,
    KeysFilter,
    KeysForm,
    KeysConfirm,
    KeysSprint,
    KeysSprinting,
    KeysRace,
    KeysRacing,
    KeysHelp,
    KeysHistory,
    KeysLeaving,
    KeysEverywhere,
    KeysMouse,
    MouseButton,
    MouseButtonDoes,
    MouseRow,
    MouseRowDoes,
    MouseWheel,
    MouseWheelDoes,
    // The history.
    HistoryOf { name: String },
    HistoryReading,
    BestDay { points: i64, date: Box<Say> },
    PointsToday { points: i64 },
    PointsAllTime { points: i64 },
    Streak { days: u64 },
    PointsIn { period: Box<Say>, points: i64 },
    PointsSoFar { period: Box<Say>, points: i64 },
    Date { day: i64, month: Box<Say>, year: i64 },
    DateOfWeek { weekday: Box<Say>, date: Box<Say> },
    WeekFrom { date: Box<Say> },
    MonthOf { month: Box<Say>, year: i64 },
    Month { month: i64 },
    ShortMonth { month: i64 },
    Weekday { weekday: i64 },
    Now,
    // The numbers of the picked player.
    Rank { rank: u64 },
    Behind { rank: Box<Say>, points: i64, name: String },
    InTime { standing: Box<Say>, time: Box<Say> },
    AtYourPace { standing: Box<Say>, time: Box<Say> },
    LevelWith { rank: Box<Say>, name: String },
    Ahead { rank: Box<Say>, points: i64, name: String },
    AboutSeconds { n: u64 },
    AboutMinutes { n: u64 },
    AboutHours { n: u64 },
    AboutDays,
    Chaser { name: String, points: i64 },
    Peak { rate: String },
    // Feats.
    Milestone { score: String },
    AndOthers { name: String, others: u64 },
    Passed { who: String },
    PassedBy { who: String },
    // Sprints.
    Sprint,
    SprintOver { seconds: u64 },
    Seconds { n: String },
    ChoiceBest { presses: u64 },
    ChoiceNoBest,
    GetReady { seconds: u64 },
    BestIs { presses: u64 },
    BestIsNone,
    BestIsUnknown,
    EarlyPresses,
    TimeLeft { time: Box<Say> },
    DuelYou,
    DuelGhost,
    DuelBest { presses: u64 },
    DuelNoBest,
    DuelBestUnknown,
    DuelAhead { presses: u64 },
    DuelBehind { presses: u64 },
    DuelLevel,
    PressesIn { presses: u64, seconds: u64, rate: String },
    SprintSaving,
    SprintKeeping,
    NothingToKeep,
    NewBest { best: u64 },
    AsGoodAsBest,
    BehindBest { presses: u64, best: u64 },
    FirstOver,
    BestBeforeUnknown,
    ResultUnkept { why: Box<Say> },
    SprintVoid { why: Box<Say> },
    PressesCount,
    BoardReading,
    BoardUnread { why: Box<Say> },
    BoardNoRoom,
    BoardOver { seconds: u64 },
    BoardEmpty,
    ShortChoice { seconds: u64 },
    ShortChoiceBest { seconds: u64, best: u64 },
    ShortReady { seconds: u64 },
    ShortSaving { presses: u64 },
    ShortNewBest { presses: u64 },
    ShortBehind { presses: u64, best: u64 },
    ShortResult { presses: u64, seconds: u64 },
    ShortVoid { why: Box<Say> },
    ShortPressesCount,
    BoardNeeds { columns: u64, rows: u64 },
    BarsNeed { columns: u64, rows: u64 },
    // Why a sprint is void.
    VoidGivenUp,
    VoidSuspended,
    VoidPasted,
    VoidSlept,
    VoidPlayerGone,
    VoidLinkLost,
    VoidRefused,
    VoidLate,
    // Races.
    Race,
    RaceOver { seconds: u64 },
    RaceOffered { name: String, seconds: u64 },
    RaceIsOn { name: String, seconds: u64 },
    RaceJoin { race: Box<Say>, key: String },
    RaceWatch { race: Box<Say>, key: String },
    RaceChoice,
    RaceEntering,
    RaceStarts { seconds: u64 },
    RaceSaving,
    RaceLeft { why: Box<Say> },
    RaceLinkLost,
    RacerLeft,
    RacerDone,
    MoreRacers { racers: u64 },
    LeftWith { presses: u64 },
    RacedAlone { presses: u64 },
    RaceShared { presses: u64 },
    RaceWon { presses: u64 },
    RaceRank { rank: u64, racers: u64, presses: u64 },
    RaceWonBy { name: String, presses: u64 },
    RaceDrawn,
    LastRaces,
    LastRacesReading,
    LastRacesUnread { why: Box<Say> },
    LastRacesNoRoom,
    LastRacesEmpty,
    ShortRaceJoin { name: String, key: String },
    ShortRaceWatch { name: String, key: String },
    ShortRaceChoice { seconds: u64 },
    ShortRaceEntering,
    ShortRaceStarts { seconds: u64, racers: u64 },
    ShortRaceSaving,
    LastRacesNeed { columns: u64, rows: u64 },
    ResultNeeds { columns: u64, rows: u64 },
    // Why there is no race to be seen.
    RaceMissed,
    RaceGone,
    RaceUnresolved,
    // What is to be read.
    KeyDoesNothing { key: String },
    KeyDoesNothingHelp { key: String, help: String },
    SprintLeft,
    NobodyToPress,
    NobodyToEdit,
    NobodyToRemove,
    NobodyToSprint,
    NobodyToRace,
    NobodyToRecall,
    MayNotAdd,
    MayNotEdit,
    MayNotRemove,
    MayNotPlay,
    MouseOurs,
    MouseTheirs,
    ThemeAlone,
    ThemeNow { name: String },
    StillAdding { name: Box<Say> },
    SprintOffline,
    RaceOffline,
    NoRaceOpen,
    SprintUnkept { why: Box<Say> },
    SprintNotBelieved,
    HistoryUnread { why: Box<Say> },
    KeptSaved,
    RemovedByOther { name: Box<Say> },
    Removed { name: Box<Say> },
    SomePlayer,
    NamelessPlayer,
    NotAdded { name: Box<Say>, why: Box<Say> },
    NotChanged { name: Box<Say>, why: Box<Say> },
    NotRemoved { why: Box<Say> },
    ForNobody { presses: u64 },
    NotAddedInTime { name: Box<Say> },
    NoSuchPlayer { name: Box<Say> },
    NotCounted { presses: u64, why: Box<Say> },
    LookWhetherDone,
    KeptUnreadable { path: String, why: String },
    HeldOnce,
    HeldCounts,
    OverRate { presses: u64, limit: u64 },
    OverRateBefore { presses: u64 },
    KeptOverRate { presses: u64, limit: u64 },
    KeptOverRateBefore { presses: u64 },
    KeptForgotten { presses: u64 },
    ServerForgot { presses: u64 },
    Restored { presses: u64 },
    // Mistakes in files.
    MoreInLog { mistakes: u64 },
    ThemeLeftOut,
    DefaultKeysHold,
    DefaultThemeUsed,
    // Last words.
    PartFailed { panic: String },
    WorkerGone,
    ScreenFailed,
    KeptForLater { presses: u64, place: String },
    Lost { presses: u64, place: String, why: Box<Say> },
    VoidAtEnd,
    // Where the game is played in lines.
    LinesBegin { place: String },
    LinesSinceDumb,
    LinesFirstPlayer,
    ListHeading { title: String, players: String },
    ListRow { number: u64, name: String, points: i64 },
    ListGoesOn { shown: u64, all: u64, next: u64 },
    Picked { name: String, points: i64 },
    ScoreSaved { name: String, points: i64 },
    ScoreSaving { name: String, points: i64, presses: u64 },
    AnswersAgain,
    NewPlayers { who: String },
    LeadsNow { name: String, points: i64 },
    QuietOn,
    QuietOff,
    AskName,
    AskNameOr { name: String },
    AskEmail,
    AskEmailOr { email: String },
    AskYesOrNo,
    AskSeconds { seconds: String },
    NothingAsked,
    NothingDone,
    Changed { name: String },
    NoSuchWord { word: String },
    WordMeant { word: String, meant: String },
    NoSuchNumber { number: String },
    SeveralPlayers { word: String, players: u64 },
    TakesNothing { word: String },
    TakesOneOf { word: String, these: String },
    TakesNumber { word: String },
    NoScreenForThat,
    PressBySpaces,
    LineTooLong,
    SprintBegins { seconds: u64, name: String },
    SprintGo,
    SprintSoFar { left: Box<Say>, presses: u64 },
    SprintAhead { presses: u64 },
    SprintBehind { presses: u64 },
    SprintLevel,
    SprintIsOn,
    NothingIsOn,
    OverLength { seconds: u64, what: Box<Say> },
    RaceToJoin { race: Box<Say> },
    RaceToWatch { race: Box<Say> },
    RaceBegins { seconds: u64, name: String, wait: u64 },
    RaceWatched { seconds: u64, name: String },
    RacersNow { who: String },
    RaceRow { rank: u64, name: String, presses: u64 },
    RaceIsYours,
    RaceIsTheirs,
    HelpRow { word: String, does: Box<Say> },
    HelpEnter,
    HelpSpaces,
    HelpAnswers,
    DoesList,
    DoesWhere,
    DoesPick,
    DoesPickAbove,
    DoesPickBelow,
    DoesPickFirst,
    DoesPickLast,
    DoesFilterLine,
    DoesStop,
    DoesQuiet,
    DoesWords,
    LinesUndone { lines: u64 },
    LinesEnd,
    // What can go wrong with a store.
    StoreBusy { place: String },
    StoreLost { place: String, why: String },
    StoreAway { place: String, why: String },
    StoreHeld { place: String, by: String },
    StoreBehind { place: String, why: String },
    StoreFull { place: String },
    StoreReadOnly { place: String, why: String },
    StoreStandby { place: String },
    StoreForbidden { place: String, why: String },
    StoreMissing { place: String, why: String },
    StoreDevice { place: String, why: String },
    StoreGone,
    StoreForgotten,
    StoreScoreFull,
    StoreRejected { why: String },
    StoreUnusable { place: String, why: String },
    StoreReplaced { place: String },
    StoreNotADatabase { place: String },
    StoreDamaged { place: String, why: String },
    StoreForeign { place: String, why: String },
    StoreNewer { place: String, name: String },
    StoreUnreleased { place: String },
    StoreOverruled { why: String },
    StoreRestored,
    StoreUnread { place: String, why: String },
    StoreFaulty { place: String },
    StoreOther { place: String, why: String },
    // Words in the footer.
    HintScore,
    HintNew,
    HintEdit,
    HintRemove,
    HintFilter,
    HintPeriod,
    HintHistory,
    HintSprint,
    HintRace,
    HintKeys,
    HintStart,
    HintShorter,
    HintLonger,
    HintOpen,
    HintClose,
    HintAgain,
    HintEnd,
    HintKeepFilter,
    HintClear,
    HintSave,
    HintNextField,
    HintCancel,
    HintKeepPlayer,
    HintEarlier,
    HintLater,
    HintUnits,
    HintLeaveNow,
    HintQuit,
    // What keys do, in the table of them.
    DoesScore,
    DoesUp,
    DoesDown,
    DoesPageUp,
    DoesPageDown,
    DoesFirst,
    DoesLast,
    DoesAdd,
    DoesEdit,
    DoesRemove,
    DoesFilter,
    DoesPeriod,
    DoesHistory,
    DoesSprint,
    DoesRace,
    DoesJoin,
    DoesHelp,
    DoesStart,
    DoesShorter,
    DoesLonger,
    DoesCloseChoice,
    DoesScoreInSprint,
    DoesAgain,
    DoesEndSprint,
    DoesOpenRace,
    DoesShorterRace,
    DoesLongerRace,
    DoesScoreInRace,
    DoesRaceAgain,
    DoesEndRace,
    DoesKeepFilter,
    DoesClearFilter,
    DoesSave,
    DoesNextField,
    DoesPreviousField,
    DoesCancel,
    DoesRemoveYes,
    DoesRemoveNo,
    DoesCloseTable,
    DoesEarlier,
    DoesLater,
    DoesStepBack,
    DoesStepForth,
    DoesLeapBack,
    DoesLeapForth,
    DoesToBeginning,
    DoesToToday,
    DoesUnits,
    DoesCloseHistory,
    DoesLeaveNow,
    DoesMouse,
    DoesTheme,
    DoesRedraw,
    DoesQuit,
    DoesBack,
    DoesQuitAnywhere,
    DoesSuspend,
}

impl Say {
    /// The sentences that it consists of.
    pub fn sentences(&self) -> &[Self] {
        match self {
            Self::Sentences(sentences) => sentences,
            one => std::slice::from_ref(one),
        }
    }

    /// This, and after it something more.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        let mut sentences = self.sentences().to_vec();
        sentences.extend_from_slice(more.sentences());
        sentences.into()
    }
}

impl From<Vec<Say>> for Say {
    fn from(mut sentences: Vec<Say>) -> Self {
        match sentences.len() {
            1 => sentences.swap_remove(0),
            _ => Self::Sentences(sentences),
        }
    }
}

impl From<&str> for Say {
    fn from(words: &str) -> Self {
        words.to_owned().into()
    }
}

impl From<String> for Say {
    fn from(words: String) -> Self {
        Self::Verbatim(words.into())
    }
}
