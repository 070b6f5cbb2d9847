//! Messages to a person that leave by themselves: to which telephone or address, at which hours, and why to none (S6). Nobody is written to by a room that
//! did not ask here, when it promises to and again when the message leaves.
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use crate::config::Numbering;
use crate::error::Error;
use crate::people::{Contact, ContactEntry, Person, Way, store};
use crate::platform::db::{Ground, Work};
use crate::platform::ids::{OrgId, PersonId};
use crate::platform::lang::Lang;
use crate::platform::mail::is_address;
use crate::platform::outbox::Carrier;
use crate::platform::sms::{Undialled, dialled};

/// Whether a person may be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// On this telephone, or at this address.
    By(SafeChannel),
    /// Not; why, as the tail of text keys `error-…` and `mail-result-…`.
    Nobody(&'static str),
}

/// A telephone that the person marked safe for text messages, or an address that they marked safe for mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafeChannel {
    /// What carries a message there.
    pub carrier: Carrier,
    /// The number or the address, as it was written down.
    pub address: String,
    /// The language that the person speaks best of those that we write.
    pub lang: Option<Lang>,
    /// At which hours it is safe.
    hours: Hours,
}

/// Safe hours, as they are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hours {
    /// Nobody wrote any down.
    Any,
    /// From one to the other, each day.
    Between(NaiveTime, NaiveTime),
    /// Said in words that only people understand, or so that mornings might be meant and evenings as well.
    InWords,
}

/// Which telephone of a person this organisation may write to, or at which address where no text message reaches them.
pub async fn reach(work: &mut Work, person: PersonId, org: OrgId) -> Result<Reach, Error> {
    let (known, contacts) = match contacts_of(work, person, org).await? {
        Ok(found) => found,
        Err(why) => return Ok(Reach::Nobody(why)),
    };
    Ok(match by_text(work.ground(), &known, &contacts) {
        Reach::Nobody(why) => by_mail(work.ground(), &known, &contacts, why),
        telephone => telephone,
    })
}

/// Which telephone of a person this organisation may write to; never an address.
pub async fn reach_by_text(work: &mut Work, person: PersonId, org: OrgId) -> Result<Reach, Error> {
    Ok(match contacts_of(work, person, org).await? {
        Ok((known, contacts)) => by_text(work.ground(), &known, &contacts),
        Err(why) => Reach::Nobody(why),
    })
}

type Known = (Person, Vec<Contact>);

// The person with what they are reached by, or why nothing leaves to them by itself. What must be respected when they are contacted stands in words, and is
// for people to weigh. Jobs do not see whom another organisation registered, so that no promise is made of it either.
async fn contacts_of(work: &mut Work, person: PersonId, org: OrgId) -> Result<Result<Known, &'static str>, Error> {
    let known = match store::find(work, person).await {
        Ok(known) if known.org == org => known,
        Ok(_) | Err(Error::NotFound) => return Ok(Err("text_registered_elsewhere")),
        Err(error) => return Err(error),
    };
    if store::has_died(work, person).await? {
        return Ok(Err("text_died"));
    }
    if !known.contact_restriction.trim().is_empty() {
        return Ok(Err("text_contact_restricted"));
    }
    let contacts = store::contacts(work, person).await?;
    Ok(Ok((known, contacts)))
}

fn by_text(ground: &Ground, known: &Person, contacts: &[Contact]) -> Reach {
    let Some(contact) = contacts.iter().find(|contact| contact.is_safe_for(Way::Text)) else {
        return Reach::Nobody("text_no_safe_phone");
    };
    if !ground.sms.channel.is_open() {
        return Reach::Nobody("text_no_gateway");
    }
    match undialled(contact, &ground.sms.numbering) {
        Some(why) => Reach::Nobody(why),
        None => Reach::By(SafeChannel::of(Carrier::Text, known, contact)),
    }
}

