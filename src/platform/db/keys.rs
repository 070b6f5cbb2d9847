//! The data keys of what the actor sees. Each is asked of the database, which decides, and unwrapped by the keyring.
use uuid::Uuid;

use super::Work;
use crate::error::Error;
use crate::platform::ids::UnitId;
use crate::platform::seal::DataKey;

impl Work {
    /// The data key of a case that the actor sees; [`Error::NotFound`] otherwise.
    pub async fn case_key(&mut self, case: Uuid) -> Result<DataKey, Error> {
        if let Some(key) = self.keys.get(&case) {
            return Ok(key.clone());
        }
        let wrapped = sqlx::query_scalar!("select access.case_key($1)", case).fetch_one(self.db()).await?;
        self.keep_key(case, wrapped)
    }

    /// Keeps the data key of a case that the actor sees, and says which of these acts they hold there, and whether they are in for a handed
    /// task alone: a page that opens a case asks all of it.
    pub async fn case_key_and_rights(&mut self, case: Uuid, acts: &[String], unit: UnitId) -> Result<(Vec<String>, bool), Error> {
        let row = sqlx::query!(
            r#"select access.case_key($1) as key,
                 array(select act from unnest($2::text[]) act where access.holds(act, $3, $1)) as "held!", access.in_for_task($1) as "in_for_task!""#,
            case,
            acts,
            unit
        )
        .fetch_one(self.db())
        .await?;
        self.keep_key(case, row.key)?;
        Ok((row.held, row.in_for_task))
    }

    /// The data key of the case of a visit that the actor set out on, whether they see that case or not: for what they say of coming back (S22).
    pub async fn visit_key(&mut self, meeting: Uuid, case: Uuid) -> Result<DataKey, Error> {
        if let Some(key) = self.keys.get(&case) {
            return Ok(key.clone());
        }
        let wrapped = sqlx::query_scalar!("select access.visit_key($1)", meeting).fetch_one(self.db()).await?;
        self.keep_key(case, wrapped)
    }

    /// The data key of a packet that the actor may open now.
    pub async fn packet_key(&mut self, packet: Uuid) -> Result<DataKey, Error> {
        let wrapped = sqlx::query_scalar!("select access.packet_key($1)", packet).fetch_one(self.db()).await?;
        self.keep_key(packet, wrapped)
    }

    /// The data key of a referral's own words, for either side of it.
    pub async fn referral_key(&mut self, referral: Uuid) -> Result<DataKey, Error> {
        if let Some(key) = self.keys.get(&referral) {
            return Ok(key.clone());
        }
        let wrapped = sqlx::query_scalar!("select access.referral_key($1)", referral).fetch_one(self.db()).await?;
        self.keep_key(referral, wrapped)
    }

    /// The data key of a record that belongs to a person, named by its first version.
    pub async fn person_record_key(&mut self, root: Uuid) -> Result<DataKey, Error> {
        if let Some(key) = self.keys.get(&root) {
            return Ok(key.clone());
        }
        let wrapped = sqlx::query_scalar!("select access.person_record_key($1)", root).fetch_one(self.db()).await?;
        self.keep_key(root, wrapped)
    }

    /// The data key of what arrived from a device, for the unit that it waits in.
    pub async fn arrival_key(&mut self, arrival: Uuid) -> Result<DataKey, Error> {
        if let Some(key) = self.keys.get(&arrival) {
            return Ok(key.clone());
        }
        let wrapped = sqlx::query_scalar!("select access.arrival_key($1)", arrival).fetch_one(self.db()).await?;
        self.keep_key(arrival, wrapped)
    }

    /// The data key of a wellbeing note, for the two who met.
    pub async fn wellbeing_key(&mut self, note: Uuid) -> Result<DataKey, Error> {
        let wrapped = sqlx::query_scalar!("select access.wellbeing_key($1)", note).fetch_one(self.db()).await?;
        self.keep_key(note, wrapped)
    }

    /// The data key of the signed-in user's own planner, made when first something is sealed with it.
    pub async fn planner_key(&mut self) -> Result<DataKey, Error> {
        let me = self.me()?.0;
        if let Some(key) = self.keys.get(&me) {
            return Ok(key.clone());
        }
        let wrapped = sqlx::query_scalar!("select access.planner_key()").fetch_one(self.db()).await?;
        if wrapped.is_some() { self.keep_key(me, wrapped) } else { self.new_key(me, None).await }
    }

    /// The data key of one organisation's minutes of a conference, for the case's side and for that organisation.
    pub async fn conference_key(&mut self, packet: Uuid) -> Result<DataKey, Error> {
        let wrapped = sqlx::query_scalar!("select access.conference_key($1)", packet).fetch_one(self.db()).await?;
        self.keep_key(packet, wrapped)
    }

    /// The data key of a letter, for the sender's side alone.
    pub async fn letter_key(&mut self, letter: Uuid) -> Result<DataKey, Error> {
        if let Some(key) = self.keys.get(&letter) {
            return Ok(key.clone());
        }
        let wrapped = sqlx::query_scalar!("select access.letter_key($1)", letter).fetch_one(self.db()).await?;
        self.keep_key(letter, wrapped)
    }

    /// The data key of what was attached to a packet, for whoever may open the packet now.
    pub async fn attachment_key(&mut self, attachment: Uuid) -> Result<DataKey, Error> {
        let wrapped = sqlx::query_scalar!("select access.attachment_key($1)", attachment).fetch_one(self.db()).await?;
        self.keep_key(attachment, wrapped)
    }

    /// Makes and stores a data key for a new case, packet or referral.
    pub async fn new_key(&mut self, owner: Uuid, case: Option<Uuid>) -> Result<DataKey, Error> {
        let made = self.ground.keyring.new_data_key(owner);
        self.put_key(owner, case, made).await
    }

    /// Stores a data key that the keyring made beforehand; [`crate::error::Clash::Stale`] when the owner has one already.
    pub async fn put_key(&mut self, owner: Uuid, case: Option<Uuid>, made: (DataKey, Vec<u8>, i32)) -> Result<DataKey, Error> {
        let (key, wrapped, epoch) = made;
        sqlx::query!("select access.put_key($1, $2, $3, $4)", owner, case, wrapped, epoch).fetch_one(self.db()).await?;
        self.keys.insert(owner, key.clone());
        Ok(key)
    }

    pub(super) fn keep_key(&mut self, owner: Uuid, wrapped: Option<Vec<u8>>) -> Result<DataKey, Error> {
        let wrapped = wrapped.ok_or(Error::NotFound)?;
        let key = self.ground.keyring.unwrap(owner, &wrapped)?;
        self.keys.insert(owner, key.clone());
        Ok(key)
    }
}
