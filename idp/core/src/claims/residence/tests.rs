use super::*;

const TODAY: Day = Day { year: 2026, month: 10, day: 5 };

/// What the resolver says, in one word: the code, `code/ward`, `A:codes` or `-`.
fn says(address: &str, on: Day) -> String {
    match resolve(address, on) {
        Residence::Resolved(one) => match one.ward {
            Some((ward, _)) => format!("{}/{ward}", one.code),
            None => one.code.to_owned(),
        },
        Residence::Ambiguous(several) => {
            format!("A:{}", several.iter().map(|one| one.code).collect::<Vec<_>>().join(","))
        }
        Residence::Unknown => "-".to_owned(),
    }
}

#[test]
fn cap_20_addresses_resolve_to_their_municipality() {
    for (address, expected) in [
        ("石川県加賀市大聖寺南町ニ４１番地", "172065"),
        ("加賀市大聖寺南町ニ４１番地", "172065"),
        ("石川県小松市小馬出町９１番地", "172031"),
        ("岡山県加賀郡吉備中央町豊野１番地２", "336815"),
        ("加賀郡吉備中央町豊野１番地２", "336815"),
        ("静岡県浜松市浜名区細江町気賀３０５番地", "221309/221392"),
        ("茨城県龍ヶ崎市３７１０番地", "082082"),
        ("茨城県竜ケ崎市３７１０番地", "082082"),
        ("奈良県葛\u{E0100}城市柿本１６６番地", "292117"),
        ("高知県高岡郡梼原町梼原１４４４番地１", "394050"),
        ("高知県高岡郡檮原町梼原１４４４番地１", "394050"),
        ("東京都八丈島八丈町大賀郷２５５１番地２", "134015"),
        ("東京都小笠原支庁小笠原村父島字西町", "134210"),
        ("東京都大島町元町一丁目１番１４号", "133612"),
        ("府中市宮西町二丁目２４番地", "A:132063,342084"),
        ("東京都府中市宮西町二丁目２４番地", "132063"),
        ("伊達市保原町", "A:012335,072133"),
        ("北海道泊村大字茅沼村", "A:014036,016969"),
        ("北海道古宇郡泊村大字茅沼村", "014036"),
        ("三重県四日市市諏訪町１番５号", "242021"),
        ("奈良県大和郡山市北郡山町２４８番地４", "292036"),
        ("山梨県西八代郡市川三郷町市川大門１７９０番地３", "193461"),
        ("石川県野々市市三納一丁目１番地", "172120"),
        ("岐阜県郡上市八幡町島谷２２８番地", "212199"),
        ("福岡県小郡市小郡２５５番地１", "402168"),
        ("東京都千代田区千代田一丁目１番", "131016"),
        ("北海道札幌市中央区北１条西２丁目", "011002/011011"),
        ("札幌市中央区北１条西２丁目", "011002/011011"),
        ("港区赤坂一丁目", "A:131032,231002,271004"),
        ("石川県　加賀市　大聖寺", "172065"),
        ("神奈川県茅ケ崎市", "142077"),
        ("青森県西津軽郡鯵ヶ沢町", "023213"),
        ("岐阜県不破郡関カ\u{3099}原町", "213624"),
        ("鹿児島県大島郡龍郷町浦１１０番地", "465275"),
        ("島根県隠岐郡隠岐の島町下西７８番地２", "325287"),
        ("東村山郡山辺町緑ケ丘", "A:473031,063011"),
        ("石川県", "-"),
        ("石川県江沼郡山中町", "-"),
        ("アメリカ合衆国カリフォルニア州", "-"),
        ("", "-"),
    ] {
        assert_eq!(says(address, TODAY), expected, "{address}");
    }
}

#[test]
fn a_ward_is_read_with_its_dates() {
    let before = Day { year: 2023, month: 12, day: 31 };
    let after = Day { year: 2024, month: 1, day: 1 };
    for (address, on, expected) in [
        ("静岡県浜松市天竜区二俣町", before, "221309/221376"),
        ("静岡県浜松市天竜区二俣町", after, "221309/221406"),
        // An older card still names the ward that ended.
        ("静岡県浜松市浜北区西美薗", after, "221309/221368"),
    ] {
        assert_eq!(says(address, on), expected, "{address}");
    }
}