// Where no text message reaches them, for this reason.
fn by_mail(ground: &Ground, known: &Person, contacts: &[Contact], no_text: &'static str) -> Reach {
    let Some(contact) = contacts.iter().find(|contact| contact.is_safe_for(Way::Email)) else {
        return Reach::Nobody(if no_text == "text_no_safe_phone" { "text_no_safe_way" } else { no_text });
    };
    if !ground.mail.channel.is_open() {
        return Reach::Nobody("text_no_mail");
    }
    match no_address(contact) {
        Some(why) => Reach::Nobody(why),
        None => Reach::By(SafeChannel::of(Carrier::Mail, known, contact)),
    }
}

/// What keeps mail from an address that was marked safe for it; none where it is one, or where no mail is to go.
pub fn no_address(contact: &ContactEntry) -> Option<&'static str> {
    (contact.is_safe_for(Way::Email) && !is_address(contact.value.trim())).then_some("text_no_address")
}

/// What keeps text messages from a telephone that was marked safe for them; none where they reach it, or where none are to go.
pub fn undialled(contact: &ContactEntry, numbering: &Numbering) -> Option<&'static str> {
    if !contact.is_safe_for(Way::Text) {
        return None;
    }
    dialled(&contact.value, numbering).err().map(|why| match why {
        Undialled::NoNumber => "text_not_dialled",
        Undialled::NotWhole => "text_not_whole",
    })
}

impl SafeChannel {
    fn of(carrier: Carrier, person: &Person, contact: &ContactEntry) -> Self {
        Self {
            carrier,
            address: contact.value.trim().to_owned(),
            lang: person.languages.iter().find_map(|code| code.parse().ok()),
            hours: Hours::of(&contact.hours),
        }
    }

    /// The first moment from this one on at which it is safe, where its hours can be told by a clock.
    pub fn safe_from(&self, at: DateTime<Utc>, zone: Tz) -> Result<DateTime<Utc>, &'static str> {
        let (from, until) = match self.hours {
            Hours::Any => return Ok(at),
            Hours::Between(from, until) => (from, until),
            Hours::InWords => return Err("text_hours_in_words"),
        };
        let is_within = |moment: &DateTime<Utc>| (from..until).contains(&moment.with_timezone(&zone).time());
        if is_within(&at) {
            return Ok(at);
        }
        let today = at.with_timezone(&zone).date_naive();
        // On the night in which clocks are set forward there may be no such hours at all.
        let mut begins = (0..3).filter_map(|days| begin(zone, today + Days::new(days), from));
        begins.find(|moment| *moment > at && is_within(moment)).ok_or("text_too_late")
    }

    /// It is safe now.
    pub fn is_safe_at(&self, at: DateTime<Utc>, zone: Tz) -> bool {
        self.safe_from(at, zone) == Ok(at)
    }
}

// When these hours begin on this day: where clocks leap over the moment, as soon as they have.
fn begin(zone: Tz, day: NaiveDate, from: NaiveTime) -> Option<DateTime<Utc>> {
    const LONGEST_LEAP: i64 = 180;
    let wanted = day.and_time(from);
    let moment =
        (0..=LONGEST_LEAP).find_map(|minutes| zone.from_local_datetime(&(wanted + TimeDelta::minutes(minutes))).earliest());
    moment.map(|moment| moment.with_timezone(&Utc))
}

impl Hours {
    /// `9-17`, `09:00–11:30`; everything else is words. People say `5-8` of an evening as of a morning, and a message at the wrong one of the two is read
    /// by whoever is at home: hours count only where they can't be those of a clock of twelve hours.
    pub fn of(text: &str) -> Self {
        let plain = any_ascii::any_ascii(&text.replace(['–', '—', '−'], "-"));
        if plain.trim().is_empty() {
            return Self::Any;
        }
        let Some((from, until)) = plain.split_once('-').map(|(from, until)| (from.trim(), until.trim())) else {
            return Self::InWords;
        };
        let (Some(first), Some(last)) = (clock(from), clock(until)) else { return Self::InWords };
        let is_plain = last.hour() > 12 || is_of_a_day(from, until);
        if first < last && is_plain { Self::Between(first, last) } else { Self::InWords }
    }
}

