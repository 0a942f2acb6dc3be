//! One code, fifty takers at once: exactly one gets tokens, and the others' tries kill what it got.

use std::{
    sync::Barrier,
    thread::{scope, sleep},
    time::Duration,
};

use pass_conformance::{
    Demo, Options, Postgres,
    flow::{Answer, Party},
};

const TAKERS: usize = 50;
const ROUNDS: usize = 3;

fn fifty_take_one_code(demo: &Demo) {
    let party = Party::new(&demo.line, "bench");
    for round in 0..ROUNDS {
        let request = party.request();
        let code = party.code(&mut party.browser(), demo.line.user(round), &request);
        let start = Barrier::new(TAKERS);
        let answers: Vec<Answer> = scope(|threads| {
            let takers: Vec<_> = (0..TAKERS)
                .map(|_| {
                    threads.spawn(|| {
                        start.wait();
                        party.exchange(&code, &request)
                    })
                })
                .collect();
            takers.into_iter().map(|taker| taker.join().expect("a taker")).collect()
        });
        let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
        assert_eq!(won.len(), 1, "round {round}");
        for answer in lost {
            assert_eq!((answer.status, answer.error()), (400, "invalid_grant"), "round {round}");
        }
        sleep(Duration::from_millis(50));
        let winner = won[0];
        assert_eq!(party.userinfo(&winner.must("access_token")).status, 401, "round {round}: access token");
        assert_eq!(
            party.refresh(&winner.must("refresh_token")).error(),
            "invalid_grant",
            "round {round}: refresh token"
        );
    }
}

#[test]
fn cap_49_fifty_parallel_exchanges_of_one_code_on_sqlite() {
    fifty_take_one_code(&Demo::start(&Options::default()));
}

#[test]
fn cap_49_fifty_parallel_exchanges_of_one_code_on_postgresql() {
    let postgres = Postgres::start();
    let database = Some(postgres.url());
    fifty_take_one_code(&Demo::start(&Options { database, ..Options::default() }));
}
