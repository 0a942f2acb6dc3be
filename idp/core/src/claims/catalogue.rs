//! The catalogue of claims: the one list that pages, ceilings, discovery and `core::release` share.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

macro_rules! catalogue {
    ($($name:ident = $word:literal in $group:ident;)*) => {
        /// A claim that PASS can give. `sub` is always given and not listed.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Claim { $(#[doc = concat!("`", $word, "`")] $name,)* }

        impl Claim {
            /// All claims, in the order of pages and documents.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in tokens and userinfo.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The row of the consent page it stands in.
            pub const fn group(self) -> Group {
                match self { $(Self::$name => Group::$group,)* }
            }
        }
    };
}

/// A row for people: claims that say one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// お住まい
    Residence,
    /// 年齢
    Age,
    /// 氏名
    Name,
    /// 住所
    Address,
    /// 生年月日
    Birthdate,
    /// 性別
    Gender,
    /// メールアドレス
    Email,
    /// 電話番号
    Phone,
    /// プロフィール
    Profile,
    /// 電子証明書
    Certificate,
}

impl Group {
    /// All, in the order of the consent page.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::Address,
        Self::Birthdate,
        Self::Gender,
        Self::Residence,
        Self::Age,
        Self::Email,
        Self::Phone,
        Self::Profile,
        Self::Certificate,
    ];

    /// Key of its label in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Residence => "residence",
            Self::Age => "age",
            Self::Name => "name",
            Self::Address => "address",
            Self::Birthdate => "birthdate",
            Self::Gender => "gender",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Profile => "profile",
            Self::Certificate => "certificate",
        }
    }
}

catalogue! {
    Name = "name" in Name;
    FamilyName = "family_name" in Name;
    GivenName = "given_name" in Name;
    NameKana = "name#ja-Kana-JP" in Name;
    Address = "address" in Address;
    Birthdate = "birthdate" in Birthdate;
    Gender = "gender" in Gender;
    ResidencePrefecture = "residence_prefecture" in Residence;
    ResidenceCity = "residence_city" in Residence;
    ResidenceCityCode = "residence_city_code" in Residence;
    IsResident = "is_resident" in Residence;
    ResidenceVerifiedOn = "residence_verified_on" in Residence;
    AgeOver15 = "age_over_15" in Age;
    AgeOver18 = "age_over_18" in Age;
    AgeOver20 = "age_over_20" in Age;
    AgeOver65 = "age_over_65" in Age;
    AgeBand = "age_band" in Age;
    Email = "email" in Email;
    EmailVerified = "email_verified" in Email;
    PhoneNumber = "phone_number" in Phone;
    PhoneNumberVerified = "phone_number_verified" in Phone;
    MiddleName = "middle_name" in Profile;
    Nickname = "nickname" in Profile;
    PreferredUsername = "preferred_username" in Profile;
    Profile = "profile" in Profile;
    Picture = "picture" in Profile;
    Website = "website" in Profile;
    Zoneinfo = "zoneinfo" in Profile;
    Locale = "locale" in Profile;
    UpdatedAt = "updated_at" in Profile;
    CertificateSerial = "certificate_serial" in Certificate;
}

impl Claim {
    /// Reads a claim's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|claim| claim.as_str() == name)
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Claim {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Claim {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&name).ok_or_else(|| serde::de::Error::custom("not a claim of the catalogue"))
    }
}
