//! Claims in words: what a clerk of the facility would read.

use serde_json::{Map, Value};

/// One row of a table of claims.
pub(super) struct Row {
    pub(super) claim: String,
    pub(super) label: &'static str,
    pub(super) value: String,
}

/// Every claim as a row, the known ones first and in a fixed order.
pub(super) fn rows(claims: &Map<String, Value>) -> Vec<Row> {
    let place = |claim: &str| LABELS.iter().position(|(name, _)| *name == claim).unwrap_or(LABELS.len());
    let mut rows: Vec<Row> = claims.iter().flat_map(|(claim, value)| flat(claim, value)).collect();
    rows.sort_by_key(|row| place(&row.claim));
    rows
}

fn flat(claim: &str, value: &Value) -> Vec<Row> {
    match value {
        // OIDC Core 5.1.1: an address is an object.
        Value::Object(parts) => {
            parts.iter().flat_map(|(part, value)| flat(&format!("{claim}.{part}"), value)).collect()
        }
        _ => vec![Row { claim: claim.to_owned(), label: label(claim), value: words(claim, value) }],
    }
}

fn label(claim: &str) -> &'static str {
    LABELS.iter().find(|(name, _)| *name == claim).map_or("その他", |(_, label)| label)
}

const LABELS: &[(&str, &str)] = &[
    ("iss", "発行したところ"),
    ("sub", "この施設だけの番号"),
    ("acr", "確認の強さ"),
    ("amr", "確認の方法"),
    ("auth_time", "確認した時刻"),
    ("iat", "発行の時刻"),
    ("exp", "有効期限"),
    ("aud", "受け取る施設"),
    ("nonce", "ログインごとの値"),
    ("at_hash", "トークンの照合値"),
    ("name", "氏名"),
    ("address.formatted", "住所"),
    ("address.region", "都道府県"),
    ("address.locality", "市区町村"),
    ("address.street_address", "町名・番地"),
    ("address.country", "国"),
    ("birthdate", "生年月日"),
    ("gender", "性別"),
    ("residence_prefecture", "お住まいの都道府県"),
    ("residence_city", "お住まいの市区町村"),
    ("residence_city_code", "市区町村コード"),
    ("is_resident", "加賀市の住民か"),
    ("residence_verified_on", "住所を確かめた日"),
    ("age_over_15", "15歳以上か"),
    ("age_over_18", "18歳以上か"),
    ("age_over_20", "20歳以上か"),
    ("age_over_65", "65歳以上か"),
    ("age_band", "年齢の区分"),
];

fn words(claim: &str, value: &Value) -> String {
    match (claim, value) {
        ("auth_time" | "iat" | "exp", Value::Number(seconds)) => {
            seconds.as_i64().map_or_else(|| seconds.to_string(), japan_time)
        }
        ("acr", Value::String(acr)) => format!("{}（{acr}）", strength(acr)),
        ("amr", Value::Array(ways)) => ways.iter().filter_map(Value::as_str).map(way).collect::<Vec<_>>().join("、"),
        ("gender", Value::String(gender)) => match gender.as_str() {
            "female" => "女性".to_owned(),
            "male" => "男性".to_owned(),
            other => other.to_owned(),
        },
        ("birthdate" | "residence_verified_on", Value::String(day)) => japan_day(day),
        ("age_band", Value::String(band)) => age_band(band),
        ("address.country", Value::String(code)) if code == "JP" => "日本".to_owned(),
        (_, Value::Bool(yes)) => if *yes { "はい" } else { "いいえ" }.to_owned(),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Array(list)) => list.iter().map(|one| words("", one)).collect::<Vec<_>>().join("、"),
        (_, other) => other.to_string(),
    }
}

fn strength(acr: &str) -> &'static str {
    match acr {
        "0" => "メールの番号だけ",
        "aal1" => "端末を持っていること",
        "aal2" => "端末とご本人の操作",
        "aal2-face" => "端末と顔",
        "aal3" => "マイナンバーカードの署名",
        _ => "そのほか",
    }
}

fn way(amr: &str) -> String {
    let words = match amr {
        "otp" => "メールの番号",
        "hwk" => "専用の機器の鍵",
        "swk" => "端末の鍵",
        "user" => "画面ロックの解除",
        "pin" => "暗証番号",
        "sc" => "カード",
        "mfa" => "二つ以上の方法",
        "face" => "顔",
        "pop" => "鍵を持つ証明",
        other => return other.to_owned(),
    };
    format!("{words}（{amr}）")
}

/// "18-64" as 18歳から64歳, "65+" as 65歳以上; anything else as it is.
fn age_band(band: &str) -> String {
    match (band.strip_suffix('+'), band.split_once('-')) {
        (Some(from), _) => format!("{from}歳以上"),
        (None, Some((from, to))) => format!("{from}歳から{to}歳"),
        (None, None) => band.to_owned(),
    }
}

/// "2026-10-05" as 2026年10月5日; anything else as it is.
fn japan_day(day: &str) -> String {
    let parts: Vec<&str> = day.split('-').collect();
    match parts.as_slice() {
        [year, month, day] => {
            format!("{year}年{}月{}日", month.trim_start_matches('0'), day.trim_start_matches('0'))
        }
        _ => day.to_owned(),
    }
}

/// Epoch seconds as 2026年11月25日 18:30:05 in Japan, by the civil calendar.
fn japan_time(seconds: i64) -> String {
    let local = seconds + 9 * 3600;
    let (days, rest) = (local.div_euclid(86_400), local.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    format!("{year}年{month}月{day}日 {:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60)
}

/// Days since 1970-01-01 as year, month, day: eras of 400 years that begin in March.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_told_in_japan() {
        for (seconds, words) in [
            (0, "1970年1月1日 09:00:00"),
            (951_782_399, "2000年2月29日 08:59:59"),
            (1_764_082_799, "2025年11月25日 23:59:59"),
            (1_764_082_800, "2025年11月26日 00:00:00"),
        ] {
            assert_eq!(japan_time(seconds), words);
        }
    }

    #[test]
    fn an_address_becomes_its_parts_and_known_claims_come_first() {
        let claims = json!({"zzz": 1, "address": {"locality": "加賀市", "formatted": "石川県加賀市"}, "sub": "s"});
        let Value::Object(claims) = claims else { unreachable!("an object") };
        let order: Vec<String> = rows(&claims).into_iter().map(|row| row.claim).collect();
        assert_eq!(order, ["sub", "address.formatted", "address.locality", "zzz"]);
    }
}
