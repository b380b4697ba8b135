//! Generates enums from the lists of messages: for each a variant, its name and its arguments.

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

        impl Say {
            /// The name of a single message, with its arguments added to these.
            pub(super) fn read<'a>(
                &'a self,
                words: Words,
                arguments: &mut FluentArgs<'a>,
            ) -> &'static str {
                match self {
                    Self::Verbatim(_) | Self::Sentences(_) | Self::Beside(_) => "",
                    $(Self::$name $({ $($argument),+ })? => {
                        $($(arguments.set(stringify!($argument), $argument.value(words));)+)?
                        stringify!($name)
                    })*
                    $(Self::Store(StoreError::$error $({ $($detail),+ })?) => {
                        $($(arguments.set(stringify!($detail), $detail.value(words));)+)?
                        concat!("Store", stringify!($error))
                    })*
                }
            }
        }
    };
}

pub(super) use messages;
