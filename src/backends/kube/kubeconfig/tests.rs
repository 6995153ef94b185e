use super::*;

const AUTHORITY: &str = "-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIUVrQf5d//S01a0fbXxYRIx9wc0VQwCgYIKoZIzj0EAwIw
-----END CERTIFICATE-----
";

struct Files {
    dir: tempfile::TempDir,
    request: Request,
}

impl Files {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), request: Request::default() }
    }
    fn add(&mut self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        self.request.files.push(path.clone());
        path
    }
    fn load(&self) -> Sites {
        Sites::load(&self.request)
    }
}

/// A file with contexts written as `name=server/user`.
fn kubeconfig(current: &str, contexts: &[&str]) -> String {
    let mut text = format!("apiVersion: v1\nkind: Config\ncurrent-context: \"{current}\"\n");
    let parsed: Vec<(&str, &str, &str)> = contexts
        .iter()
        .map(|c| {
            let (name, rest) = c.split_once('=').unwrap();
            let (server, user) = rest.split_once('/').unwrap();
            (name, server, user)
        })
        .collect();
    let list =
        |entry: &dyn Fn(&(&str, &str, &str)) -> String| parsed.iter().map(entry).collect::<Vec<_>>().concat();
    text += "clusters:\n";
    text += &list(&|(name, server, _)| {
        format!("- name: c-{name}\n  cluster: {{server: \"https://{server}\"}}\n")
    });
    text += "users:\n";
    text += &list(&|(_, _, user)| format!("- name: {user}\n  user: {{token: t-{user}}}\n"));
    text += "contexts:\n";
    text +=
        &list(&|(name, _, user)| format!("- name: {name}\n  context: {{cluster: c-{name}, user: {user}}}\n"));
    text
}

fn ids(sites: &Sites) -> Vec<&str> {
    sites.specs.iter().map(|s| s.id.as_str()).collect()
}

fn said(sites: &Sites) -> String {
    sites.problems.iter().map(|p| format!("{} | {}", p.summary, p.hint)).collect::<Vec<_>>().join("\n")
}

#[test]
fn files_merge_and_the_first_wins() {
    let mut files = Files::new();
    files.add("a", &kubeconfig("", &["east=e:6443/admin"]));
    files.add("b", &kubeconfig("west", &["east=other:1/admin", "west=w/admin"]));
    let sites = files.load();
    assert_eq!(said(&sites), "");
    assert_eq!(ids(&sites), ["east", "west"]);
    assert_eq!(sites.specs[0].server, "https://e:6443");
    assert_eq!(sites.specs[1].server, "https://w:443");
    assert_eq!(sites.contexts()[1].file, files.request.files[1]);
}

#[test]
fn bad_files_are_named_and_the_others_load() {
    let mut files = Files::new();
    files.request.files.push(files.dir.path().join("missing"));
    files.add("broken", "apiVersion: v1\nclusters:\n- name: [a\ntoken: s3cret\n");
    files.add("empty", "");
    files.add("secret", "kind: Secret\napiVersion: v1\n");
    files.add("good", &kubeconfig("a", &["a=a/u"]));
    std::fs::create_dir(files.dir.path().join("folder")).unwrap();
    files.request.files.push(files.dir.path().join("folder"));
    let sites = files.load();
    assert_eq!(ids(&sites), ["a"]);
    let said = said(&sites);
    assert_eq!(sites.problems.len(), 5, "{said}");
    for part in ["missing: ", "broken:", "empty: the kubeconfig is empty", "secret: is a Secret", "folder: "]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(said.contains("broken:4") || said.contains("broken:3"), "{said}");
    assert!(!said.contains("s3cret"), "{said}");
}

#[test]
fn without_any_file_the_problem_says_how_to_get_one() {
    let files = Files::new();
    let mut request = files.request.clone();
    request.files.push(files.dir.path().join("config"));
    let sites = Sites::load(&request);
    assert!(sites.specs.is_empty());
    assert_eq!(sites.problems.len(), 1);
    assert_eq!(sites.problems[0].kind, ProblemKind::File);
}

#[test]
fn contexts_that_lead_nowhere_name_line_and_nearest() {
    let mut files = Files::new();
    let text = kubeconfig("a", &["a=a/admin"])
        + "- name: lost\n  context: {cluster: c-aa, user: admin}\n- name: who\n  context: {cluster: c-a, user: admn}\n";
    let path = files.add("k", &text);
    let sites = files.load();
    assert_eq!(ids(&sites), ["a"]);
    let said = said(&sites);
    let line = |needle: &str| text.lines().position(|l| l.contains(needle)).unwrap() + 1;
    let lost = format!("{}:{}: context \"lost\": unknown cluster", path.display(), line("name: lost"));
    assert!(said.contains(&lost), "{said}");
    assert!(said.contains("did you mean \"c-a\"?"), "{said}");
    assert!(said.contains("did you mean \"admin\"?"), "{said}");
}

#[test]
fn contexts_of_one_server_and_user_are_one_site() {
    let mut files = Files::new();
    let contexts = ["a=api:6443/admin", "a-dev=api:6443/admin", "a-ro=api:6443/reader", "b=b/admin"];
    files.add("k", &kubeconfig("a-dev", &contexts));
    let sites = files.load();
    assert_eq!(ids(&sites), ["a-dev", "a-ro", "b"]);
    assert_eq!(sites.contexts().len(), 4);
}

