//! `GET /manager/audit`: the log of this facility. Reading it is written into it.

use super::lines;
use crate::access::Rank;
use crate::duty::{OnDuty, enter};
use crate::page::{Audit, Chain, Pages, Room};
use crate::words;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::Time;
use pass_core::domain::audit::{Act, ChainedEvent};
use pass_core::domain::staff::Staff;
use pass_core::fault::Outcome;
use pass_core::id::AuditId;
use pass_core::secret::{base64url, from_base64url};
use pass_core::time::Day;
use pass_store::audit::Filter;
use pass_web::app::App;
use pass_web::problem::Broken;
use serde::Deserialize;
use std::time::Duration;

/// Lines of a page.
const LINES: usize = 50;

/// The filter as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Query {
    act: String,
    from: String,
    until: String,
    before: String,
    r#where: String,
}

/// The log.
pub async fn get(app: web::Data<App>, request: HttpRequest, query: web::Query<Query>) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let loaded = load(on_duty, query.filter(on_duty)).await?;
        on_duty.record(Act::AuditRead, None, query.summary()).await?;
        Ok(on_duty.show(StatusCode::OK, &page(on_duty, &query, loaded)))
    })
    .await
}

struct Loaded {
    events: Vec<ChainedEvent>,
    staff: Vec<Staff>,
    chain: Chain,
}

async fn load(on_duty: &OnDuty<'_>, filter: Filter) -> Outcome<Loaded> {
    on_duty
        .app
        .store
        .read(move |tx| {
            // One more than a page shows whether there is another.
            let events = pass_store::audit::page(tx, &filter, LINES as i64 + 1)?;
            let linked = pass_store::audit::head(tx)?.sequence;
            let waiting = pass_store::audit::count_unlinked(tx)?;
            Ok(Loaded { events, staff: pass_store::staff::find_all(tx)?, chain: Chain { linked, waiting } })
        })
        .await
}

impl Query {
    fn act(&self) -> Option<Act> {
        Act::parse(&self.act)
    }

    /// The whole city, for those who may see it.
    fn city(&self, rank: Rank) -> Option<bool> {
        (rank == Rank::City).then_some(self.r#where == "city")
    }

    /// This facility's events only, but for a city administrator who asks for all.
    fn filter(&self, on_duty: &OnDuty<'_>) -> Filter {
        Filter {
            facility: (self.city(on_duty.rank()) != Some(true)).then_some(on_duty.facility.id),
            acts: self.act().into_iter().collect(),
            from: day(&self.from),
            until: day(&self.until).map(|start| start + Duration::from_secs(86_400)),
            before: from_base64url(&self.before).and_then(|bytes| AuditId::from_slice(&bytes)),
            ..Filter::default()
        }
    }

    fn summary(&self) -> String {
        let words = [
            (self.r#where == "city").then(|| "city".to_owned()),
            self.act().map(|act| format!("act={}", act.as_str())),
            day(&self.from).map(|_| format!("from={}", self.from)),
            day(&self.until).map(|_| format!("until={}", self.until)),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn address(&self, before: Option<AuditId>) -> String {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in
            [("where", &self.r#where), ("act", &self.act), ("from", &self.from), ("until", &self.until)]
        {
            if !value.is_empty() {
                pairs.append_pair(name, value);
            }
        }
        if let Some(id) = before {
            pairs.append_pair("before", &base64url(&id.0));
        }
        format!("/manager/audit?{}", pairs.finish())
    }
}

/// The first moment of a day in Japan.
fn day(text: &str) -> Option<Time> {
    let mut parts = text.splitn(3, '-').map(str::parse::<i32>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    Day::new(year, month.try_into().ok()?, day.try_into().ok()?).map(Day::jst_start)
}

fn page(on_duty: &OnDuty<'_>, query: &Query, mut loaded: Loaded) -> Audit {
    let (app, visit) = (on_duty.app, on_duty.visit);
    let more = loaded.events.len() > LINES;
    loaded.events.truncate(LINES);
    let last = loaded.events.last().map(|chained| chained.event.id).filter(|_| more);
    let names = lines::names(loaded.staff);
    Audit {
        shell: visit.shell(app),
        desk: on_duty.desk(Room::Audit),
        city: query.city(on_duty.rank()),
        chain: loaded.chain,
        acts: words::acts(visit.lang).into_iter().map(|(word, name)| (word, name, word == query.act)).collect(),
        from: day(&query.from).map(|_| query.from.clone()).unwrap_or_default(),
        until: day(&query.until).map(|_| query.until.clone()).unwrap_or_default(),
        events: lines::events(app, visit, &names, &loaded.events),
        pages: Pages {
            newest: (!query.before.is_empty()).then(|| query.address(None)),
            older: last.map(|id| query.address(Some(id))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_strictly() {
        assert_eq!(day("2026-11-24").map(|time| time.jst_day().iso()).as_deref(), Some("2026-11-24"));
        for bad in ["", "2026-02-30", "2026-11", "x", "2026-11-24T00", "2026-300-1"] {
            assert_eq!(day(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_way_to_older_lines_keeps_the_filter() {
        let query = Query { act: "client.read".into(), from: "2026-11-24".into(), ..Query::default() };
        assert_eq!(
            query.address(Some(AuditId([0; 16]))),
            "/manager/audit?act=client.read&from=2026-11-24&before=AAAAAAAAAAAAAAAAAAAAAA"
        );
    }
}
