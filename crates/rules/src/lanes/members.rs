//! Conditions on members: the lanes fan out into one for each member, and what holds there is counted back.
use std::ops::Range;

use super::bits::{self, Bits};
use super::cells::{Cells, Data};
use super::{Domain, Lanes, Rows};
use crate::shape::{How, Truth};

/// About so many members are looked at together; one household may bring more.
const SPAN: usize = 4096;

/// For each lane, of how many members of its household something holds or doesn't, and how many there are.
pub(super) struct Tally {
    yes: Vec<u32>,
    no: Vec<u32>,
    all: Vec<u32>,
    /// Whether anybody knows the members.
    listed: Vec<u64>,
}

impl Tally {
    pub(super) fn exact<'a>(self) -> Cells<'a> {
        let known = (0..self.all.len()).map(|lane| self.yes[lane] + self.no[lane] == self.all[lane]).collect::<Vec<_>>();
        let valid = bits::both(&bits::ask_one(&known, |known| *known), &self.listed);
        Cells { valid, data: Data::Int(self.yes.iter().map(|yes| i64::from(*yes)).collect()) }
    }

    /// The fewest and the most it can be.
    pub(super) fn bounds(&self, lane: usize) -> (i64, i64) {
        if bits::get(&self.listed, lane) {
            (i64::from(self.yes[lane]), i64::from(self.all[lane] - self.no[lane]))
        } else {
            (0, i64::MAX)
        }
    }

    fn holds(&self, how: How, lane: usize) -> Option<bool> {
        let (yes, no, all) = (self.yes[lane], self.no[lane], self.all[lane]);
        match how {
            _ if !bits::get(&self.listed, lane) => None,
            How::Exists if yes > 0 => Some(true),
            How::Exists => (no == all).then_some(false),
            How::All if no > 0 => Some(false),
            How::All => (yes == all).then_some(true),
            How::One if yes > 1 || no == all => Some(false),
            How::One => (yes == 1 && no + 1 == all).then_some(true),
        }
    }
}

impl<'a> Lanes<'a> {
    pub(super) fn members(self, how: How, such: &'a Truth, domain: Domain<'_>) -> Bits {
        let tally = self.tally(Some(such), domain);
        let mut bits = Bits::unknown(domain.lanes);
        (0..domain.lanes).for_each(|lane| bits.put(lane, tally.holds(how, lane)));
        bits
    }

    pub(super) fn tally(self, such: Option<&'a Truth>, domain: Domain<'_>) -> Tally {
        let lanes = domain.lanes;
        let members = |lane: usize| self.batch.members(domain.household.row(lane));
        let all: Vec<u32> = (0..lanes).map(|lane| u32::try_from(members(lane).len()).unwrap_or(u32::MAX)).collect();
        let listed = domain.household.pick_bits(self.batch.listed(), lanes);
        let Some(such) = such else { return Tally { yes: all.clone(), no: vec![0; lanes], all, listed } };
        if domain.other.is_some() {
            // A rule goes two members deep at most; one that claims to go deeper learns nothing there.
            return Tally { yes: vec![0; lanes], no: vec![0; lanes], all, listed: vec![0; bits::words(lanes)] };
        }
        let mut tally = Tally { yes: vec![0; lanes], no: vec![0; lanes], all, listed };
        let mut lane = 0;
        while lane < lanes {
            let (mut end, mut fan) = (lane, 0);
            while end < lanes && (end == lane || fan + tally.all[end] as usize <= SPAN) {
                fan += tally.all[end] as usize;
                end += 1;
            }
            let holds = self.fan_out(such, domain, lane..end, fan);
            let mut from = 0;
            for lane in lane..end {
                let to = from + tally.all[lane] as usize;
                tally.yes[lane] = bits::count(&holds.yes, from, to);
                tally.no[lane] = bits::count(&holds.no, from, to);
                from = to;
            }
            lane = end;
        }
        tally
    }

    /// What holds of each member of the households of these lanes.
    fn fan_out(self, such: &'a Truth, domain: Domain<'_>, from: Range<usize>, fan: usize) -> Bits {
        let members = |lane: usize| self.batch.members(domain.household.row(lane));
        let Some(outer) = domain.member else {
            // Households of one run lie one after another, and so do their members.
            let start = members(from.start).start;
            let household = Rows::Each(&self.batch.homes()[start..start + fan]);
            return self.truth(such, Domain { lanes: fan, household, member: Some(Rows::From(start)), other: None });
        };
        let repeat = |row: usize, lane: usize| std::iter::repeat_n(row as u32, members(lane).len());
        let household: Vec<u32> = from.clone().flat_map(|lane| repeat(domain.household.row(lane), lane)).collect();
        let member: Vec<u32> = from.clone().flat_map(|lane| repeat(outer.row(lane), lane)).collect();
        let other: Vec<u32> = from.flat_map(|lane| members(lane).map(|place| place as u32)).collect();
        let pairs = Domain {
            lanes: fan,
            household: Rows::Each(&household),
            member: Some(Rows::Each(&member)),
            other: Some(Rows::Each(&other)),
        };
        self.truth(such, pairs)
    }
}
