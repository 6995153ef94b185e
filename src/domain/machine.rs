//! Machines of Cluster API.
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Health, Text, cluster::ObjectLink};

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Machine {
    pub cluster: Text,
    /// `status.phase` as the controller writes it.
    pub phase: Text,
    pub version: Text,
    /// Name of the Node; empty until it has joined.
    pub node: Text,
    pub provider_id: Text,
    pub failure_domain: Text,
    pub address: Text,
    pub control_plane: bool,
    pub infrastructure: ObjectLink,
    pub bootstrap: ObjectLink,
    /// `status.failureReason` and `failureMessage` of v1beta1: terminal, the machine will not recover.
    pub failure: Text,
    /// `status.certificatesExpiryDate`, control plane machines only.
    pub certificates_expiry: Option<Timestamp>,
    /// What remediation is doing, in one word; empty when nothing.
    pub remediation: Text,
}

/// When the control plane certificates of a machine end, and how that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certificates {
    pub end: Timestamp,
    /// Whole days left; negative once they have ended.
    pub days: i64,
    pub health: Health,
}

/// Days before the end of certificates from which it is worth a warning, and an alarm.
const EXPIRY_DAYS: (i64, i64) = (30, 7);

impl Machine {
    /// Its certificates as they stand at that time; nothing where the machine does not tell.
    pub fn certificates(&self, now: Timestamp) -> Option<Certificates> {
        let end = self.certificates_expiry?;
        let days = (end.as_second() - now.as_second()).div_euclid(86_400);
        let health = match days {
            days if days < EXPIRY_DAYS.1 => Health::Bad,
            days if days < EXPIRY_DAYS.0 => Health::Warning,
            _ => Health::Ok,
        };
        Some(Certificates { end, days, health })
    }
}

impl Certificates {
    /// Nobody can ask this machine's API server any more.
    pub fn ended(self) -> bool {
        self.days < 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_warn_a_month_before_they_end_and_alarm_a_week_before() {
        let end: Timestamp = "2026-06-30T12:00:00Z".parse().unwrap();
        let machine = Machine { certificates_expiry: Some(end), ..Machine::default() };
        let at = |now: &str| {
            let c = machine.certificates(now.parse().unwrap()).unwrap();
            (c.days, c.health, c.ended())
        };
        assert_eq!(at("2026-05-01T12:00:00Z"), (60, Health::Ok, false));
        assert_eq!(at("2026-06-01T12:00:00Z"), (29, Health::Warning, false));
        assert_eq!(at("2026-06-30T11:59:59Z"), (0, Health::Bad, false));
        assert_eq!(at("2026-06-30T12:00:01Z"), (-1, Health::Bad, true));
        assert_eq!(Machine::default().certificates(end), None);
    }
}
