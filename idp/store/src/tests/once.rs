//! What works once works once, however many try at the same moment.

use super::on_both;
use super::samples::{NOW, city, hash};
use crate::mail_codes::{self, MailCodeTaken};
use crate::{Taken, ceremonies, codes, grants, leases, refresh_tokens, replays};
use pass_core::domain::account::{Ceremony, MailCode};
use std::time::Duration;
use tokio::task::JoinSet;

#[tokio::test]
async fn cap_02_of_fifty_parallel_takes_of_a_code_exactly_one_wins_and_the_losers_revoke() {
    on_both(async |database| {
        let city = city(1);
        let (sample, code) = (city.clone(), city.code(7));
        database.store.write(move |tx| sample.insert(tx).and_then(|()| codes::insert(tx, &code))).await.unwrap();
        let mut takers = JoinSet::new();
        for _ in 0..50 {
            let store = database.store.clone();
            takers.spawn(async move {
                store
                    .write(|tx| {
                        let taken = codes::take(tx, &hash(7), NOW)?;
                        if let Taken::Again(code) = &taken {
                            grants::revoke(tx, code.grant, NOW)?;
                        }
                        Ok(taken)
                    })
                    .await
                    .unwrap()
            });
        }
        let taken = takers.join_all().await;
        assert_eq!(taken.iter().filter(|taken| matches!(taken, Taken::First(_))).count(), 1);
        assert_eq!(taken.iter().filter(|taken| matches!(taken, Taken::Again(_))).count(), 49);
        let grant = city.grant.id;
        let kept = database.store.read(move |tx| grants::find(tx, grant)).await.unwrap().unwrap();
        assert_eq!(kept.revoked_at, Some(NOW), "the refusal is an Ok value, so the revocation is kept");
    })
    .await;
}

#[tokio::test]
async fn a_take_tells_unknown_expired_and_used_apart() {
    on_both(async |database| {
        let city = city(1);
        let late = NOW + Duration::from_secs(60);
        let answers = database
            .store
            .write(move |tx| {
                city.insert(tx)?;
                codes::insert(tx, &city.code(7))?;
                refresh_tokens::insert(tx, &city.refresh_token(8))?;
                Ok((
                    codes::take(tx, &hash(6), NOW)?,
                    codes::take(tx, &hash(7), late)?,
                    codes::take(tx, &hash(7), NOW)?,
                    codes::take(tx, &hash(7), late)?,
                    refresh_tokens::take(tx, &hash(8), NOW)?,
                    refresh_tokens::take(tx, &hash(8), NOW)?,
                ))
            })
            .await
            .unwrap();
        assert!(matches!(answers.0, Taken::Unknown));
        assert!(matches!(answers.1, Taken::Expired(_)));
        assert!(matches!(answers.2, Taken::First(code) if code.used_at == Some(NOW)));
        assert!(matches!(answers.3, Taken::Again(_)));
        assert!(matches!(answers.4, Taken::First(_)));
        assert!(matches!(answers.5, Taken::Again(_)));
    })
    .await;
}

fn mail_code() -> MailCode {
    MailCode {
        hash: hash(1),
        address: hash(2),
        sealed_address: vec![1, 2, 3],
        code: hash(123_456),
        account: None,
        tries: 0,
        created_at: NOW,
        expires_at: NOW + Duration::from_mins(10),
        used_at: None,
    }
}

#[tokio::test]
async fn cap_01_fifty_parallel_guesses_of_a_mail_code_share_its_five_tries() {
    on_both(async |database| {
        database.store.write(|tx| mail_codes::insert(tx, &mail_code())).await.unwrap();
        let mut guesses = JoinSet::new();
        for guess in 0..50 {
            let store = database.store.clone();
            guesses.spawn(async move {
                store.write(move |tx| mail_codes::take(tx, &hash(1), &hash(guess), 5, NOW)).await.unwrap()
            });
        }
        let answers = guesses.join_all().await;
        assert_eq!(answers.iter().filter(|answer| matches!(answer, MailCodeTaken::Wrong { .. })).count(), 5);
        assert_eq!(answers.iter().filter(|answer| matches!(answer, MailCodeTaken::Exhausted)).count(), 45);
        let right = database.store.write(|tx| mail_codes::take(tx, &hash(1), &hash(123_456), 5, NOW)).await.unwrap();
        assert!(matches!(right, MailCodeTaken::Exhausted), "the right code no longer helps");
    })
    .await;
}

#[tokio::test]
async fn a_right_mail_code_works_once() {
    on_both(async |database| {
        let take = |code: u64, now| {
            let store = database.store.clone();
            async move { store.write(move |tx| mail_codes::take(tx, &hash(1), &hash(code), 5, now)).await.unwrap() }
        };
        assert!(matches!(take(123_456, NOW).await, MailCodeTaken::Unknown));
        database.store.write(|tx| mail_codes::insert(tx, &mail_code())).await.unwrap();
        assert!(matches!(take(1, NOW).await, MailCodeTaken::Wrong { left: 4 }));
        assert!(matches!(take(123_456, NOW + Duration::from_mins(10)).await, MailCodeTaken::Expired));
        assert!(matches!(take(123_456, NOW).await, MailCodeTaken::First(code) if code.tries == 2));
        assert!(matches!(take(123_456, NOW).await, MailCodeTaken::Used));
        let last =
            database.store.read(|tx| Ok((mail_codes::find_last(tx, &hash(2))?, mail_codes::find_last(tx, &hash(9))?)));
        assert_eq!(last.await.unwrap(), (Some(NOW), None));
        let since = database.store.read(|tx| mail_codes::count_since(tx, &hash(2), NOW)).await.unwrap();
        assert_eq!(since, 1);
    })
    .await;
}

#[tokio::test]
async fn ceremonies_replays_and_leases_are_had_once() {
    on_both(async |database| {
        let until = NOW + Duration::from_mins(5);
        let answers = database
            .store
            .write(move |tx| {
                let ceremony = Ceremony { hash: hash(1), account: None, state: "{}".into(), expires_at: until };
                ceremonies::insert(tx, &ceremony)?;
                Ok([
                    ceremonies::take(tx, &hash(1), until)?.is_none(),
                    ceremonies::take(tx, &hash(1), NOW)?.is_some(),
                    ceremonies::take(tx, &hash(1), NOW)?.is_none(),
                    replays::remember(tx, &hash(2), until)?,
                    !replays::remember(tx, &hash(2), until)?,
                    replays::find(tx, &hash(2))?,
                    !replays::find(tx, &hash(3))?,
                    leases::take(tx, leases::PURGE, &[1; 16], NOW, until)?,
                    leases::take(tx, leases::PURGE, &[1; 16], NOW, until)?,
                    !leases::take(tx, leases::PURGE, &[2; 16], NOW, until)?,
                    leases::take(tx, leases::PURGE, &[2; 16], until, until)?,
                ])
            })
            .await
            .unwrap();
        assert_eq!(answers, [true; 11]);
    })
    .await;
}
