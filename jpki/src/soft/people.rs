//! The people on the soft cards. All invented.

use super::issue::Holder;

pub(super) struct Person {
    pub(super) card: &'static str,
    pub(super) pin: &'static str,
    pub(super) password: &'static str,
    pub(super) what: &'static str,
    name: &'static str,
    birth_date: &'static str,
    sex: u8,
    town: Town,
    street: &'static str,
}

enum Town {
    Kaga,
    Komatsu,
}

impl Person {
    pub(super) fn holder(&self) -> Holder {
        let (address, city, code) = match self.town {
            Town::Kaga => ("石川県加賀市", "Kaga-shi", "17206"),
            Town::Komatsu => ("石川県小松市", "Komatsu-shi", "17203"),
        };
        Holder {
            name: self.name.into(),
            birth_date: self.birth_date.into(),
            sex: self.sex,
            address: format!("{address}{}", self.street),
            prefecture: "Ishikawa-ken".into(),
            city: city.into(),
            city_code: code.into(),
        }
    }
}

pub(super) const ALL: [Person; 8] = [
    Person {
        card: "hanako",
        pin: "1234",
        password: "ABC123",
        what: "山田花子、加賀市、成人",
        name: "山田　花子",
        birth_date: "319880229",
        sex: 2,
        town: Town::Kaga,
        street: "大聖寺南町ニ４１番地",
    },
    Person {
        card: "ken",
        pin: "2345",
        password: "KEN456",
        what: "佐藤健、小松市、成人",
        name: "佐藤　健",
        birth_date: "319790715",
        sex: 1,
        town: Town::Komatsu,
        street: "小馬出町９１番地",
    },
    Person {
        card: "aoi",
        pin: "3456",
        password: "AOI789",
        what: "鈴木あおい、加賀市、成人、まだ本人確認をしていない",
        name: "鈴木　あおい",
        birth_date: "419950512",
        sex: 2,
        town: Town::Kaga,
        street: "片山津温泉乙６９番地５",
    },
    Person {
        card: "user0",
        pin: "4567",
        password: "USER00",
        what: "Yamada Hanako、加賀市、成人",
        name: "Yamada Hanako",
        birth_date: "319871016",
        sex: 2,
        town: Town::Kaga,
        street: "山中温泉湯の出町レ１番地",
    },
    Person {
        card: "expired",
        pin: "1111",
        password: "EXP111",
        what: "有効期限が切れたカード",
        name: "中村　きよし",
        birth_date: "319520310",
        sex: 1,
        town: Town::Kaga,
        street: "大聖寺東町１丁目２番地",
    },
    Person {
        card: "revoked",
        pin: "2222",
        password: "REV222",
        what: "失効したカード",
        name: "小林　みなと",
        birth_date: "419900808",
        sex: 2,
        town: Town::Kaga,
        street: "山代温泉北部３丁目７０番地",
    },
    Person {
        card: "foreign-ca",
        pin: "3333",
        password: "FOR333",
        what: "別の認証局が出したカード",
        name: "高橋　ゆう",
        birth_date: "420000101",
        sex: 1,
        town: Town::Kaga,
        street: "橋立町ロ５番地",
    },
    Person {
        card: "blocked",
        pin: "4444",
        password: "BLK444",
        what: "署名用パスワードがロックされたカード",
        name: "渡辺　さくら",
        birth_date: "319751123",
        sex: 2,
        town: Town::Kaga,
        street: "動橋町ワ８番地",
    },
];
