//! Sixty-four residents at once: nobody sees an error, and nobody's chain of refresh tokens breaks.

use std::thread::scope;

use pass_conformance::{Demo, Options, Postgres, flow::Party};

const CROWD: usize = 64;
const REFRESHES: usize = 4;

fn everybody_signs_in_and_refreshes(demo: &Demo) {
    let party = Party::new(&demo.line, "bench");
    scope(|threads| {
        for number in 0..CROWD {
            let (party, resident) = (&party, demo.line.user(number));
            threads.spawn(move || {
                let mut tokens = party.tokens(&mut party.browser(), resident);
                for turn in 0..REFRESHES {
                    tokens = party.refresh(&tokens.must("refresh_token"));
                    assert_eq!(tokens.status, 200, "user{number}, refresh {turn}: {}", tokens.error());
                }
                assert_eq!(party.userinfo(&tokens.must("access_token")).status, 200, "user{number}");
            });
        }
    });
}

#[test]
fn cap_49_a_crowd_of_sixty_four_sees_no_error_on_sqlite() {
    everybody_signs_in_and_refreshes(&Demo::start(&Options::default()));
}

#[test]
fn cap_49_a_crowd_of_sixty_four_sees_no_error_on_postgresql() {
    let postgres = Postgres::start();
    everybody_signs_in_and_refreshes(&Demo::start(&Options { database: Some(postgres.url()), ..Options::default() }));
}
