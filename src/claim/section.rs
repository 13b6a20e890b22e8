//! Sections of the word lists.

/// What a list of words is for; each is a section of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Section {
    /// Number words: `14`, `3..9`, `~20`; with `!` vague ones that are a scale behind 'about', 'over' and 'under': Russian
    /// `тысячи` are several thousands, `более тысячи` is more than one.
    Number,
    /// The word for one, where it is an article as well, and other number words with a common second meaning: they count
    /// only before a scale or unit.
    One,
    /// Factors: `1000 = tys`.
    Scale,
    /// Factors that hold only behind an amount of money: `€8m`.
    MoneyScale,
    /// Parts of a whole: `0.5 = half`.
    Fraction,
    /// `every second`.
    Every,
    /// `four out of five`; `each` may have what is counted before it (`un Français sur trois`), `link` only joins a great
    /// number to its unit (`d'euros`), `whole` stands behind a whole and counts one of it (`üç kişiden biri`).
    OutOf,
    /// Ordinal words.
    Ordinal,
    /// Endings of ordinals behind digits, such as `th`.
    OrdinalMark,
    /// Endings or words of age behind digits, such as `-jährig`; `before` for those that stand before them: `aged`; `joined`
    /// for those that follow the digits without a space; `apart` for years that are an age only between commas or in
    /// brackets: `Mario Rossi, 54 anni, …`; `unless` for what lasts years and has no age: `κάθειρξη
    /// δέκα ετών`; `decade` before ten years of an age: `in her 60s`.
    Age,
    /// about, over, under, exactly: before a number; `plain` for phrases that end in such a word and say nothing of the
    /// number: `took over`.
    Modifier,
    /// The same behind a number; `minus` only behind a temperature: below zero.
    ModifierAfter,
    /// Joins two number words into one number, or two ends of a range after `between`.
    And,
    /// Between two ends of a range.
    To,
    /// Before a range.
    Between,
    /// Around two amounts that something changes `from` and `to`: `von 2,1 auf 2,3 Prozent`.
    Change,
    /// Glues parts of number words within one word (German).
    Glue,
    /// Units, see `unit.rs`; `percent before` for a word that stands before its number.
    Unit,
    /// Marks a time of day: before or behind it; `before` or `behind` only there; `before time` only before a time as
    /// `18.30`; `before hours` also before a number of hours; `before hour` also before a bare hour: `alle 20`; `half`
    /// for words that set half or a quarter of an hour before it: `half past seven`.
    Clock,
    /// Months 1 to 12; with `!` forms behind which no day stands: Hungarian `májusban 5 ember`.
    Month,
    /// Weekdays 1 (Monday) to 7, weekends `6..7`; 0 for phrases that look like one and are none.
    Weekday,
    /// Words for the next weekday to come: `before` it (`next Sunday`) or `behind` it (`lundi prochain`).
    Coming,
    /// Words for the last such weekday, never today: `before` it (`last Friday`) or `behind` it (`vendredi dernier`).
    Last,
    /// Seasons by name, from month to month; with `!` those of this year: `this summer`.
    Season,
    /// Parts of a year or month: early, mid, late, first half, quarters.
    Part,
    /// Times that depend on today: `year-1`, `day0`, `yearend0` for the last month of this year; `vague` for phrases that
    /// look like one and are none: the end of the school year.
    Relative,
    /// Words around a year: `roku`, `godine`.
    Year,
    /// Marks ten years: `behind` their first, joined to it (`1990s`), or `before` it (`années 1990`).
    Decade,
    /// Words before a date that say nothing: in, on, the; `of` for those that do not make a round number a year, `during`
    /// for one that is no limit before a year: Swedish `under 2023`.
    In,
    /// before, after, since, until, ago; with `?` only before a date or a known event, with `!` only before a date,
    /// with `+` only before a number of days or the like, with `<` only behind a date or a known event; `vague` for
    /// phrases that look like 'one year ago' and name no time: years ago.
    Order,
    /// Words that tell of what is to come: will, soll; `past` for phrases with them that do not: soll … haben.
    Future,
    /// Kinds of events.
    Event,
    /// Negation.
    Negation,
    /// Endings of verbs that hold their negation, behind what such verbs begin with, `-` for anything: Czech
    /// `ne = la` for 'nepřišla', Turkish `- = medi` for 'gelmedi'.
    NegatedVerb,
    /// Phrases that look like a negation or a denial and are none.
    Affirmation,
    /// Verbs and phrases of denial.
    Denial,
    /// Verbs and phrases of reporting, by stance; with `<` where a preposition may stand before who says it, with `>`
    /// where whom it is said to may stand behind: warn, inform; `impersonal` for phrases that nobody says.
    Verb,
    /// Phrases before a source: according to.
    Source,
    /// Phrases behind a source: 's account.
    SourceAfter,
    /// Nouns that speak: officials, ministry, police.
    Speaker,
    /// Pronouns that speak: he, they.
    Pronoun,
    /// Relative words that open a clause: that, który.
    Clause,
    /// Words that are no part of a name although they may be capitalised.
    NotName,
    /// Titles and roles that stand before a name.
    Title,
    /// Countries and capitals with the words made from them, under one key for all languages; with `!` only where they
    /// are written with a capital, with `?` inhabitants that behind a first name are surnames (`Filip Turek`).
    Place,
    /// Prepositions, conjunctions, adverbs and auxiliaries, which are no part of a phrase that names somebody; `opens` and
    /// `object`, beside `article` or `of`, for articles that begin a phrase and stand inside none, and of a phrase that is no subject;
    /// `told`, above `preposition`, for prepositions before whom something is told.
    Stop,
    /// Endings of cases that names lose before they are compared.
    Ending,
}

/// Sections by their name in the files.
pub(crate) const SECTIONS: [(&str, Section); 47] = [
    ("number", Section::Number),
    ("one", Section::One),
    ("scale", Section::Scale),
    ("money scale", Section::MoneyScale),
    ("fraction", Section::Fraction),
    ("every", Section::Every),
    ("out of", Section::OutOf),
    ("ordinal", Section::Ordinal),
    ("ordinal mark", Section::OrdinalMark),
    ("age", Section::Age),
    ("modifier", Section::Modifier),
    ("modifier after", Section::ModifierAfter),
    ("and", Section::And),
    ("to", Section::To),
    ("between", Section::Between),
    ("change", Section::Change),
    ("glue", Section::Glue),
    ("unit", Section::Unit),
    ("clock", Section::Clock),
    ("month", Section::Month),
    ("weekday", Section::Weekday),
    ("coming", Section::Coming),
    ("last", Section::Last),
    ("season", Section::Season),
    ("part", Section::Part),
    ("relative", Section::Relative),
    ("year", Section::Year),
    ("decade", Section::Decade),
    ("in", Section::In),
    ("order", Section::Order),
    ("future", Section::Future),
    ("event", Section::Event),
    ("negation", Section::Negation),
    ("negated verb", Section::NegatedVerb),
    ("affirmation", Section::Affirmation),
    ("denial", Section::Denial),
    ("verb", Section::Verb),
    ("source", Section::Source),
    ("source after", Section::SourceAfter),
    ("speaker", Section::Speaker),
    ("pronoun", Section::Pronoun),
    ("clause", Section::Clause),
    ("not name", Section::NotName),
    ("title", Section::Title),
    ("place", Section::Place),
    ("stop", Section::Stop),
    ("ending", Section::Ending),
];
