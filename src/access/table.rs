//! The permission table: every act there is, and the check that stands in the first line of each verb.
use crate::error::Error;
use crate::platform::db::{Actor, Work};
use crate::platform::ids::{CaseId, UnitId};

/// Declares the acts with the codes that packs and roles use.
macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// Something a role may allow.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Act { $($(#[$doc])* $name),+ }

        impl Act {
            /// The code in packs, roles and the database.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// Every act there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
        }
    };
}

acts! {
    /// Open a case.
    CaseOpen = "case.open",
    /// Read cases that are visible.
    CaseRead = "case.read",
    /// Work on a case: notes, stage, risk, people.
    CaseEdit = "case.edit",
    /// Assign a case to a worker.
    CaseAssign = "case.assign",
    /// Close and re-open a case.
    CaseClose = "case.close",
    /// Approve what somebody else finalised on a case, or give it back.
    CaseApprove = "case.approve",
    /// Change a case's type.
    CaseClassify = "case.classify",
    /// Register a person or household.
    PersonRegister = "person.register",
    /// Change a person's or household's particulars.
    PersonEdit = "person.edit",
    /// Record consent, refusal or another basis; withdraw.
    ConsentRecord = "consent.record",
    /// Agree to a basis other than consent as the second person.
    ConsentAgree = "consent.agree",
    /// Review a basis as the protection officer.
    ConsentReview = "consent.review",
    /// Write and send referrals, and close their loop.
    ReferralWrite = "referral.write",
    /// Approve somebody else's draft.
    ReferralReview = "referral.review",
    /// Answer referrals to this unit.
    ReferralAnswer = "referral.answer",
    /// Assign an incoming referral to a colleague.
    ReferralAssign = "referral.assign",
    /// Keep the organisation's own service entries.
    ServiceEdit = "service.edit",
    /// Keep the eligibility rules of the organisation's own services.
    RuleManage = "rule.manage",
    /// Keep agreements with other organisations.
    AgreementEdit = "agreement.edit",
    /// See the loop dashboard.
    ReportLoop = "report.loop",
    /// Keep users, roles and memberships.
    AdminUsers = "admin.users",
    /// Keep organisations and units.
    AdminUnits = "admin.units",
    /// Look after the organisation's outgoing mail.
    AdminMail = "admin.mail",
    /// Load packs.
    AdminPacks = "admin.packs",
    /// Keep the organisation's forms.
    FormManage = "form.manage",
    /// Read the access log.
    AuditRead = "audit.read",
    /// Open a case in an emergency.
    BreakGlassUse = "break_glass.use",
    /// Review break-glass uses.
    BreakGlassReview = "break_glass.review",
    /// Bar a user or unit from a case.
    BarSet = "bar.set",
    /// Add a document.
    DocumentAdd = "document.add",
    /// Give a task to somebody else.
    TaskAssign = "task.assign",
    /// Edit the organisation's letter templates.
    LetterTemplate = "letter.template",
    /// Send a message in which the personal-data guard found something.
    LetterOverrideGuard = "letter.override_guard",
    /// Make API tokens.
    TokenCreate = "token.create",
    /// Ask that cases go to another unit or organisation.
    TransferRequest = "transfer.request",
    /// Move cases between units in both of which one may act.
    TransferDirect = "transfer.direct",
    /// Decide on a request that cases come here.
    TransferDecide = "transfer.decide",
    /// Complete a transfer after a notice.
    TransferReceive = "transfer.receive",
    /// Have a colleague keep a worker's caseload.
    CoverArrange = "cover.arrange",
    /// Have the households of one's units screened for services, and give the proposals to the workers.
    ScreeningRun = "screening.run",
}

impl Work {
    /// This actor holds the act through some membership; [`Error::Forbidden`] otherwise. Jobs and the operator hold every act.
    pub fn may(&self, act: Act) -> Result<(), Error> {
        match self.actor {
            Actor::System { .. } | Actor::Operator => Ok(()),
            Actor::Nobody => Err(Error::SignIn),
            // A link answers its one referral and holds no act beside.
            Actor::Link(_) => Err(Error::Forbidden(act.code())),
            Actor::User(_) if self.holds(act) => Ok(()),
            Actor::User(_) => Err(Error::Forbidden(act.code())),
        }
    }

    /// This actor holds the act through some membership.
    pub fn holds(&self, act: Act) -> bool {
        self.standing.acts.iter().any(|held| held == act.code())
    }

    /// This actor holds the act where it counts: through a membership that reaches this unit, or, for a case opened to them by a team
    /// grant, through any. So a supervisor of one unit is no supervisor of another that they only read in.
    pub async fn may_in(&mut self, act: Act, unit: UnitId, case: Option<CaseId>) -> Result<(), Error> {
        self.may(act)?;
        if !matches!(self.actor, Actor::User(_)) {
            return Ok(());
        }
        let held = sqlx::query_scalar!("select access.holds($1, $2, $3) as \"held!\"", act.code(), unit, case.map(|id| id.0))
            .fetch_one(self.db())
            .await?;
        if held {
            return Ok(());
        }
        // Where the role would allow it, whoever is in for a task hears that this is why.
        if let Some(case) = case {
            self.reaches_beyond_task(case).await?;
        }
        Err(Error::Forbidden(act.code()))
    }

    /// This actor works on the case and may move it along, pause it and take it up: whoever is in for a handed task alone does that task and no more.
    pub async fn may_steer(&mut self, unit: UnitId, case: CaseId) -> Result<(), Error> {
        self.may_in(Act::CaseEdit, unit, Some(case)).await?;
        self.reaches_beyond_task(case).await
    }

    /// Refuses whoever sees the case only until a task that was handed to them is done. Closing it and giving it to others the database refuses them too.
    pub async fn reaches_beyond_task(&mut self, case: CaseId) -> Result<(), Error> {
        let in_for_task =
            sqlx::query_scalar!("select access.in_for_task($1) as \"in_for_task!\"", case.0).fetch_one(self.db()).await?;
        if in_for_task { Err(Error::Forbidden("in_for_task")) } else { Ok(()) }
    }

    /// Which of these acts this actor holds on a case that they open, in their order, and whether they are in for a handed task alone; its key is at
    /// hand from here on.
    pub async fn opens_with<const N: usize>(
        &mut self,
        acts: [Act; N],
        unit: UnitId,
        case: CaseId,
    ) -> Result<([bool; N], bool), Error> {
        let may = acts.map(|act| self.may(act).is_ok());
        if !matches!(self.actor, Actor::User(_)) || !may.contains(&true) {
            return Ok((may, false));
        }
        let (held, in_for_task) = self.case_key_and_rights(case.0, &acts.map(|act| act.code().to_owned()), unit).await?;
        // As in `may_in`: what this sign-in does not allow at all is not held here either.
        Ok((acts.map(|act| self.holds(act) && held.iter().any(|code| code == act.code())), in_for_task))
    }
}