#[test]
fn one_address_behind_two_proxies_is_two_sites() {
    let mut files = Files::new();
    let text = kubeconfig("a", &["a=10.0.0.1:6443/admin", "b=10.0.0.1:6443/admin"]);
    files.add("k", &text.replacen("{server", "{proxy-url: \"socks5://jump:1080\", server", 1));
    assert_eq!(ids(&files.load()), ["a", "b"]);
}

#[test]
fn the_config_file_names_hides_and_tags() {
    let mut files = Files::new();
    files.add("k", &kubeconfig("a", &["a=api/u", "a-two=api/u", "b=b/u", "c=c/u"]));
    let site = |context: &str| SiteSettings { context: Some(context.into()), ..SiteSettings::default() };
    let mut east = site("a-two");
    east.tags.insert("env".into(), "prod".into());
    files.request.sites.insert("east".into(), east);
    files.request.sites.insert("c".into(), SiteSettings { hide: true, ..SiteSettings::default() });
    files.request.sites.insert("gone".into(), site("bb"));
    files.request.write = vec!["east".into(), "esat".into()];
    let sites = files.load();
    assert_eq!(ids(&sites), ["east", "b"]);
    assert_eq!(sites.specs[0].context, "a-two");
    assert_eq!(sites.specs[0].tags["env"], "prod");
    assert!(sites.specs[0].write && !sites.specs[1].write);
    let said = said(&sites);
    assert!(said.contains("unknown context \"bb\" | did you mean \"b\"?"), "{said}");
    assert!(said.contains("--write: unknown site \"esat\" | did you mean \"east\"?"), "{said}");
}

#[test]
fn only_the_contexts_asked_for() {
    let mut files = Files::new();
    files.add("k", &kubeconfig("a", &["prod=api/u", "a=api/u", "stage=s/u"]));
    files.request.contexts = vec!["prod".into(), "stag".into()];
    let sites = files.load();
    assert_eq!(ids(&sites), ["prod"]);
    assert!(said(&sites).contains("--context: unknown context \"stag\" | did you mean \"stage\"?"));
}

#[test]
fn paths_are_relative_to_their_file() {
    let mut files = Files::new();
    files.add(
        "sub/k",
        "clusters:\n- name: c\n  cluster: {server: \"https://a\", certificate-authority: ca.pem}\n\
         users:\n- name: u\n  user: {tokenFile: token, exec: {apiVersion: x, command: ./login}}\n\
         contexts:\n- name: a\n  context: {cluster: c, user: u}\n",
    );
    std::fs::write(files.dir.path().join("sub/ca.pem"), AUTHORITY).unwrap();
    let sites = files.load();
    let parts = sites.parts("a").unwrap();
    let sub = files.dir.path().join("sub");
    assert_eq!(parts.user.token_file.as_deref(), sub.join("token").to_str());
    assert_eq!(parts.user.exec.unwrap().command.as_deref(), sub.join("./login").to_str());
    assert_eq!(sites.contexts()[0].ca_fingerprint, fingerprint(AUTHORITY.as_bytes()));
    assert_eq!(sites.contexts()[0].ca_fingerprint.len(), 64);
}

#[test]
fn servers_are_compared_in_one_spelling() {
    for (written, normal) in [
        ("https://API.Corp:443/", Some("https://api.corp:443")),
        ("https://api.corp", Some("https://api.corp:443")),
        ("http://a", Some("http://a:80")),
        ("https://[fd00::1]:6443", Some("https://[fd00::1]:6443")),
        ("https://rancher/k8s/clusters/c-1/", Some("https://rancher:443/k8s/clusters/c-1")),
        ("api.corp:6443", None),
        ("", None),
    ] {
        assert_eq!(normal_server(written).as_deref(), normal, "{written}");
    }
}

#[test]
fn which_files_are_read() {
    let paths = Paths::under(Path::new("/x"));
    let settings = Settings::default();
    let files = |flags: &Flags, variable| Request::new(&settings, flags, variable, &paths).files;
    let none = Flags::default();
    assert_eq!(files(&none, None), [Path::new("/x/home/.kube/config")]);
    assert_eq!(files(&none, Some("")), [Path::new("/x/home/.kube/config")]);
    assert_eq!(files(&none, Some("/a::/b")), [Path::new("/a"), Path::new("/b")]);
    let flag = Flags { kubeconfig: Some("/c".into()), ..Flags::default() };
    assert_eq!(files(&flag, Some("/a")), [Path::new("/c")]);
}

#[test]
fn a_large_kubeconfig_loads() {
    let mut files = Files::new();
    let contexts: Vec<String> = (0..400).map(|i| format!("s{i}=h{i}:6443/u{i}")).collect();
    let contexts: Vec<&str> = contexts.iter().map(String::as_str).collect();
    let padding = format!("certificate-authority-data: {}, server", "A".repeat(4_000));
    files.add("k", &kubeconfig("s1", &contexts).replace("{server", &format!("{{{padding}")));
    let sites = files.load();
    assert_eq!(said(&sites), "");
    assert_eq!(sites.specs.len(), 400);
}
