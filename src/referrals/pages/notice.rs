//! What a transfer notice says of its case beside the packet, until the case is taken over: which one, of what type, how far, since when.

use crate::error::Error;
use crate::packs::Pack;
use crate::platform::db::Work;
use crate::referrals::row::Referral;
use crate::referrals::words::Kind;
use crate::web::Page;
use crate::web::parts::Entry;

/// The case summary; empty for every other kind, and once sharing has ended (S4). Risk and everything told in words stay in the packet,
/// where consent decides section by section.
pub(super) async fn summary(work: &mut Work, p: &Page, pack: &Pack, referral: &Referral) -> Result<Vec<Entry>, Error> {
    if referral.state.terms.kind != Kind::TransferNotice {
        return Ok(Vec::new());
    }
    let found = sqlx::query!(
        r#"select code as "code!", case_type as "case_type?", stage as "stage?", opened_at as "opened_at!" from access.notice_summary($1)"#,
        referral.id.0
    )
    .fetch_optional(work.db())
    .await?;
    let Some(case) = found else { return Ok(Vec::new()) };
    let kind = case.case_type.and_then(|id| pack.case_type_by_id(u8::try_from(id).ok()?));
    let stage = kind.and_then(|kind| pack.process(kind)?.stage(case.stage.as_deref()?));
    let said = [
        ("code", case.code),
        ("type", kind.map(|kind| kind.labels.get(p.reader.lang).to_owned()).unwrap_or_default()),
        ("stage", stage.map(|stage| stage.labels.get(p.reader.lang).to_owned()).unwrap_or_default()),
        ("opened", p.reader.day(case.opened_at)),
    ];
    Ok(said
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| Entry::new(p.tc("notice-summary", key), value))
        .collect())
}
