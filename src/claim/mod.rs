//! Describes what a sentence says: who asserts it, numbers, dates, names, negation.
