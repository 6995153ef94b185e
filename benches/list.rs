//! How long the list of 10,000 machines takes over loopback, beside reading and dropping the same bytes through
//! the same client. The server writes bytes made beforehand, on a thread of its own.
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up ends there")]
use std::{
    hint::black_box,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, atomic::AtomicBool},
    thread,
};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures::{AsyncReadExt as _, pin_mut};
use kube::{Client, Config, api::WatchParams, core::Request};
use tko::{
    backends::kube::{
        backoff::Bell,
        watch::{Sink, Standing, Watch},
    },
    kinds,
    msg::{Change, Observation},
};

mod fleet;

const COUNT: usize = 10_000;
const PATH: &str = "/apis/cluster.x-k8s.io/v1beta1/machines";

/// A streaming list as an API server sends it.
fn answer() -> Vec<u8> {
    let mut body =
        String::from("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");
    for n in 0..COUNT {
        body.push_str(r#"{"type":"ADDED","object":"#);
        body.push_str(&fleet::machine(n));
        body.push_str("}\n");
    }
    body += r#"{"type":"BOOKMARK","object":{"kind":"Machine","apiVersion":"cluster.x-k8s.io/v1beta1","metadata":{"resourceVersion":"9","annotations":{"k8s.io/initial-events-end":"true"}}}}"#;
    body.push('\n');
    body.into_bytes()
}

/// Answers every request with the same bytes.
fn serve(listener: &TcpListener, answer: &[u8]) {
    for stream in listener.incoming().flatten() {
        // The client goes as soon as it has what it wants.
        let _ = reply(stream, answer);
    }
}

fn reply(mut stream: TcpStream, answer: &[u8]) -> std::io::Result<()> {
    let mut asked = Vec::new();
    let mut piece = [0; 4096];
    while !asked.ends_with(b"\r\n\r\n") {
        let some = stream.read(&mut piece)?;
        if some == 0 {
            return Ok(());
        }
        asked.extend_from_slice(&piece[..some]);
    }
    stream.write_all(answer)
}

/// Counts rows until the list is whole.
struct Count(usize);

impl Sink for Count {
    async fn send(&mut self, observation: Observation) -> bool {
        if let Observation::Changes(changes) = &observation {
            self.0 += changes.iter().filter(|change| matches!(change, Change::Upsert(_))).count();
        }
        !matches!(observation, Observation::Listed)
    }
}

async fn list(client: Client) -> usize {
    let kind = kinds::find("machine").expect("the kind is registered");
    let watch = Watch {
        client,
        kind: kind.into(),
        version: "v1beta1".into(),
        fields: String::new(),
        streaming: Arc::new(AtomicBool::new(true)),
        pulse: Arc::default(),
    };
    let (mut standing, mut wake, mut count) = (Standing::default(), Bell::default().listen(), Count(0));
    watch.run(&mut standing, &mut wake, &mut count).await;
    count.0
}

async fn drop_all(client: Client) -> usize {
    let params = WatchParams { send_initial_events: true, ..WatchParams::default() };
    let request = Request::new(PATH).watch(&params, "").expect("a request");
    let body = client.request_stream(request).await.expect("an answer");
    pin_mut!(body);
    let (mut piece, mut all) = (vec![0; 1 << 16], 0);
    loop {
        match body.read(&mut piece).await.expect("bytes") {
            0 => return all,
            some => all += black_box(some),
        }
    }
}

fn client(at: SocketAddr) -> Client {
    let url = format!("http://{at}").parse().expect("a URL");
    Client::try_from(Config::new(url)).expect("a client")
}

fn bench(criterion: &mut Criterion) {
    let answer = answer();
    let bytes = answer.len() as u64;
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("its address");
    thread::spawn(move || serve(&listener, &answer));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let mut group = criterion.benchmark_group("list");
    group.throughput(Throughput::Bytes(bytes)).sample_size(20);
    let run = |wanted: fn(Client) -> futures::future::BoxFuture<'static, usize>| {
        let client = {
            let _inside = runtime.enter();
            client(at)
        };
        runtime.block_on(async { tokio::spawn(wanted(client)).await }).expect("no panic")
    };
    group.bench_function("read and drop", |b| b.iter(|| run(|client| Box::pin(drop_all(client)))));
    group.bench_function("10,000 machines", |b| {
        b.iter(|| assert_eq!(run(|client| Box::pin(list(client))), COUNT));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
