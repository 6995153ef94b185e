//! A pseudo-terminal with a screen behind it. Says nothing of what runs in it.
use std::{
    fmt::Write as _,
    io::{Read, Write},
    num::NonZeroU16,
    os::unix::fs::OpenOptionsExt,
    sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::{
    io::ioctl_fionread,
    process::{Pid, Signal, kill_process},
    termios::{InputModes, LocalModes, OutputModes},
};

/// How long to wait for what should come at once. Generous, since a busy machine is no failure.
pub const SOON: Duration = Duration::from_secs(30);

/// Opening a terminal must not make it that of the tests.
const O_NOCTTY: i32 = if cfg!(target_os = "macos") { 0x2_0000 } else { 0o400 };

#[derive(Default)]
struct Seen {
    parser: vt100::Parser,
    bytes: Vec<u8>,
}

#[derive(Default)]
struct Shared {
    seen: Mutex<Seen>,
    changed: Condvar,
    /// The reader should let go of the terminal.
    done: AtomicBool,
}

/// The modes that matter to a shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Modes {
    local: LocalModes,
    input: InputModes,
    output: OutputModes,
}

/// A program in a pseudo-terminal, with what it has drawn.
pub struct Pty {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    slave: Option<Box<dyn SlavePty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    reader: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
    before: Modes,
}

impl Pty {
    /// Starts a program. Its environment is what the command sets, and a usual `TERM` and `PATH`.
    pub fn start(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pseudo-terminal");
        let shared = Arc::new(Shared::default());
        shared.seen.lock().unwrap().parser = vt100::Parser::new(non_zero(rows), non_zero(columns), 200);
        let before = modes(&*pair.master);
        let mut from = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let reader = thread::spawn({
            let shared = Arc::clone(&shared);
            move || read(&mut from, &shared)
        });
        let child = pair.slave.spawn_command(command).expect("the program starts");
        Self {
            child,
            master: Some(pair.master),
            slave: Some(pair.slave),
            writer: Some(writer),
            reader: Some(reader),
            shared,
            before,
        }
    }

    /// Waits until the screen shows the text.
    pub fn wait_for(&self, text: &str) {
        self.wait_until(&format!("\"{text}\""), SOON, |screen| screen.contents().contains(text));
    }

    /// Waits until the screen no longer shows the text.
    pub fn wait_gone(&self, text: &str) {
        self.wait_until(&format!("\"{text}\" to go"), SOON, |screen| !screen.contents().contains(text));
    }

    /// Whether the screen shows the text now.
    pub fn shows(&self, text: &str) -> bool {
        self.seen().parser.screen().contents().contains(text)
    }

    /// Waits until the screen is as wanted, and fails with the screen if it is not in time.
    pub fn wait_until(&self, what: &str, within: Duration, wanted: impl Fn(&vt100::Screen) -> bool) {
        let start = Instant::now();
        let mut seen = self.seen();
        while !wanted(seen.parser.screen()) {
            let Some(left) = within.checked_sub(start.elapsed()) else {
                drop(seen);
                panic!("waited {within:?} in vain for {what}; the screen:\n{}", self.screen());
            };
            seen = self.shared.changed.wait_timeout(seen, left).unwrap().0;
        }
    }

    /// Types.
    pub fn send(&mut self, keys: &str) {
        let writer = self.writer.as_mut().expect("the terminal is open");
        writer.write_all(keys.as_bytes()).and_then(|()| writer.flush()).expect("the terminal takes keys");
    }

    /// Types one key, and waits until the program has read it: an escape that is read together with the
    /// key after it would be another key.
    pub fn press(&mut self, key: &str) {
        self.send(key);
        let path = self.master.as_ref().and_then(|m| m.tty_name()).expect("the terminal has a name");
        let terminal = std::fs::OpenOptions::new()
            .read(true)
            .custom_flags(O_NOCTTY)
            .open(path)
            .expect("the terminal can be looked at");
        self.wait_that("the key is read", || ioctl_fionread(&terminal).is_ok_and(|unread| unread == 0));
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("the program is there");
    }

    pub fn pid(&self) -> Pid {
        let id = self.child.process_id().expect("the program is there");
        Pid::from_raw(i32::try_from(id).unwrap()).unwrap()
    }

