//! The recap's lines.

use nafal_base::event::HostCounts;

use crate::style::{Color, Palette};

fn count(name: &str, number: u32, color: Color, palette: Palette) -> String {
    let text = format!("{name}={number:<4}");
    if number == 0 { text } else { palette.paint(color, &text) }
}

/// One host's line.
pub(super) fn line(host: &str, counts: &HostCounts, palette: Palette) -> String {
    let color = if counts.failed > 0 || counts.unreachable > 0 {
        Color::Error
    } else if counts.changed > 0 {
        Color::Changed
    } else {
        Color::Ok
    };
    // Stock pads after painting, so the escape sequences count.
    let name = match palette {
        Palette::Plain => format!("{host:<26}"),
        Palette::Colored => format!("{:<37}", palette.paint(color, host)),
    };
    let parts = [
        count("ok", counts.ok, Color::Ok, palette),
        count("changed", counts.changed, Color::Changed, palette),
        count("unreachable", counts.unreachable, Color::Unreachable, palette),
        count("failed", counts.failed, Color::Error, palette),
        count("skipped", counts.skipped, Color::Skip, palette),
        count("rescued", counts.rescued, Color::Ok, palette),
        count("ignored", counts.ignored, Color::Warning, palette),
    ];
    format!("{name} : {}", parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns() {
        let counts = HostCounts {
            ok: 15,
            changed: 3,
            failed: 1,
            rescued: 1,
            ignored: 6,
            ..HostCounts::default()
        };
        assert_eq!(
            line("localhost", &counts, Palette::Plain),
            "localhost                  : ok=15   changed=3    unreachable=0    failed=1    skipped=0    rescued=1    ignored=6   "
        );
    }
}
