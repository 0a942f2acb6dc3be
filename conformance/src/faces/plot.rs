//! The trade-off of false matches and false non-matches (DET, ISO/IEC 19795-1), both axes logarithmic.

use std::fmt::Write as _;

use face::calibrate::{Rates, Report};

const SIDE: f64 = 480.0;
const EDGE: f64 = 70.0;
/// Decades from 1e-5 to 1.
const DECADES: i32 = 5;
/// Told apart in print as well.
const STROKES: [(&str, &str); 6] = [
    ("#000000", ""),
    ("#0072b2", "8 3"),
    ("#d55e00", "2 3"),
    ("#009e73", "10 3 2 3"),
    ("#cc79a7", "4 4"),
    ("#56b4e9", "1 2"),
];

pub(super) fn svg(report: &Report) -> String {
    let whole = SIDE + 2.0 * EDGE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <title>{}: false match and false non-match rate</title>\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        escaped(&report.model)
    );
    for decade in 0..=DECADES {
        let (at, label) = (SIDE * f64::from(decade) / f64::from(DECADES), format!("1e-{}", DECADES - decade));
        let (x, y) = (EDGE + at, EDGE + SIDE - at);
        let _ = write!(
            svg,
            "<path d=\"M{x} {EDGE}V{} M{EDGE} {y}H{}\" stroke=\"#ccc\"/>\n\
             <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{label}</text>\n<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{label}</text>\n",
            EDGE + SIDE,
            EDGE + SIDE,
            EDGE + SIDE + 18.0,
            EDGE - 8.0,
            y + 4.0,
        );
    }
    let middle = EDGE + SIDE / 2.0;
    let _ = write!(
        svg,
        "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">false match rate</text>\n\
         <text transform=\"translate(16 {middle}) rotate(-90)\" text-anchor=\"middle\">false non-match rate</text>\n",
        EDGE + SIDE + 44.0,
    );
    let groups = report.groups.iter().map(|(name, of)| (name.as_str(), of));
    for (i, (name, of)) in [("everybody", &report.rates)].into_iter().chain(groups).enumerate() {
        let (colour, dashes) = STROKES[i % STROKES.len()];
        let y = 20.0 + 14.0 * (i % 4) as f64;
        let x = EDGE + 160.0 * (i / 4) as f64;
        let _ = write!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dashes}\"/>\n\
             <path d=\"M{x} {y}h24\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dashes}\"/><text x=\"{}\" y=\"{}\">{}</text>\n",
            line(of),
            x + 30.0,
            y + 4.0,
            escaped(name),
        );
    }
    svg + "</svg>\n"
}

/// A rate of zero lies on the edge.
fn line(of: &Rates) -> String {
    let along = |rate: f64| (rate.max(1e-9).log10() + f64::from(DECADES)).max(0.0) / f64::from(DECADES) * SIDE;
    let point = |(fmr, fnmr): (f64, f64)| format!("{:.1},{:.1}", EDGE + along(fmr), EDGE + SIDE - along(fnmr));
    of.curve().into_iter().map(point).collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
