//! The calendar's arithmetic: a moment as its fields, days and weekdays counted.

/// A moment as a calendar and a clock show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The year.
    pub year: i64,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
    /// The hour.
    pub hour: u8,
    /// The minute.
    pub minute: u8,
    /// The second.
    pub second: u8,
    /// The microsecond.
    pub microsecond: u32,
}

/// Microseconds in a day.
const DAY: i128 = 86_400_000_000;

impl Moment {
    /// Midnight of a day.
    pub fn midnight(year: i64, month: u8, day: u8) -> Moment {
        Moment { year, month, day, hour: 0, minute: 0, second: 0, microsecond: 0 }
    }

    /// Whether there is such a day and such a time.
    pub fn is_valid(&self) -> bool {
        (1..=9999).contains(&self.year)
            && (1..=12).contains(&self.month)
            && (1..=days_in_month(self.year, self.month)).contains(&self.day)
            && self.hour < 24
            && self.minute < 60
            && self.second < 60
            && self.microsecond < 1_000_000
    }

    /// Days since 1970-01-01.
    pub fn days(&self) -> i64 {
        // Years that begin in March make the leap day the last of its year.
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = i64::from(self.month);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// Microseconds since 1970-01-01, as if this were UTC.
    pub fn microseconds(&self) -> i128 {
        let seconds =
            i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        i128::from(self.days()) * DAY
            + i128::from(seconds) * 1_000_000
            + i128::from(self.microsecond)
    }

    /// The moment so many microseconds after 1970-01-01.
    pub fn from_microseconds(microseconds: i128) -> Moment {
        let days = i64::try_from(microseconds.div_euclid(DAY)).unwrap_or(0);
        let rest = microseconds.rem_euclid(DAY);
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let small = |number: i128| u8::try_from(number).unwrap_or(0);
        let seconds = rest / 1_000_000;
        Moment {
            year,
            month: u8::try_from(month).unwrap_or(1),
            day: u8::try_from(day_of_year - (153 * shifted_month + 2) / 5 + 1).unwrap_or(1),
            hour: small(seconds / 3600),
            minute: small(seconds / 60 % 60),
            second: small(seconds % 60),
            microsecond: u32::try_from(rest % 1_000_000).unwrap_or(0),
        }
    }

    /// The day of the week, 0 for Monday.
    pub fn weekday(&self) -> i64 {
        (self.days() + 3).rem_euclid(7)
    }

    /// The day of the year, from 1.
    pub fn day_of_year(&self) -> i64 {
        self.days() - Moment::midnight(self.year, 1, 1).days() + 1
    }

    /// The ISO year and week.
    pub fn iso_week(&self) -> (i64, i64) {
        let thursday = self.days() - self.weekday() + 3;
        let year = Moment::from_microseconds(i128::from(thursday) * DAY).year;
        (year, (thursday - Moment::midnight(year, 1, 1).days()) / 7 + 1)
    }
}

/// How many days a month has.
pub(super) fn days_in_month(year: i64, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for (year, month, day, days) in [(1970, 1, 1, 0), (2000, 2, 29, 11_016), (1969, 12, 31, -1)]
        {
            let moment = Moment::midnight(year, month, day);
            assert_eq!(moment.days(), days);
            assert_eq!(Moment::from_microseconds(i128::from(days) * DAY), moment);
        }
        let moment = Moment::midnight(2024, 12, 30);
        assert_eq!(
            (moment.weekday(), moment.day_of_year(), moment.iso_week()),
            (0, 365, (2025, 1))
        );
        assert!(!Moment::midnight(2023, 2, 29).is_valid());
    }
}