    /// Makes the terminal another size; the program is told by the system.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.seen().parser.screen_mut().set_size(non_zero(rows), non_zero(columns));
        self.master.as_ref().unwrap().resize(size(columns, rows)).expect("the terminal has a size");
    }

    /// What the screen shows, with a frame around it.
    pub fn screen(&self) -> String {
        let seen = self.seen();
        let (_, columns) = seen.parser.screen().size();
        let mut out = String::new();
        for row in seen.parser.screen().rows(0, columns.get()) {
            let _ = writeln!(out, "│{row}");
        }
        out
    }

    /// All bytes that the program has sent.
    pub fn bytes(&self) -> Vec<u8> {
        self.seen().bytes.clone()
    }

    /// Waits for the end of the program.
    pub fn wait_exit(&mut self, within: Duration) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("the program can be waited for") {
                return status;
            }
            assert!(start.elapsed() < within, "it does not end; the screen:\n{}", self.screen());
            self.pause();
        }
    }

    /// The terminal's modes and screen are as before the program came.
    pub fn is_restored(&self) -> bool {
        let seen = self.seen();
        let screen = seen.parser.screen();
        let screen_is = !screen.alternate_screen()
            && !screen.hide_cursor()
            && !screen.bracketed_paste()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None;
        screen_is && modes(&**self.master.as_ref().unwrap()) == self.before
    }

    /// The terminal is taken over: raw, alternate screen, bracketed paste, neither cursor nor mouse.
    pub fn is_taken(&self) -> bool {
        let seen = self.seen();
        let screen = seen.parser.screen();
        let local = modes(&**self.master.as_ref().unwrap()).local;
        screen.alternate_screen()
            && screen.hide_cursor()
            && screen.bracketed_paste()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
            && !local.intersects(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG)
    }

    /// Waits until the terminal is given back, and returns how long that took.
    pub fn wait_restored(&self, within: Duration) -> Duration {
        let start = Instant::now();
        while !self.is_restored() {
            assert!(
                start.elapsed() < within,
                "the terminal is not given back; the screen:\n{}",
                self.screen()
            );
            self.pause();
        }
        start.elapsed()
    }

    /// Waits until a claim about the world outside of the terminal holds.
    pub fn wait_that(&self, what: &str, holds: impl Fn() -> bool) {
        let start = Instant::now();
        while !holds() {
            assert!(start.elapsed() < SOON, "waited in vain until {what}; the screen:\n{}", self.screen());
            self.pause();
        }
    }

    /// Closes the terminal as a window is closed: the program is hung up.
    pub fn close(&mut self) {
        self.shared.done.store(true, Ordering::SeqCst);
        // The reader sits in a read; one more byte lets it see that it should go. A second program writes
        // it, since this side of a terminal cannot.
        let mut nudge = CommandBuilder::new("printf");
        nudge.arg(".");
        nudge.set_controlling_tty(false);
        let slave = self.slave.take().expect("the terminal is open");
        slave.spawn_command(nudge).expect("printf runs").wait().expect("printf ends");
        self.reader.take().unwrap().join().unwrap();
        drop(slave);
        self.writer = None;
        self.master = None;
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.shared.seen.lock().unwrap()
    }

    /// Waits for more output, or a little, for claims that output does not tell.
    fn pause(&self) {
        drop(self.shared.changed.wait_timeout(self.seen(), Duration::from_millis(5)).unwrap());
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(from: &mut impl Read, shared: &Shared) {
    let mut bytes = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        let mut seen = shared.seen.lock().unwrap();
        seen.parser.process(&bytes[..length]);
        seen.bytes.extend_from_slice(&bytes[..length]);
        drop(seen);
        shared.changed.notify_all();
        if shared.done.load(Ordering::SeqCst) {
            return;
        }
    }
}

fn modes(master: &dyn MasterPty) -> Modes {
    let termios = master.get_termios().expect("the terminal has modes");
    Modes {
        local: LocalModes::from_bits_retain(termios.local_flags.bits()),
        input: InputModes::from_bits_retain(termios.input_flags.bits()),
        output: OutputModes::from_bits_retain(termios.output_flags.bits()),
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn non_zero(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).expect("a terminal has rows and columns")
}

/// A command with nothing of our own environment but what every program needs.
pub fn command(program: &str, args: &[&str], home: &std::path::Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(args);
    command.env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("TERM", "xterm-256color");
    command.env("HOME", home);
    command.cwd(home);
    command
}
