//! Rows as JSON. The shapes are promised in `docs/cli-json.md`; times are milliseconds since 1970,
//! UTC.

use serde_json::{Value, json};
use tandem_engine::{
    Author, CursorRow, Delivery, ErasedRow, HomeSchool, InboxRow, InviteRow, InviteState, JoinRow,
    Kept, KeyRow, MemberRow, OfferRow, OfferState, ReceiptRow, Remark, RetentionRow, ThreadRow,
    UptakeRow, UptakeState, WaitingRow, WaitsFor,
};

use crate::words::{Names, join_name, remark_name, school_name, stuck_name, waiting_name};

/// One thread of the inbox.
pub(crate) fn inbox(row: &InboxRow) -> Value {
    json!({
        "thread": row.thread.to_string(),
        "title": row.title,
        "desk": row.desk,
        "people": row.people.iter().map(|who| person(who, row)).collect::<Vec<_>>(),
        "last": row.last.as_ref().map(|last| json!({
            "entry": last.entry.to_string(),
            "kind": last.kind,
            "author": last.author.name,
            "text": last.text,
            "at": last.at.0,
            "state": last.delivery.as_ref().map(Delivery::name),
        })),
        "unseen": row.unseen,
        "waiting": row.waiting,
        "stuck": row.stuck,
        "as_of": row.as_of.map(|at| at.0),
        "erased": row.erased.as_ref().map(erased),
        "newer_version_needed": row.newer_version_needed,
        "kept": row.kept.as_ref().map(kept),
    })
}

/// What a relay's tombstone says.
pub(crate) fn erased(row: &ErasedRow) -> Value {
    json!({ "at": row.at.0, "because": row.because.name(), "reason": row.words })
}

/// Until when a thread is kept on this device.
pub(crate) fn kept(row: &Kept) -> Value {
    json!({ "until": row.until.0, "waits_for": row.waits_for.map(WaitsFor::name) })
}

/// How long this home keeps its threads.
pub(crate) fn retention(row: &RetentionRow) -> Value {
    let threads = row.threads.iter().map(|row| {
        json!({ "thread": row.thread.to_string(), "title": row.title, "kept": kept(&row.kept) })
    });
    json!({ "days": row.days, "threads": threads.collect::<Vec<_>>() })
}

/// An own join that waits or was refused.
fn joining(row: &JoinRow) -> Value {
    json!({
        "thread": row.thread.to_string(),
        "state": join_name(&row.state),
        "since": row.since.0,
        "reason": refusal(row),
    })
}

fn refusal(row: &JoinRow) -> Option<&'static str> {
    match row.state {
        tandem_engine::JoinState::Refused(why) => Some(why.name()),
        _ => None,
    }
}

/// Someone who asks with an invite that was used.
fn knocking(row: &JoinRow) -> Value {
    json!({
        "thread": row.thread.to_string(),
        "name": row.knocking,
        "since": row.since.0,
        "reason": refusal(row),
    })
}

/// One entry.
pub(crate) fn entry(row: &ThreadRow, names: &Names) -> Value {
    let mut out = json!({
        "entry": row.entry.to_string(),
        "kind": row.kind,
        "author": row.author.name,
        "role": row.author.role.to_string(),
        "mine": row.mine,
        "at": row.at.0,
        "answers": row.answers.map(|entry| entry.to_string()),
        "fields": row.fields,
        "state": row.delivery.as_ref().map(Delivery::name),
        "remarks": row.remarks.iter().map(|r| remark(r, names)).collect::<Vec<_>>(),
    });
    if let Some(detail) = row.delivery.as_ref().and_then(|state| detail(state, names)) {
        out["detail"] = detail;
    }
    out
}

/// Somebody who came or went.
pub(crate) fn event(row: &ThreadRow) -> Value {
    let field = |name: &str| row.fields.get(name);
    json!({
        "event": field("event"),
        "person": field("person"),
        "name": field("name"),
        "role": field("role"),
        "device": field("device"),
        "by": row.author.name,
        "mine": row.mine,
        "at": row.at.0,
    })
}

/// What a state says beside its name.
fn detail(state: &Delivery, names: &Names) -> Option<Value> {
    Some(match state {
        Delivery::Draft | Delivery::OnThisPhone | Delivery::Heard => return None,
        Delivery::Held { until } => json!({ "until": until.0 }),
        Delivery::OnRelay { at } => json!({ "at": at.0 }),
        Delivery::OnTheirPhone { people } => {
            json!({ "people": people.iter().map(|person| names.of(person)).collect::<Vec<_>>() })
        }
        Delivery::Seen { by } => {
            let by =
                by.iter().map(|seen| json!({ "name": names.of(&seen.person), "at": seen.at.0 }));
            json!({ "by": by.collect::<Vec<_>>() })
        }
        Delivery::Stuck { reason, next_try } => {
            json!({ "reason": stuck_name(reason), "next_try": next_try.map(|at| at.0) })
        }
    })
}

