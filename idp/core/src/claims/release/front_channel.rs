use super::tests::{Scene, ceiling};
use super::*;

/// What goes through a browser never carries what a card proved, whatever was asked, agreed and however strong the sign-in.
#[test]
fn cap_49_nothing_that_a_card_proved_goes_through_the_browser() {
    let mut scene = Scene::new("openid profile basic4 residence age email");
    let entries: Vec<_> = Claim::ALL.iter().map(|claim| (*claim, Requirement::Required, Acr::Zero)).collect();
    scene.ceiling = ceiling(&entries);
    scene.acr = Acr::Aal3;
    let back = scene.preview();
    assert!(back.lines().iter().any(|line| matches!(&line.answer, Answer::Given { source: Source::Proven, .. })));
    scene.channel = Channel::Front;
    let front = scene.preview();
    for line in front.lines() {
        match &line.answer {
            Answer::Given { source, .. } => assert_eq!(*source, Source::Declared, "{:?}", line.claim),
            Answer::Withheld(reasons) if matches!(back.answer(line.claim), Some(Answer::Given { .. })) => {
                assert!(reasons.contains(&Reason::FrontChannel), "{:?} {reasons:?}", line.claim);
            }
            Answer::Withheld(_) => {}
        }
    }
    // Nobody is sent to the card for it.
    assert_eq!(front.needs(), Needs::default());
    let named = |release: &Release, claim| release.explain().into_iter().find(|line| line.claim == claim).unwrap();
    assert_eq!(named(&front, Claim::ResidenceCityCode).reasons, ["front_channel"]);
}
