//! The fleet as it stands without options: sites and clusters as a company with two data centres, a cloud account and
//! shops would have them, after the reference designs. Data only.
use super::{Dialect, Infra, Role};

/// What a site is like.
#[derive(Debug)]
pub struct SitePlan {
    /// The kubeconfig context, and what the console calls it.
    pub name: &'static str,
    pub dialect: Dialect,
    pub infra: Infra,
    /// `gitVersion` of its API server.
    pub version: &'static str,
    /// The user of its kubeconfig.
    pub user: &'static str,
    /// Something listens at its address.
    pub answers: bool,
    /// Its ClusterClass: name and namespace.
    pub class: (&'static str, &'static str),
    /// Zones that machines are spread over.
    pub zones: &'static [&'static str],
    /// First two octets of the node networks.
    pub net: (u8, u8),
    pub releases: &'static [&'static str],
    /// What its clusters are made from; those that stand there may be others.
    pub(super) clusters: &'static [ClusterPlan],
}

/// Name in the topology, machines, and bounds where the autoscaler decides.
pub(super) type PoolPlan = (&'static str, usize, Option<(usize, usize)>);

/// What a cluster is like.
#[derive(Debug)]
pub(super) struct ClusterPlan {
    pub name: &'static str,
    pub namespace: &'static str,
    pub role: Role,
    pub classy: bool,
    pub planes: usize,
    pub pools: &'static [PoolPlan],
    pub version: &'static str,
    /// Age in hours, about.
    pub age: i64,
}

const fn plan(
    (name, namespace): (&'static str, &'static str),
    role: Role,
    planes: usize,
    pools: &'static [PoolPlan],
    version: &'static str,
    age: i64,
) -> ClusterPlan {
    ClusterPlan { name, namespace, role, classy: true, planes, pools, version, age }
}

const fn classless(plan: &ClusterPlan) -> ClusterPlan {
    ClusterPlan { classy: false, ..*plan }
}

pub(super) const SITES: &[SitePlan] = &[VSPHERE, AWS, SUPERVISOR, EDGE];

const VSPHERE: SitePlan = SitePlan {
    name: "dc1-mgmt",
    dialect: Dialect::Old,
    infra: Infra::VSphere,
    version: "v1.28.11+vmware.2",
    user: "dc1-mgmt-admin",
    answers: true,
    class: ("tkg-vsphere-default-v1.2.0", "tkg-system"),
    zones: &["az-rack-a", "az-rack-b", "az-rack-c"],
    net: (10, 40),
    releases: &[
        "v1.26.14+vmware.1-tkg.4",
        "v1.27.15+vmware.1-tkg.2",
        "v1.28.11+vmware.2-tkg.2",
        "v1.29.6+vmware.1-tkg.3",
        "v1.30.2+vmware.1-tkg.1",
    ],
    clusters: &[
        plan(
            ("dc1-mgmt", "tkg-system"),
            Role::Management,
            3,
            &[("md-0", 3, None)],
            "v1.28.11+vmware.2",
            17_300,
        ),
        plan(
            ("shared-services", "tkg-system"),
            Role::Services,
            3,
            &[("md-0", 3, None)],
            "v1.28.11+vmware.2",
            17_250,
        ),
        plan(
            ("payments-prod", "prod"),
            Role::Prod,
            3,
            &[("md-0", 3, None), ("md-1", 3, None), ("md-2", 3, None)],
            "v1.28.11+vmware.2",
            13_100,
        ),
        plan(
            ("orders-prod", "prod"),
            Role::Prod,
            3,
            &[("md-0", 4, None), ("batch", 2, Some((2, 8)))],
            "v1.28.11+vmware.2",
            9_900,
        ),
        plan(("identity-prod", "prod"), Role::Prod, 3, &[("md-0", 3, None)], "v1.27.15+vmware.1", 15_000),
        plan(
            ("payments-stage", "staging"),
            Role::Staging,
            1,
            &[("md-0", 2, None)],
            "v1.29.6+vmware.1",
            5_200,
        ),
        plan(("orders-stage", "staging"), Role::Staging, 1, &[("md-0", 3, None)], "v1.28.11+vmware.2", 5_100),
        plan(("sandbox-dev", "dev"), Role::Dev, 1, &[("md-0", 2, None)], "v1.29.6+vmware.1", 130),
    ],
};

const AWS: SitePlan = SitePlan {
    name: "aws-eu-mgmt",
    dialect: Dialect::New,
    infra: Infra::Aws,
    version: "v1.34.2",
    user: "sre-oncall",
    answers: true,
    class: ("aws-standard-v2", "capi-classes"),
    zones: &["eu-central-1a", "eu-central-1b", "eu-central-1c"],
    net: (10, 72),
    releases: &[],
    clusters: &[
        plan(("aws-eu-mgmt", "capi-mgmt"), Role::Management, 3, &[("md-0", 3, None)], "v1.34.2", 8_800),
        plan(("shared-services-eu", "platform"), Role::Services, 3, &[("md-0", 3, None)], "v1.34.2", 8_700),
        plan(
            ("web-prod-eu", "web"),
            Role::Prod,
            3,
            &[("az-a", 3, None), ("az-b", 3, None), ("az-c", 3, None)],
            "v1.33.6",
            7_400,
        ),
        plan(
            ("search-prod-eu", "search"),
            Role::Prod,
            3,
            &[("md-0", 5, None), ("spot", 4, Some((2, 12)))],
            "v1.33.6",
            4_300,
        ),
        plan(("web-stage-eu", "web"), Role::Staging, 1, &[("md-0", 3, None)], "v1.34.2", 3_000),
        classless(&plan(("analytics", "data"), Role::Prod, 3, &[("workers", 4, None)], "v1.33.6", 6_000)),
        plan(("ml-dev", "data"), Role::Dev, 1, &[("md-0", 2, None), ("gpu", 1, None)], "v1.34.2", 19),
    ],
};

const SUPERVISOR: SitePlan = SitePlan {
    name: "dc2-supervisor",
    dialect: Dialect::New,
    infra: Infra::Supervisor,
    version: "v1.31.6+vmware.3-fips",
    user: "sso:sre-oncall@vsphere.local",
    answers: true,
    class: ("builtin-generic-v3.4.0", "vmware-system-vks-public"),
    zones: &["zone-1", "zone-2", "zone-3"],
    net: (10, 88),
    releases: &[],
    clusters: &[
        plan(
            ("crm-prod", "ns-crm"),
            Role::Prod,
            3,
            &[("np-1", 3, None), ("np-2", 3, None)],
            "v1.32.7+vmware.1-fips",
            6_600,
        ),
        plan(
            ("warehouse-prod", "ns-warehouse"),
            Role::Prod,
            3,
            &[("np-1", 4, None)],
            "v1.32.7+vmware.1-fips",
            4_400,
        ),
        plan(("crm-stage", "ns-crm"), Role::Staging, 1, &[("np-1", 2, None)], "v1.33.3+vmware.1-fips", 1_500),
        plan(("portal-dev", "ns-portal"), Role::Dev, 1, &[("np-1", 2, None)], "v1.33.3+vmware.1-fips", 6),
    ],
};

const EDGE: SitePlan = SitePlan {
    name: "edge-north",
    dialect: Dialect::Old,
    infra: Infra::VSphere,
    version: "v1.27.15+vmware.1",
    user: "edge-north-admin",
    answers: false,
    class: ("tkg-vsphere-default-v1.2.0", "tkg-system"),
    zones: &["store"],
    net: (10, 116),
    releases: &["v1.26.14+vmware.1-tkg.4", "v1.27.15+vmware.1-tkg.2"],
    clusters: &[
        plan(
            ("edge-north", "tkg-system"),
            Role::Management,
            1,
            &[("md-0", 1, None)],
            "v1.27.15+vmware.1",
            11_000,
        ),
        plan(("store-104", "stores"), Role::Edge, 1, &[("md-0", 2, None)], "v1.26.14+vmware.1", 10_400),
        plan(("store-117", "stores"), Role::Edge, 1, &[("md-0", 2, None)], "v1.26.14+vmware.1", 10_300),
    ],
};