/// What a row says about itself beside its words.
pub(crate) fn remark(remark: &Remark, names: &Names) -> Value {
    let mut out = json!({ "remark": remark_name(remark) });
    match remark {
        Remark::NewerVersionNeeded | Remark::Edited | Remark::ClockAhead => {}
        Remark::ArrivedLate(at) => out["at"] = json!(at.0),
        Remark::Incomplete(field) => out["field"] = json!(field),
        Remark::EditByOther { field, person } => {
            out["field"] = json!(field);
            out["by"] = json!(names.of(person));
        }
        Remark::MoveByOther(person) => out["by"] = json!(names.of(person)),
    }
    out
}

fn person(author: &Author, row: &InboxRow) -> Value {
    json!({
        "name": author.name,
        "role": author.role.to_string(),
        "verified": !row.unverified.contains(&author.person),
        "other_log": row.other_log.contains(&author.person),
    })
}

/// A person who is in a thread.
pub(crate) fn member(row: &MemberRow) -> Value {
    json!({
        "person": row.author.person.to_string(),
        "name": row.author.name,
        "role": row.author.role.to_string(),
        "mine": row.mine,
        "verified": row.verified,
        "vouched_by": row.vouched_by.as_ref().map(|by| by.person.to_string()),
        "vouched_by_name": row.vouched_by.as_ref().map(|by| &by.name),
        "since": row.since.0,
        "devices": row.devices.iter().map(device).collect::<Vec<_>>(),
        "misdeeds": row.misdeeds.iter().map(|misdeed| misdeed.name()).collect::<Vec<_>>(),
    })
}

fn device(row: &KeyRow) -> Value {
    json!({
        "device": row.device.to_string(),
        "since": row.since.0,
        "verified": row.verified,
        "seated": row.seated,
    })
}

/// An invite of this home.
pub(crate) fn invite(row: &InviteRow) -> Value {
    json!({
        "invite": row.invite.to_string(),
        "thread": row.thread.to_string(),
        "role": row.role.to_string(),
        "in_person": row.in_person,
        "made": row.made.0,
        "until": row.until.0,
        "state": invite_name(row.state),
        "used_by": row.used_by.as_ref().map(|by| &by.name),
    })
}

/// The school of a home.
pub(crate) fn school(school: &HomeSchool) -> Value {
    json!({ "id": school.school.to_string(), "state": school_name(school) })
}

/// This phone's offer to be let in.
pub(crate) fn offer(row: &OfferRow) -> Value {
    let (state, name, waiting, reason) = match &row.state {
        OfferState::Open => ("open", None, None, None),
        OfferState::TakenUp { name, waiting } => ("taken_up", Some(name), Some(*waiting), None),
        OfferState::Expired => ("expired", None, None, None),
        OfferState::Refused(why) => ("refused", None, None, Some(why.name())),
    };
    json!({
        "link": row.link.to_string(),
        "until": row.until.0,
        "state": state,
        "name": name,
        "waiting": waiting,
        "reason": reason,
    })
}

/// A phone that this one lets in.
pub(crate) fn uptake(row: &UptakeRow) -> Value {
    let (state, threads, arrived, reason) = match &row.state {
        UptakeState::Waiting => ("waiting", None, None, None),
        UptakeState::LettingIn { threads, arrived } => {
            ("letting_in", Some(*threads), Some(*arrived), None)
        }
        UptakeState::Refused(why) => ("refused", None, None, Some(why.name())),
    };
    json!({
        "device": row.device.to_string(),
        "person": row.person.to_string(),
        "mine": row.mine,
        "since": row.since.0,
        "state": state,
        "threads": threads,
        "arrived": arrived,
        "reason": reason,
    })
}

/// Something that waits to leave.
pub(crate) fn waiting(row: &WaitingRow) -> Value {
    let (reason, next_try) = match &row.delivery {
        Delivery::Stuck { reason, next_try } => (Some(stuck_name(reason)), *next_try),
        _ => (None, None),
    };
    json!({
        "entry": row.entry.map(|entry| entry.to_string()),
        "thread": row.thread.to_string(),
        "what": waiting_name(&row.what),
        "state": row.delivery.name(),
        "reason": reason,
        "next_try": next_try.map(|at| at.0),
    })
}

/// How an invite stands, for scripts.
const fn invite_name(state: InviteState) -> &'static str {
    match state {
        InviteState::Open => "open",
        InviteState::Used => "used",
        InviteState::Expired => "expired",
        InviteState::Revoked => "revoked",
    }
}

/// A receipt.
pub(crate) fn receipt(row: &ReceiptRow) -> Value {
    json!({
        "entry": row.entry.to_string(),
        "envelope_hash": row.envelope.to_string(),
        "generation": row.generation.to_string(),
        "seq": row.seq.0,
        "time": row.time.0,
        "verified": row.verified,
    })
}

/// How far a thread's log was read.
pub(crate) fn cursor(row: &CursorRow) -> Value {
    json!({
        "thread": row.cursor.thread.to_string(),
        "seq": row.cursor.seq.0,
        "chain": row.cursor.chain.to_string(),
        "signed": row.signed.is_some(),
        "signed_at": row.signed.map(|at| at.0),
    })
}

/// Own joins, and people who knock: a home has them in one list.
pub(crate) fn joins(rows: &[JoinRow]) -> (Vec<Value>, Vec<Value>) {
    let (knocks, joins): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.knocking.is_some());
    (joins.into_iter().map(joining).collect(), knocks.into_iter().map(knocking).collect())
}