// `09-11`, `09:30-12:00`, `10:00-11:30`: as only the hours of a whole day are written, two digits each and a nought before or minutes behind.
fn is_of_a_day(from: &str, until: &str) -> bool {
    let two = |text: &str| text.chars().take_while(char::is_ascii_digit).count() == 2;
    two(from) && two(until) && (from.starts_with('0') || (from.len() > 3 && until.len() > 3))
}

// `9`, `9:30`, `09.30`, `9h30`, `9h`.
fn clock(text: &str) -> Option<NaiveTime> {
    let (hour, minute) = text.trim().split_once([':', '.', 'h']).unwrap_or((text.trim(), ""));
    let minute = if minute.is_empty() { "0" } else { minute };
    NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(hours: &str) -> SafeChannel {
        SafeChannel { carrier: Carrier::Text, address: "0790 123456".into(), lang: None, hours: Hours::of(hours) }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    #[test]
    fn s06_hours_that_a_clock_can_tell_are_kept_and_words_are_left_to_people() {
        let zone = chrono_tz::Asia::Amman;
        for hours in ["9-17", "09:00 – 17:00", "٩-١٧", "9h-17h", "9.00-17.00"] {
            let phone = phone(hours);
            // Amman is three hours ahead.
            assert_eq!(phone.safe_from(at("2026-11-26T07:00:00Z"), zone), Ok(at("2026-11-26T07:00:00Z")), "{hours}");
            assert_eq!(phone.safe_from(at("2026-11-26T03:00:00Z"), zone), Ok(at("2026-11-26T06:00:00Z")), "{hours}");
            assert_eq!(phone.safe_from(at("2026-11-26T14:00:00Z"), zone), Ok(at("2026-11-27T06:00:00Z")), "{hours}");
        }
        for words in [
            "evenings",
            "after 5",
            "17-9",
            "9-17, never on Friday",
            "9-25",
            "when he is at work",
            "5-8",
            "6-9",
            "٦-٩",
            "9-12",
            "10-12",
            "5:00-8:00",
            "9h-12h",
        ] {
            assert_eq!(phone(words).safe_from(at("2026-11-26T07:00:00Z"), zone), Err("text_hours_in_words"), "{words}");
            assert!(!phone(words).is_safe_at(at("2026-11-26T07:00:00Z"), zone));
        }
        for morning in ["09-11", "09:00-11:00", "08:30 – 12:00", "٠٩:٠٠-١١:٠٠"] {
            assert!(phone(morning).is_safe_at(at("2026-11-26T07:00:00Z"), zone), "{morning}");
        }
        assert!(phone(" ").is_safe_at(at("2026-11-26T01:00:00Z"), zone));
    }

    #[test]
    fn s06_safe_hours_are_those_of_the_clock_on_the_wall_when_clocks_change_too() {
        let paris = chrono_tz::Europe::Paris;
        let next = |hours: &str, moment: &str| phone(hours).safe_from(at(moment), paris);
        // In the night to 28 March 2027 clocks leap from two to three, in the one to 25 October 2026 they go from three back to two.
        assert_eq!(next("09:00-17:00", "2027-03-26T19:00:00Z"), Ok(at("2027-03-27T08:00:00Z")));
        assert_eq!(next("09:00-17:00", "2027-03-27T19:00:00Z"), Ok(at("2027-03-28T07:00:00Z")));
        assert_eq!(next("09:00-17:00", "2026-10-24T19:00:00Z"), Ok(at("2026-10-25T08:00:00Z")));
        assert_eq!(next("02:30-18:00", "2027-03-27T22:00:00Z"), Ok(at("2027-03-28T01:00:00Z")));
        assert_eq!(next("02:10-02:50", "2027-03-27T22:00:00Z"), Ok(at("2027-03-29T00:10:00Z")), "these are not on that night");
        assert_eq!(next("02:10-02:50", "2026-10-25T01:20:00Z"), Ok(at("2026-10-25T01:20:00Z")), "these are twice on that one");
    }
}
