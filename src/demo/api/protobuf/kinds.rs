//! The kinds that typed clients make, as tables: numbers are those of the API's own definitions, which never change.
use super::{Field, Form, Message};

const fn field(number: u64, name: &'static str, form: Form) -> Field {
    Field { number, name, form, list: false, optional: false }
}

const fn text(number: u64, name: &'static str) -> Field {
    field(number, name, Form::Text)
}

const fn number(number: u64, name: &'static str) -> Field {
    field(number, name, Form::Number)
}

const fn of(number: u64, name: &'static str, message: &'static Message) -> Field {
    field(number, name, Form::Of(message))
}

impl Field {
    /// There may be several.
    const fn list(self) -> Self {
        Self { list: true, ..self }
    }

    /// Zero is not nothing.
    const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }
}

static META: Message = Message {
    name: "ObjectMeta",
    fields: &[
        text(1, "name"),
        text(2, "generateName"),
        text(3, "namespace"),
        text(4, "selfLink"),
        text(5, "uid"),
        text(6, "resourceVersion"),
        number(7, "generation"),
        field(8, "creationTimestamp", Form::Time),
        field(9, "deletionTimestamp", Form::Time),
        number(10, "deletionGracePeriodSeconds"),
        field(11, "labels", Form::Texts),
        field(12, "annotations", Form::Texts),
        of(13, "ownerReferences", &OWNER).list(),
        text(14, "finalizers").list(),
        of(17, "managedFields", &MANAGED).list(),
    ],
};

static OWNER: Message = Message {
    name: "OwnerReference",
    fields: &[
        text(1, "kind"),
        text(3, "name"),
        text(4, "uid"),
        text(5, "apiVersion"),
        field(6, "controller", Form::Flag).optional(),
        field(7, "blockOwnerDeletion", Form::Flag).optional(),
    ],
};

static MANAGED: Message = Message {
    name: "ManagedFieldsEntry",
    fields: &[
        text(1, "manager"),
        text(2, "operation"),
        text(3, "apiVersion"),
        field(4, "time", Form::Time),
        text(6, "fieldsType"),
        field(7, "fieldsV1", Form::Json),
        text(8, "subresource"),
    ],
};

static SELECTOR: Message = Message {
    name: "LabelSelector",
    fields: &[field(1, "matchLabels", Form::Texts), of(2, "matchExpressions", &REQUIREMENT).list()],
};

static REQUIREMENT: Message = Message {
    name: "LabelSelectorRequirement",
    fields: &[text(1, "key"), text(2, "operator"), text(3, "values").list()],
};

static DELETE_OPTIONS: Message = Message {
    name: "DeleteOptions",
    fields: &[
        number(1, "gracePeriodSeconds").optional(),
        of(2, "preconditions", &PRECONDITIONS),
        field(3, "orphanDependents", Form::Flag).optional(),
        text(4, "propagationPolicy"),
        text(5, "dryRun").list(),
    ],
};

static PRECONDITIONS: Message =
    Message { name: "Preconditions", fields: &[text(1, "uid"), text(2, "resourceVersion")] };

static NAMESPACE: Message =
    Message { name: "Namespace", fields: &[of(1, "metadata", &META), of(2, "spec", &NAMESPACE_SPEC)] };

static NAMESPACE_SPEC: Message = Message { name: "NamespaceSpec", fields: &[text(1, "finalizers").list()] };

static CONFIG_MAP: Message = Message {
    name: "ConfigMap",
    fields: &[
        of(1, "metadata", &META),
        field(2, "data", Form::Texts),
        field(3, "binaryData", Form::Blobs),
        field(4, "immutable", Form::Flag).optional(),
    ],
};

static SECRET: Message = Message {
    name: "Secret",
    fields: &[
        of(1, "metadata", &META),
        field(2, "data", Form::Blobs),
        text(3, "type"),
        field(4, "stringData", Form::Texts),
        field(5, "immutable", Form::Flag).optional(),
    ],
};

static SERVICE_ACCOUNT: Message = Message {
    name: "ServiceAccount",
    fields: &[
        of(1, "metadata", &META),
        of(2, "secrets", &REFERENCE).list(),
        of(3, "imagePullSecrets", &LOCAL_REFERENCE).list(),
        field(4, "automountServiceAccountToken", Form::Flag).optional(),
    ],
};

static REFERENCE: Message = Message {
    name: "ObjectReference",
    fields: &[
        text(1, "kind"),
        text(2, "namespace"),
        text(3, "name"),
        text(4, "uid"),
        text(5, "apiVersion"),
        text(6, "resourceVersion"),
        text(7, "fieldPath"),
    ],
};

static LOCAL_REFERENCE: Message = Message { name: "LocalObjectReference", fields: &[text(1, "name")] };

static EVENT: Message = Message {
    name: "Event",
    fields: &[
        of(1, "metadata", &META),
        of(2, "involvedObject", &REFERENCE),
        text(3, "reason"),
        text(4, "message"),
        of(5, "source", &SOURCE),
        field(6, "firstTimestamp", Form::Time),
        field(7, "lastTimestamp", Form::Time),
        number(8, "count"),
        text(9, "type"),
        field(10, "eventTime", Form::Time),
        text(12, "action"),
        of(13, "related", &REFERENCE),
        text(14, "reportingComponent"),
        text(15, "reportingInstance"),
    ],
};