#[test]
fn the_parts_of_an_address_are_the_raw_characters() {
    for (address, locality, street) in [
        ("石川県加賀市大聖寺南町ニ４１番地", "加賀市", "大聖寺南町ニ４１番地"),
        ("奈良県葛\u{E0100}城市柿本１６６番地", "葛\u{E0100}城市", "柿本１６６番地"),
        ("岡山県加賀郡吉備中央町豊野１番地２", "加賀郡吉備中央町", "豊野１番地２"),
        ("静岡県浜松市浜名区細江町気賀３０５番地", "浜松市浜名区", "細江町気賀３０５番地"),
        ("石川県　加賀市　大聖寺", "加賀市", "大聖寺"),
    ] {
        let Residence::Resolved(one) = resolve(address, TODAY) else { panic!("{address}") };
        assert_eq!((one.locality(address), one.street(address)), (locality, street));
    }
}

#[test]
fn every_code_has_its_check_digit_and_stands_once() {
    let table = Table::get();
    let mut codes: Vec<&str> = table.rows().iter().chain(table.wards()).map(|row| row.code).collect();
    for code in &codes {
        let digits: Vec<u32> = code.chars().filter_map(|ch| ch.to_digit(10)).collect();
        let sum: u32 = digits.iter().zip([6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
        assert_eq!((digits.len(), digits[5]), (6, (11 - sum % 11) % 10), "{code}");
    }
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!((table.rows().len(), codes.len()), (1747, count));
    assert_eq!(table.rows().iter().map(|row| row.pref).collect::<std::collections::BTreeSet<_>>().len(), 47);
}

#[test]
fn no_name_is_a_prefix_of_another_in_its_prefecture() {
    let rows = Table::get().rows();
    for row in rows {
        for other in rows.iter().filter(|other| other.pref == row.pref && other.code != row.code) {
            let doubled = row.city == "泊村" && other.city == "泊村";
            assert!(doubled || !other.folded.starts_with(&row.folded), "{} {}", row.city, other.city);
        }
    }
}

#[test]
fn cap_20_every_municipality_resolves_to_itself() {
    let table = Table::get();
    for row in table.rows().iter().filter(|row| row.city != "泊村") {
        let address = format!("{}{}本町１番地", row.pref, row.city);
        assert_eq!(says(&address, TODAY), row.code, "{address}");
    }
    for ward in table.wards().filter(|ward| ward.valid(TODAY)) {
        let address = format!("{}{}{}本町１番地", ward.pref, ward.city, ward.ward);
        let answer = says(&address, TODAY);
        assert!(answer.ends_with(&format!("/{}", ward.code)), "{address} {answer}");
    }
}

#[test]
fn without_its_prefecture_a_name_is_right_or_ambiguous() {
    let mut ambiguous = 0;
    for row in Table::get().rows() {
        match resolve(&format!("{}本町１番地", row.city), TODAY) {
            Residence::Resolved(one) => assert_eq!(one.code, row.code, "{}", row.city),
            Residence::Ambiguous(several) => {
                ambiguous += 1;
                assert!(several.iter().any(|one| one.code == row.code), "{}", row.city);
            }
            Residence::Unknown => panic!("{}", row.city),
        }
    }
    assert!((50..=70).contains(&ambiguous), "{ambiguous}");
}

#[test]
fn town_addresses_of_postal_data_resolve() {
    let sample = include_str!("town_addresses.csv");
    let rows = sample.lines().skip(1).filter_map(|line| line.split_once(','));
    let wrong: Vec<&str> =
        rows.filter(|(code, address)| says(address, TODAY).split('/').next() != Some(code)).map(|(_, a)| a).collect();
    assert_eq!((wrong.len(), sample.lines().count() - 1), (0, 800), "{wrong:?}");
}
