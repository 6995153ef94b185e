use kube::core::response::{StatusCause, StatusDetails};

use super::*;

fn api(code: u16, reason: &str, message: &str) -> Status {
    Status::failure(message, reason).with_code(code)
}
fn of(status: Status) -> Problem {
    problem("list machines", &kube::Error::Api(status.boxed()))
}
fn details(name: &str) -> StatusDetails {
    StatusDetails {
        name: name.into(),
        group: String::new(),
        kind: String::new(),
        uid: String::new(),
        causes: Vec::new(),
        retry_after_seconds: 0,
    }
}

#[test]
fn each_status_has_its_kind_and_a_hint() {
    use ProblemKind as K;
    for (code, reason, message, kind) in [
        (401, "Unauthorized", "Unauthorized", K::Unauthenticated),
        (403, "Forbidden", "machines is forbidden: User \"eve\" cannot list", K::Forbidden),
        (403, "Forbidden", "User \"system:anonymous\" cannot list", K::Unauthenticated),
        (403, "Forbidden", "admission webhook \"v.x\" denied the request: no", K::Refused),
        (403, "Forbidden", "exceeded quota: compute", K::Refused),
        (404, "NotFound", "the server could not find the requested resource", K::Absent),
        (404, "Failed to parse error data", "404 page not found", K::Absent),
        (405, "MethodNotAllowed", "not allowed", K::Absent),
        (409, "Conflict", "the object has been modified", K::Conflict),
        (409, "AlreadyExists", "machines \"a\" already exists", K::Conflict),
        (410, "Expired", "too old resource version", K::Expired),
        (0, "Expired", "too old resource version", K::Expired),
        (422, "Invalid", "spec.replicas: Invalid value", K::Refused),
        (400, "BadRequest", "bad", K::Refused),
        (429, "TooManyRequests", "try again", K::Throttled),
        (500, "InternalError", "failed calling webhook \"x\": no endpoints", K::Server),
        (503, "ServiceUnavailable", "apiserver not ready", K::Server),
        (504, "Timeout", "timed out", K::Server),
    ] {
        let problem = of(api(code, reason, message));
        assert_eq!(problem.kind, kind, "{code} {reason} {message}");
        assert!(!problem.hint.is_empty(), "{code} {reason}");
        assert!(problem.summary.contains(message), "{}", problem.summary);
        assert!(problem.summary.starts_with("list machines: "));
    }
}

#[test]
fn a_missing_object_is_not_a_missing_api() {
    let status = api(404, "NotFound", "machines \"a\" not found").with_details(details("a"));
    assert_eq!(of(status).kind, ProblemKind::NotFound);
}

#[test]
fn causes_and_retry_after_are_kept() {
    let mut told = details("a");
    told.retry_after_seconds = 7;
    told.causes.push(StatusCause {
        reason: "FieldValueInvalid".into(),
        message: "must be odd".into(),
        field: "spec.replicas".into(),
    });
    let problem = of(api(422, "Invalid", "is invalid").with_details(told));
    assert_eq!(problem.detail, "spec.replicas: must be odd");
    assert_eq!(problem.retry_after, Some(7));
    assert_eq!(problem.code, Some(422));
}

#[test]
fn words_of_a_gateway_are_made_readable() {
    let html =
        "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>\u{1b}[31mnginx</body></html>";
    let problem = of(api(502, "Failed to parse error data", html));
    assert_eq!(problem.kind, ProblemKind::Server);
    assert_eq!(problem.summary, "list machines: 502 Bad Gateway [31mnginx");
    let long = of(api(500, "", &"x".repeat(9_000)));
    assert!(long.summary.len() < 2_100);
    assert_eq!(of(api(418, "", "")).summary, "list machines: HTTP 418");
}

#[test]
fn tls_errors_say_which() {
    use rustls::CertificateError as Cert;
    for (cert, word) in [
        (Cert::UnknownIssuer, "certificate-authority"),
        (Cert::Expired, "expired"),
        (Cert::NotValidYet, "clock"),
        (Cert::NotValidForName, "tls-server-name"),
    ] {
        let inner = io::Error::new(io::ErrorKind::InvalidData, rustls::Error::InvalidCertificate(cert));
        let outer = io::Error::other(inner);
        let problem = problem("connecting", &kube::Error::Service(Box::new(outer)));
        assert_eq!(problem.kind, ProblemKind::Tls);
        assert!(problem.hint.contains(word), "{}", problem.hint);
        assert!(problem.summary.contains("certificate"), "{}", problem.summary);
    }
}

#[test]
fn io_errors_say_which() {
    for (kind, expected) in [
        (io::ErrorKind::ConnectionRefused, ProblemKind::Unreachable),
        (io::ErrorKind::TimedOut, ProblemKind::Unreachable),
        (io::ErrorKind::ConnectionReset, ProblemKind::Unreachable),
        (io::ErrorKind::NetworkUnreachable, ProblemKind::Unreachable),
    ] {
        let problem = problem("connecting", &kube::Error::Service(Box::new(io::Error::from(kind))));
        assert_eq!(problem.kind, expected);
        assert!(problem.is_transient());
        assert!(!problem.hint.is_empty());
    }
    let dns = io::Error::other("failed to lookup address information: Name or service not known");
    assert_eq!(problem("connecting", &kube::Error::Service(Box::new(dns))).kind, ProblemKind::Dns);
}

#[test]
fn a_problem_from_below_comes_through_unchanged() {
    let own = Problem::new(ProblemKind::Unauthenticated, "the plugin failed").detail("go to https://login");
    let error = kube::Error::Service(Box::new(own.clone()));
    assert_eq!(problem("list machines", &error), own);
    assert_eq!(watch_problem("watch", &watcher::Error::WatchFailed(error)), own);
}

#[test]
fn a_watch_that_is_too_old_is_expired() {
    let status = api(410, "Expired", "too old resource version: 1 (2)").boxed();
    assert_eq!(
        watch_problem("watch machines", &watcher::Error::WatchError(status)).kind,
        ProblemKind::Expired
    );
}
