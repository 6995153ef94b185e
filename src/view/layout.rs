//! Where things stand on the screen: arithmetic on plain numbers, shared with `update`.

/// The least size in which anything useful can be shown.
pub const SMALLEST: (u16, u16) = (40, 8);
/// From this width on the selection's details stand beside the table.
pub const WIDE: u16 = 190;
/// Lines above the rows of a table: header, title, column titles.
pub const ABOVE: u16 = 3;
/// Lines below: footer.
pub const BELOW: u16 = 1;

/// A rectangle in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Area {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

impl Area {
    pub fn new(x: u16, y: u16, width: u16, height: u16) -> Self {
        Self { x, y, width, height }
    }
    /// The area without a margin of one cell.
    #[must_use]
    pub fn inner(self) -> Self {
        Self::new(self.x + 1, self.y + 1, self.width.saturating_sub(2), self.height.saturating_sub(2))
    }
    /// One line of the area.
    #[must_use]
    pub fn line(self, at: u16) -> Self {
        Self::new(self.x, self.y + at.min(self.height), self.width, u16::from(at < self.height))
    }
    /// What is left below the first lines.
    #[must_use]
    pub fn below(self, lines: u16) -> Self {
        let lines = lines.min(self.height);
        Self::new(self.x, self.y + lines, self.width, self.height - lines)
    }
}

/// The parts of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    pub header: Area,
    pub main: Area,
    /// Beside the main part, on wide screens.
    pub side: Option<Area>,
    pub footer: Area,
}

/// Whether there is room for anything but a card that says there is none.
pub fn fits(width: u16, height: u16) -> bool {
    width >= SMALLEST.0 && height >= SMALLEST.1
}

/// Divides a screen.
pub fn parts(width: u16, height: u16) -> Parts {
    let body = height.saturating_sub(1 + BELOW);
    let side = if width >= WIDE { width / 3 } else { 0 };
    let gap = u16::from(side > 0);
    Parts {
        header: Area::new(0, 0, width, 1.min(height)),
        main: Area::new(0, 1, width - side - gap, body),
        side: (side > 0).then(|| Area::new(width - side, 1, side, body)),
        footer: Area::new(0, height.saturating_sub(BELOW), width, BELOW.min(height)),
    }
}

/// From this width on the tutor stands beside the console; below it at its foot.
pub const TUTOR_BESIDE: u16 = 120;
/// Columns of the tutor beside the console, and lines at its foot.
const TUTOR: (u16, u16) = (40, 8);
/// Lines that the console needs for itself.
const CONSOLE: u16 = 12;

/// Divides a terminal between the console and, where it is shown and there is room, the tutor.
pub fn beside(width: u16, height: u16, tutor: bool) -> (Area, Option<Area>) {
    let whole = Area::new(0, 0, width, height);
    if !tutor {
        return (whole, None);
    }
    if width >= TUTOR_BESIDE {
        let left = width - TUTOR.0;
        return (Area::new(0, 0, left, height), Some(Area::new(left, 0, TUTOR.0, height)));
    }
    let lines = TUTOR.1.min(height.saturating_sub(CONSOLE));
    if lines < 3 {
        return (whole, None);
    }
    (Area::new(0, 0, width, height - lines), Some(Area::new(0, height - lines, width, lines)))
}

/// Rows of a table that fit on the screen.
pub fn page(_width: u16, height: u16) -> usize {
    usize::from(height.saturating_sub(ABOVE + BELOW)).max(1)
}

/// Lines of a tree or card that fit under its title.
pub fn body(_width: u16, height: u16) -> usize {
    usize::from(height.saturating_sub(2 + BELOW)).max(1)
}

/// An overlay's box: as large as wanted, centred, never over the header and the footer: where one may write
/// is seen at all times.
pub fn centred(width: u16, height: u16, want_width: u16, want_height: u16) -> Area {
    let w = want_width.min(width.saturating_sub(2)).max(width.min(20));
    let h = want_height.min(height.saturating_sub(2)).max(height.min(3));
    let below_header = u16::from(height > h + 1);
    Area::new((width - w) / 2, ((height - h) / 3).max(below_header), w, h)
}
