//! Units of quantities, and how each is brought to the base unit of its kind.

use std::fmt;

use serde::Serialize;

/// Kind of a quantity, with the base unit in which its values are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Things, of whatever kind.
    Count,
    /// People.
    Persons,
    /// Hundredths of a whole; shares such as 'four out of five' as well.
    Percent,
    /// Differences between two percentages.
    Points,
    /// An amount in a currency.
    Money(Currency),
    /// Metres.
    Length,
    /// Square metres.
    Area,
    /// Litres.
    Volume,
    /// Kilograms.
    Mass,
    /// Watt hours.
    Energy,
    /// Watts.
    Power,
    /// Kilometres per hour.
    Speed,
    /// Degrees Celsius.
    Temperature,
    /// Seconds.
    Duration,
    /// Years of a person's life.
    Age,
    /// Place in an order: the third.
    Ordinal,
    /// Times as much.
    Times,
    /// Points of two sides in a match or a vote, the lesser and the greater number; which side won is not told.
    Score,
}

/// ISO 4217 code of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl Unit {
    /// Reads a key of the word lists: the unit, the factor to its base unit, and what is added before the factor.
    pub(crate) fn from_key(key: &str) -> Option<(Unit, f64, f64)> {
        let (unit, factor) = match key {
            "count" => (Unit::Count, 1.0),
            "persons" | "person" => (Unit::Persons, 1.0),
            "percent" | "percent before" => (Unit::Percent, 1.0),
            "permille" => (Unit::Percent, 0.1),
            "points" => (Unit::Points, 1.0),
            "basis points" => (Unit::Points, 0.01),
            "mm" => (Unit::Length, 0.001),
            "cm" => (Unit::Length, 0.01),
            "m" => (Unit::Length, 1.0),
            "km" => (Unit::Length, 1000.0),
            "mile" => (Unit::Length, 1609.344),
            "nautical mile" => (Unit::Length, 1852.0),
            "foot" => (Unit::Length, 0.3048),
            "inch" => (Unit::Length, 0.0254),
            "m2" => (Unit::Area, 1.0),
            "stremma" => (Unit::Area, 1000.0),
            "ha" => (Unit::Area, 10_000.0),
            "acre" => (Unit::Area, 4046.856),
            "km2" => (Unit::Area, 1e6),
            "square mile" => (Unit::Area, 2_589_988.0),
            "l" => (Unit::Volume, 1.0),
            "m3" => (Unit::Volume, 1000.0),
            "barrel" => (Unit::Volume, 158.987),
            "g" => (Unit::Mass, 0.001),
            "kg" => (Unit::Mass, 1.0),
            "t" => (Unit::Mass, 1000.0),
            "pound" => (Unit::Mass, 0.453_592),
            "kWh" => (Unit::Energy, 1e3),
            "MWh" => (Unit::Energy, 1e6),
            "GWh" => (Unit::Energy, 1e9),
            "TWh" => (Unit::Energy, 1e12),
            "W" => (Unit::Power, 1.0),
            "kW" => (Unit::Power, 1e3),
            "MW" => (Unit::Power, 1e6),
            "GW" => (Unit::Power, 1e9),
            "km/h" => (Unit::Speed, 1.0),
            "mph" => (Unit::Speed, 1.609_344),
            "m/s" => (Unit::Speed, 3.6),
            "celsius" => (Unit::Temperature, 1.0),
            "fahrenheit" => return Some((Unit::Temperature, 1.0 / 1.8, -32.0)),
            "second" => (Unit::Duration, 1.0),
            "minute" => (Unit::Duration, 60.0),
            "hour" => (Unit::Duration, 3600.0),
            "day" => (Unit::Duration, 86_400.0),
            "week" => (Unit::Duration, 7.0 * 86_400.0),
            "month" => (Unit::Duration, 30.4375 * 86_400.0),
            "year" => (Unit::Duration, 365.25 * 86_400.0),
            "decade" => (Unit::Duration, 3652.5 * 86_400.0),
            "times" => (Unit::Times, 1.0),
            "age" => (Unit::Age, 1.0),
            "cent" => (Unit::Money(Currency(*b"EUR")), 0.01),
            "grosz" => (Unit::Money(Currency(*b"PLN")), 0.01),
            "kopeck" => (Unit::Money(Currency(*b"RUB")), 0.01),
            "kopiyka" => (Unit::Money(Currency(*b"UAH")), 0.01),
            "heller" => (Unit::Money(Currency(*b"CZK")), 0.01),
            "stotinka" => (Unit::Money(Currency(*b"BGN")), 0.01),
            _ => {
                let code: [u8; 3] = key.as_bytes().try_into().ok()?;
                return code.iter().all(u8::is_ascii_uppercase).then_some((Unit::Money(Currency(code)), 1.0, 0.0));
            }
        };
        Some((unit, factor, 0.0))
    }

    /// Whether two quantities of these units can be about the same thing.
    pub(crate) fn comparable(self, other: Unit) -> bool {
        let things = |unit| matches!(unit, Unit::Count | Unit::Persons);
        self == other || (things(self) && things(other))
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Unit::Count => "",
            Unit::Persons => "persons",
            Unit::Percent => "%",
            Unit::Points => "points",
            Unit::Money(currency) => currency.code(),
            Unit::Length => "m",
            Unit::Area => "m²",
            Unit::Volume => "l",
            Unit::Mass => "kg",
            Unit::Energy => "Wh",
            Unit::Power => "W",
            Unit::Speed => "km/h",
            Unit::Temperature => "°C",
            Unit::Duration => "s",
            Unit::Age => "years old",
            Unit::Ordinal => "th",
            Unit::Times => "times",
            Unit::Score => "score",
        })
    }
}