static SOURCE: Message = Message { name: "EventSource", fields: &[text(1, "component"), text(2, "host")] };

static EVICTION: Message = Message {
    name: "Eviction",
    fields: &[of(1, "metadata", &META), of(2, "deleteOptions", &DELETE_OPTIONS)],
};

static BUDGET: Message =
    Message { name: "PodDisruptionBudget", fields: &[of(1, "metadata", &META), of(2, "spec", &BUDGET_SPEC)] };

static BUDGET_SPEC: Message = Message {
    name: "PodDisruptionBudgetSpec",
    fields: &[
        field(1, "minAvailable", Form::NumberOrText).optional(),
        of(2, "selector", &SELECTOR),
        field(3, "maxUnavailable", Form::NumberOrText).optional(),
        text(4, "unhealthyPodEvictionPolicy"),
    ],
};

static DEPLOYMENT: Message =
    Message { name: "Deployment", fields: &[of(1, "metadata", &META), of(2, "spec", &DEPLOYMENT_SPEC)] };

static DEPLOYMENT_SPEC: Message = Message {
    name: "DeploymentSpec",
    fields: &[
        number(1, "replicas").optional(),
        of(2, "selector", &SELECTOR),
        of(3, "template", &TEMPLATE),
        number(5, "minReadySeconds"),
        number(6, "revisionHistoryLimit").optional(),
        field(7, "paused", Form::Flag),
        number(9, "progressDeadlineSeconds").optional(),
    ],
};

static TEMPLATE: Message =
    Message { name: "PodTemplateSpec", fields: &[of(1, "metadata", &META), of(2, "spec", &POD_SPEC)] };

static POD_SPEC: Message = Message {
    name: "PodSpec",
    fields: &[
        of(2, "containers", &CONTAINER).list(),
        text(3, "restartPolicy"),
        number(4, "terminationGracePeriodSeconds").optional(),
        text(6, "dnsPolicy"),
        field(7, "nodeSelector", Form::Texts),
        text(8, "serviceAccountName"),
        text(10, "nodeName"),
        text(19, "schedulerName"),
    ],
};

static CONTAINER: Message = Message {
    name: "Container",
    fields: &[
        text(1, "name"),
        text(2, "image"),
        text(3, "command").list(),
        text(4, "args").list(),
        of(6, "ports", &PORT).list(),
        of(7, "env", &VARIABLE).list(),
        of(8, "resources", &RESOURCES),
        text(14, "imagePullPolicy"),
    ],
};

static PORT: Message = Message {
    name: "ContainerPort",
    fields: &[text(1, "name"), number(2, "hostPort"), number(3, "containerPort"), text(4, "protocol")],
};

static VARIABLE: Message = Message { name: "EnvVar", fields: &[text(1, "name"), text(2, "value")] };

static RESOURCES: Message = Message {
    name: "ResourceRequirements",
    fields: &[field(1, "limits", Form::Amounts), field(2, "requests", Form::Amounts)],
};

static ACCESS: Message = Message {
    name: "SelfSubjectAccessReview",
    fields: &[of(1, "metadata", &META), of(2, "spec", &ACCESS_SPEC)],
};

static ACCESS_SPEC: Message = Message {
    name: "SelfSubjectAccessReviewSpec",
    fields: &[
        of(1, "resourceAttributes", &RESOURCE_ATTRIBUTES),
        of(2, "nonResourceAttributes", &OTHER_ATTRIBUTES),
    ],
};

static RESOURCE_ATTRIBUTES: Message = Message {
    name: "ResourceAttributes",
    fields: &[
        text(1, "namespace"),
        text(2, "verb"),
        text(3, "group"),
        text(4, "version"),
        text(5, "resource"),
        text(6, "subresource"),
        text(7, "name"),
    ],
};

static OTHER_ATTRIBUTES: Message =
    Message { name: "NonResourceAttributes", fields: &[text(1, "path"), text(2, "verb")] };

static RULES: Message = Message {
    name: "SelfSubjectRulesReview",
    fields: &[of(1, "metadata", &META), of(2, "spec", &RULES_SPEC)],
};

static RULES_SPEC: Message = Message { name: "SelfSubjectRulesReviewSpec", fields: &[text(1, "namespace")] };

static SUBJECT: Message = Message { name: "SelfSubjectReview", fields: &[of(1, "metadata", &META)] };

/// The table of a kind. `DeleteOptions` come in whatever group the object is of.
pub(super) fn find(api_version: &str, kind: &str) -> Option<&'static Message> {
    Some(match (api_version, kind) {
        (_, "DeleteOptions") => &DELETE_OPTIONS,
        ("v1", "Namespace") => &NAMESPACE,
        ("v1", "ConfigMap") => &CONFIG_MAP,
        ("v1", "Secret") => &SECRET,
        ("v1", "ServiceAccount") => &SERVICE_ACCOUNT,
        ("v1", "Event") => &EVENT,
        ("policy/v1", "Eviction") => &EVICTION,
        ("policy/v1", "PodDisruptionBudget") => &BUDGET,
        ("apps/v1", "Deployment") => &DEPLOYMENT,
        ("authorization.k8s.io/v1", "SelfSubjectAccessReview") => &ACCESS,
        ("authorization.k8s.io/v1", "SelfSubjectRulesReview") => &RULES,
        ("authentication.k8s.io/v1", "SelfSubjectReview") => &SUBJECT,
        _ => return None,
    })
}
