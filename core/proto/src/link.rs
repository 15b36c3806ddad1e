//! `tandem://` links: what people send each other or show as a QR code.
//!
//! ```text
//! tandem://relay/HOST:PORT/RELAYKEY
//! tandem://join/HOST:PORT/RELAYKEY/THREAD/ROLE/SECRET
//! tandem://school/HOST:PORT/RELAYKEY/SCHOOL/TOKEN
//! tandem://device/HOST:PORT/RELAYKEY/DEVICE/SECRET
//! ```
//!
//! Keys, ids and secrets are base32. Scheme, kind and base32 read in either case, so that a QR
//! code may use its compact alphabet.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    DeviceKey, InviteSecret, RelayKey, Role, SchoolPass, SchoolToken, ThreadId,
    limits::{MAX_ADDRESS_BYTES, MAX_LINK_BYTES},
};

/// Text was not a Tandem link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Another scheme, or none.
    #[error("this is not a tandem:// link")]
    NotTandem,
    /// Over [`MAX_LINK_BYTES`].
    #[error("this link is too long to be one of ours")]
    TooLong,
    /// A kind of link that this version does not know.
    #[error("this version knows no link of the kind {0:?}")]
    UnknownKind(String),
    /// Parts are missing or too many.
    #[error("this link is incomplete: copy it whole")]
    WrongShape,
    /// One part can't be read.
    #[error("the {0} in this link can't be read: copy it again")]
    BadPart(&'static str),
}

/// A host and UDP port, as text: `relay.school.example:7443`, `127.0.0.1:7443`, `[::1]:7443`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayAddress(String);

impl RelayAddress {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RelayAddress {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let bad = LinkError::BadPart("address");
        let (host, port) = text.rsplit_once(':').ok_or(bad.clone())?;
        let host_ok = !host.is_empty()
            && text.len() <= MAX_ADDRESS_BYTES
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b));
        match port.parse::<u16>() {
            Ok(port) if port != 0 && host_ok => Ok(Self(text.to_ascii_lowercase())),
            _ => Err(bad),
        }
    }
}

impl fmt::Display for RelayAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a relay is and by which key it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayLink {
    /// Where to dial.
    pub address: RelayAddress,
    /// The key to pin.
    pub key: RelayKey,
}

/// An invitation into a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteLink {
    /// The relay that carries the thread.
    pub relay: RelayLink,
    /// Which thread.
    pub thread: ThreadId,
    /// As what. Informs the newcomer; what counts is the role that the inviter noted.
    pub role: Role,
    /// Authenticates the join request.
    pub secret: InviteSecret,
}

/// What makes a device one of a school's. Whoever has it can, so it is for a school's staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolLink {
    /// The relay that knows the school.
    pub relay: RelayLink,
    /// What to show it.
    pub pass: SchoolPass,
}

/// A device's offer to be let in. The key stands in it, so that nobody who finds the mailbox can put
/// another device in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceLink {
    /// The relay that the device uses.
    pub relay: RelayLink,
    /// Which device.
    pub device: DeviceKey,
    /// Where its offer lies, and the key to it.
    pub secret: InviteSecret,
}

/// Any Tandem link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TandemLink {
    /// A relay.
    Relay(RelayLink),
    /// An invitation.
    Join(InviteLink),
    /// A school at a relay.
    School(SchoolLink),
    /// A device that wants to be let in.
    Device(DeviceLink),
}

impl TandemLink {
    /// The relay that it names.
    #[must_use]
    pub const fn relay(&self) -> &RelayLink {
        match self {
            Self::Relay(relay) => relay,
            Self::Join(link) => &link.relay,
            Self::School(link) => &link.relay,
            Self::Device(link) => &link.relay,
        }
    }
}

impl FromStr for TandemLink {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if text.len() > MAX_LINK_BYTES {
            return Err(LinkError::TooLong);
        }
        const SCHEME: &str = "tandem://";
        let rest = match text.get(..SCHEME.len()) {
            Some(scheme) if scheme.eq_ignore_ascii_case(SCHEME) => &text[SCHEME.len()..],
            _ => return Err(LinkError::NotTandem),
        };
        let parts: Vec<&str> = rest.split('/').collect();
        let kind = parts[0].to_ascii_lowercase();
        match (kind.as_str(), &parts[1..]) {
            ("relay", [address, key]) => Ok(Self::Relay(relay(address, key)?)),
            ("join", [address, key, thread, role, secret]) => Ok(Self::Join(InviteLink {
                relay: relay(address, key)?,
                thread: thread.parse().map_err(|_| LinkError::BadPart("thread"))?,
                role: role.to_ascii_lowercase().parse().map_err(|_| LinkError::BadPart("role"))?,
                secret: InviteSecret::from_text(secret).ok_or(LinkError::BadPart("secret"))?,
            })),
            ("school", [address, key, school, token]) => Ok(Self::School(SchoolLink {
                relay: relay(address, key)?,
                pass: SchoolPass {
                    school: school.parse().map_err(|_| LinkError::BadPart("school"))?,
                    token: SchoolToken::from_text(token).ok_or(LinkError::BadPart("token"))?,
                },
            })),
            ("device", [address, key, device, secret]) => Ok(Self::Device(DeviceLink {
                relay: relay(address, key)?,
                device: device.parse().map_err(|_| LinkError::BadPart("device key"))?,
                secret: InviteSecret::from_text(secret).ok_or(LinkError::BadPart("secret"))?,
            })),
            ("relay" | "join" | "school" | "device", _) => Err(LinkError::WrongShape),
            _ => Err(LinkError::UnknownKind(kind)),
        }
    }
}

