//! Generates enums from the lists of messages: for each a variant, its index and its arguments.

macro_rules! messages {
    (
        $($name:ident $({ $($argument:ident: $kind:ty),+ })?,)*
        ; StoreError {
            $($(#[$doc:meta])* $error:ident $({ $($detail:ident),+ })?,)*
        }
    ) => {
        /// A message, independent of the language.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the English catalogue says what each means")]
        pub enum Say {
            /// Text from elsewhere, such as a database or the system, which is shown unchanged.
            Verbatim(Cow<'static, str>),
            /// Several sentences, one after the other.
            Sentences(Vec<Say>),
            /// Several things side by side, with ` · ` between them.
            Beside(Vec<Say>),
            /// An error of the database.
            Store(StoreError),
            $($name $({ $($argument: $kind),+ })?,)*
        }

        /// A failed call of a store. `place` is the file or the server's URL without the password,
        /// and `why` is what the driver, the database or the system said.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the fields mean the same in every variant")]
        pub enum StoreError {
            $($(#[$doc])* $error $({ $($detail: String),+ })?,)*
        }

        /// The name of each message and of its arguments, as the catalogues must have them
        /// (`ListTitle` as `list-title`).
        pub const MESSAGES: &[(&str, &[&str])] = &[
            $((stringify!($name), &[$($(stringify!($argument)),+)?]),)*
            $((concat!("Store", stringify!($error)), &[$($(stringify!($detail)),+)?]),)*
        ];

        /// The indexes of the messages in [`MESSAGES`], and of the errors behind them.
        #[derive(Clone, Copy)]
        enum Place { $($name,)* Store }
        #[derive(Clone, Copy)]
        enum ErrorPlace { $($error),* }

        impl Say {
            /// Its index in [`MESSAGES`]; past the end if it is not a single message.
            pub(super) fn index(&self) -> usize {
                match self {
                    Self::Verbatim(_) | Self::Sentences(_) | Self::Beside(_) => {
                        MESSAGES.len()
                    }
                    $(Self::Store(StoreError::$error { .. }) => {
                        Place::Store as usize + ErrorPlace::$error as usize
                    })*
                    $(Self::$name { .. } => Place::$name as usize,)*
                }
            }

            /// Its arguments.
            pub(super) fn arguments<'a>(&'a self, words: &'a Words) -> FluentArgs<'a> {
                let mut arguments = FluentArgs::new();
                match self {
                    $($(Self::$name { $($argument),+ } => {
                        $(arguments.set(stringify!($argument), $argument.value(words));)+
                    })?)*
                    $($(Self::Store(StoreError::$error { $($detail),+ }) => {
                        $(arguments.set(stringify!($detail), $detail.value(words));)+
                    })?)*
                    _ => {}
                }
                arguments
            }
        }
    };
}

pub(super) use messages;
