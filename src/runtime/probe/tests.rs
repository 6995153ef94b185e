//! Answers of real terminals, halves of answers, and what is no answer.
use proptest::prelude::*;

use super::*;

#[test]
fn answers_of_terminals_are_read() {
    let cases: [(&[u8], Colour); 6] = [
        (b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\", Colour(0x1e, 0x1e, 0x2e)),
        (b"\x1b]11;rgb:ffff/ffff/ffff\x07", Colour(255, 255, 255)),
        (b"\x1b]11;rgb:00/80/ff\x07", Colour(0, 0x80, 255)),
        (b"\x1b]11;rgb:f/0/f\x07", Colour(255, 0, 255)),
        (b"\x1b]11;rgba:0000/0000/0000/ffff\x07", Colour(0, 0, 0)),
        (b"\x1b]11;#fdf6e3\x07and more", Colour(0xfd, 0xf6, 0xe3)),
    ];
    for (bytes, colour) in cases {
        assert_eq!(scan(bytes), Scan::Answer(colour), "{}", bytes.escape_ascii());
        let end = bytes.iter().position(|byte| *byte == 0x07).unwrap_or(bytes.len() - 1);
        for length in 0..end {
            assert_eq!(scan(&bytes[..length]), Scan::Partial, "{}", bytes[..length].escape_ascii());
        }
    }
}

#[test]
fn other_bytes_are_no_answer() {
    let cases: [&[u8]; 6] = [
        b"j",
        b"\x1b[A",
        b"\x1b]10;rgb:0/0/0\x07",
        b"\x1b]11;rgb:zz/0/0\x07",
        b"\x1b]11;rgb:0/0\x07",
        b"\x1b]11;rgb:0000000000000000000000000000000000000000",
    ];
    for bytes in cases {
        assert_eq!(scan(bytes), Scan::Other, "{}", bytes.escape_ascii());
    }
}

#[test]
fn an_answer_is_found_between_keys_and_the_attributes_end_the_wait() {
    assert_eq!(find_answer(b"jk\x1b]11;rgb:0/0/0\x07\x1b[?62;22c"), Some(Colour(0, 0, 0)));
    assert!(has_attributes(b"j\x1b[?62;22c"));
    assert!(!has_attributes(b"\x1b[?62;2"));
    assert!(!has_attributes(b"\x1b[?1h c"));
}

#[test]
fn brightness_is_what_the_eye_sees() {
    assert_eq!(Background::of(Colour(0xfd, 0xf6, 0xe3)), Background::Light);
    assert_eq!(Background::of(Colour(0, 0, 255)), Background::Dark, "blue is dark");
    assert_eq!(Background::of(Colour(0, 255, 0)), Background::Light, "green is light");
}

#[test]
fn the_environment_is_read_where_the_terminal_is_silent() {
    for (value, background) in [
        ("15;0", Background::Dark),
        ("0;15", Background::Light),
        ("0;default;7", Background::Light),
        ("12;8", Background::Dark),
        ("default;default", Background::Unknown),
        ("", Background::Unknown),
    ] {
        assert_eq!(from_colorfgbg(value), background, "{value}");
    }
}

#[test]
fn only_terminals_that_answer_are_asked() {
    let asked = |vars: &[(&str, &str)]| {
        worth_asking(|name| vars.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    };
    assert!(asked(&[("TERM", "xterm-256color")]));
    assert!(asked(&[("TERM", "screen-256color"), ("TMUX", "/run/tmux,1,0")]));
    for vars in [
        &[][..],
        &[("TERM", "dumb")],
        &[("TERM", "linux")],
        &[("TERM", "screen")],
        &[("TERM", "xterm"), ("STY", "1.tty")],
    ] {
        assert!(!asked(vars), "{vars:?}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>(), tail in any::<Vec<u8>>()) {
        let _ = (scan(&bytes), find_answer(&bytes), has_attributes(&bytes));
        let _ = scan(&[PREFIX, &tail].concat());
    }

    #[test]
    fn every_colour_that_is_told_is_understood(r in any::<u8>(), g in any::<u8>(), b in any::<u8>()) {
        let answer = format!("\x1b]11;rgb:{r:02x}{r:02x}/{g:02x}{g:02x}/{b:02x}{b:02x}\x1b\\");
        prop_assert_eq!(scan(answer.as_bytes()), Scan::Answer(Colour(r, g, b)));
    }
}