fn relay(address: &str, key: &str) -> Result<RelayLink, LinkError> {
    Ok(RelayLink {
        address: address.parse()?,
        key: key.parse().map_err(|_| LinkError::BadPart("relay key"))?,
    })
}

impl fmt::Display for RelayLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tandem://relay/{}/{}", self.address, self.key)
    }
}

impl fmt::Display for InviteLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RelayLink { address, key } = &self.relay;
        let secret = self.secret.to_text();
        write!(f, "tandem://join/{address}/{key}/{}/{}/{secret}", self.thread, self.role)
    }
}

impl fmt::Display for SchoolLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RelayLink { address, key } = &self.relay;
        let SchoolPass { school, token } = &self.pass;
        write!(f, "tandem://school/{address}/{key}/{school}/{}", token.to_text())
    }
}

impl fmt::Display for DeviceLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RelayLink { address, key } = &self.relay;
        write!(f, "tandem://device/{address}/{key}/{}/{}", self.device, self.secret.to_text())
    }
}

impl fmt::Display for TandemLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relay(link) => link.fmt(f),
            Self::Join(link) => link.fmt(f),
            Self::School(link) => link.fmt(f),
            Self::Device(link) => link.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invite() -> InviteLink {
        InviteLink {
            relay: RelayLink {
                address: "127.0.0.1:7443".parse().expect("an address"),
                key: RelayKey::new([1; 32]),
            },
            thread: ThreadId::new([2; 20]),
            role: Role::Guardian,
            secret: InviteSecret::new([3; 16]),
        }
    }

    #[test]
    fn a_schools_link_reads_back_and_its_token_is_shown_nowhere_else() {
        let token = SchoolToken::new([9; 16]);
        let pass = SchoolPass { school: crate::SchoolId::new([8; 16]), token };
        let link = SchoolLink { relay: invite().relay, pass };
        let text = link.to_string();
        assert!(!format!("{link:?}").contains(&link.pass.token.to_text()));
        assert_eq!(text.to_uppercase().parse(), Ok(TandemLink::School(link)));
        let short = &text[..text.len() - 1];
        assert_eq!(short.parse::<TandemLink>(), Err(LinkError::BadPart("token")));
    }

    #[test]
    fn a_link_reads_back_also_in_capitals_and_with_spaces_around() {
        let text = invite().to_string();
        assert_eq!(text.parse(), Ok(TandemLink::Join(invite())));
        assert_eq!(format!(" {}\n", text.to_uppercase()).parse(), Ok(TandemLink::Join(invite())));
        let relay = invite().relay;
        assert_eq!(relay.to_string().parse(), Ok(TandemLink::Relay(relay.clone())));
        assert_eq!(*TandemLink::Join(invite()).relay(), relay);
    }

    #[test]
    fn a_devices_link_reads_back_and_a_part_of_it_does_not() {
        let relay = invite().relay;
        let key = crate::SecretKey::from_seed([4; 32]).public();
        let device = DeviceKey::new(key);
        let link = DeviceLink { relay, device, secret: InviteSecret::new([3; 16]) };
        let text = link.to_string();
        assert_eq!(text.parse(), Ok(TandemLink::Device(link.clone())));
        assert_eq!(text.to_uppercase().parse(), Ok(TandemLink::Device(link)));
        let parse = |text: &str| text.parse::<TandemLink>().expect_err("no link");
        assert_eq!(parse(&text[..text.len() - 27]), LinkError::WrongShape);
        assert_eq!(parse(&text[..text.len() - 1]), LinkError::BadPart("secret"));
    }

    #[test]
    fn what_is_no_link_says_what_is_wrong_with_it() {
        let text = invite().to_string();
        let parse = |text: &str| text.parse::<TandemLink>().expect_err("no link");
        assert_eq!(parse("https://example.org"), LinkError::NotTandem);
        assert_eq!(parse("tandem://dance/now"), LinkError::UnknownKind("dance".into()));
        assert_eq!(parse(&text[..text.len() - 30]), LinkError::WrongShape);
        assert_eq!(parse(&text[..text.len() - 1]), LinkError::BadPart("secret"));
        assert_eq!(parse(&text.replace("guardian", "boss")), LinkError::BadPart("role"));
        assert_eq!(parse(&text.replace(":7443", "")), LinkError::BadPart("address"));
        assert_eq!(parse(&format!("tandem://{}", "x".repeat(2000))), LinkError::TooLong);
    }
}
