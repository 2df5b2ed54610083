//! Draws every kind of figure on both themes: `cargo run -p brainmass-viz --example gallery -- FOLDER [png|svg|pdf]`.
//!
//! Whoever changes how figures look, looks at these before and after.

use std::f64::consts::TAU;
use std::path::Path;

use brainmass_viz::{
    Axis, Band, Bars, Dash, Figure, FixedPointKind, Heatmap, Legend, Panel, PhasePortrait, Points, Rule,
    Series, Theme, bifurcation, butterfly, carpet, connectivity, fcd, functional_connectivity, histogram,
    loss_curve, power_spectrum, scatter, stacked, time_series, with_networks, with_regions,
};
use ndarray::{Array1, Array2};

/// Returns numbers that look random and are the same in every run, in [0, 1).
fn noise() -> impl FnMut() -> f64 {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Returns the times, in ms, and noisy oscillations (time, region) whose amplitude and frequency differ between regions.
fn activity(samples: usize, regions: usize) -> (Array1<f64>, Array2<f64>) {
    let ts = Array1::linspace(0.0, 0.5 * (samples - 1) as f64, samples);
    let mut random = noise();
    let mut drift = vec![0.0; regions];
    let x = Array2::from_shape_fn((samples, regions), |(t, region)| {
        drift[region] = 0.97 * drift[region] + 0.3 * (random() - 0.5);
        let (size, rate) = (1.0 + (region % 5) as f64, 0.008 + 0.001 * (region % 7) as f64);
        size * ((TAU * rate * ts[t] + region as f64).sin() + drift[region])
    });
    (ts, x)
}

/// Returns correlations (region, region) of blocks of regions.
fn blocks(regions: usize) -> Array2<f64> {
    let mut random = noise();
    let values = Array2::from_shape_fn((regions, regions), |(i, j)| {
        let same = if i % 4 == j % 4 { 0.6 } else { 0.05 };
        same + 0.5 * (random() - 0.5)
    });
    Array2::from_shape_fn((regions, regions), |(i, j)| match i == j {
        true => 1.0,
        false => 0.5 * (values[[i, j]] + values[[j, i]]),
    })
}

/// Returns frequencies in Hz and power densities (frequency, region) with a peak at about 10 Hz that falls off as 1/f^2.
fn spectra(regions: usize) -> (Array1<f64>, Array2<f64>) {
    let frequency = Array1::from_iter((0..1000).map(|i| 0.5 * f64::from(i)));
    let mut random = noise();
    let power = Array2::from_shape_fn((1000, regions), |(i, region)| {
        let f = frequency[i];
        let peak = (-((f - 10.0 - region as f64) / 1.5).powi(2)).exp();
        (1e-2 / (1.0 + f * f) + peak) * (0.5 + random())
    });
    (frequency, power)
}

fn sizes(figure: Figure) -> Figure {
    figure.size(900.0, 420.0)
}

/// Returns every figure with a name for its file.
fn figures() -> Vec<(&'static str, Figure)> {
    let mut all = Vec::new();
    let (ts, three) = activity(1200, 3);
    let (_, ten) = activity(1200, 10);
    let (_, many) = activity(1200, 80);
    let region_names: Vec<String> =
        (0..80).map(|i| format!("{}.Region_{}", if i < 40 { "L" } else { "R" }, i % 40)).collect();

    all.push((
        "lines",
        Figure::new()
            .title("Lines over time")
            .columns(1)
            .share_x()
            .panel(time_series(&ts, &three).y_label("x", "mV").labels([
                "pyramidal",
                "excitatory",
                "inhibitory",
            ]))
            .panel(time_series(&ts, &many).y_label("y", "Hz")),
    ));
    all.push((
        "stacked",
        sizes(Figure::new().title("Stacked traces").panel(stacked(&ts, &ten, &region_names, "mV"))),
    ));
    let mut outlier = ten.clone();
    outlier.column_mut(3).iter_mut().for_each(|v| *v *= 30.0);
    all.push(("stacked_outlier", sizes(Figure::new().panel(stacked(&ts, &outlier, &region_names, "mV")))));
    all.push((
        "butterfly",
        sizes(Figure::new().title("Sensors").panel(butterfly(&ts, &many).y_label("EEG", "µV"))),
    ));
    all.push((
        "carpet",
        Figure::new()
            .widths([1.7, 1.0])
            .size(1000.0, 380.0)
            .panel(carpet(&ts, &many))
            .panel(functional_connectivity(&blocks(80))),
    ));
    all.push((
        "connectivity",
        Figure::new()
            .panel(connectivity(&blocks(12).mapv(|v| v.abs().powi(8))))
            .panel(with_regions(functional_connectivity(&blocks(12)), &region_names[..12])),
    ));
    let networks: Vec<&str> = (0..80).map(|i| ["Vis", "SomMot", "Limbic", "Default"][i % 4]).collect();
    all.push((
        "networks",
        Figure::new()
            .size(560.0, 460.0)
            .panel(with_networks(functional_connectivity(&blocks(80)), &networks)),
    ));
    all.push((
        "regions_many",
        Figure::new()
            .size(640.0, 560.0)
            .panel(with_regions(functional_connectivity(&blocks(80)), &region_names)),
    ));
    all.push(("fcd", Figure::new().panel(fcd(&blocks(60).mapv(f64::abs), 3000.0))));
    let (frequency, psd) = spectra(4);
    all.push((
        "spectrum",
        Figure::new().panel(power_spectrum(&frequency, &psd, "mV").labels(["A", "B", "C", "D"])),
    ));
    let (frequency, psd) = spectra(40);
    all.push(("spectrum_many", Figure::new().panel(power_spectrum(&frequency, &psd, ""))));
    all.push((
        "phase",
        Figure::new().panel(
            PhasePortrait::new("V", "W")
                .flow((-2.5, 2.5), (-1.5, 2.0), |v, w| {
                    (v - v.powi(3) / 3.0 - w + 0.5, 0.08 * (v + 0.7 - 0.8 * w))
                })
                .trajectory(&[2.0, 1.2, -1.1, -1.8], &[0.0, 0.5, -0.6, 0.3])
                .fixed_point(-0.8048, -0.1311, FixedPointKind::Unstable)
                .fixed_point(1.0, 1.2, FixedPointKind::Saddle)
                .fixed_point(1.5, -1.2, FixedPointKind::Stable),
        ),
    ));
    let parameter = Array1::linspace(-1.0, 1.0, 81);
    let radius = parameter.mapv(|a: f64| a.max(0.0).sqrt());
    all.push((
        "bifurcation",
        Figure::new()
            .panel(bifurcation(&parameter, &(-&radius), &radius).x_label("a", "1/ms").y_label("x", "")),
    ));
    let losses =
        Array2::from_shape_fn((60, 4), |(epoch, run)| (-0.05 * epoch as f64 * (run + 1) as f64).exp() + 1e-3);
    all.push(("loss", Figure::new().panel(loss_curve(&losses).labels(["a", "b", "c", "d"]))));
    let mut random = noise();
    let x = Array1::from_shape_fn(400, |_| random() + random() + random());
    let y = Array1::from_shape_fn(400, |i| 0.5 * x[i] + 0.3 * random());
    all.push((
        "statistics",
        Figure::new()
            .panel(scatter(&x, &y).x_label("SC", "").y_label("FC", ""))
            .panel(histogram(&x, 20).x_label("SC", "")),
    ));
    let t = Array1::linspace(0.0, TAU, 100);
    let mean = t.mapv(f64::sin);
    all.push((
        "marks",
        Figure::new()
            .panel(
                Panel::new()
                    .title("Band, rule, dashes")
                    .x(Axis::new("time").unit("s").tight())
                    .y(Axis::new("x").unit("mV"))
                    .draw(Band::new(&t, &mean.mapv(|v| v - 0.3), &mean.mapv(|v| v + 0.3)).label("spread"))
                    .draw(Series::new(&t, &mean).label("mean"))
                    .draw(Series::new(&t, &mean.mapv(|v| 0.5 * v)).dash(Dash::Dashed).label("half"))
                    .draw(Series::new(&t, &mean.mapv(|v| -0.5 * v)).dash(Dash::Dotted).label("less"))
                    .draw(Rule::horizontal(0.0).label("zero"))
                    .legend(Legend::Outside),
            )
            .panel(
                Panel::new()
                    .title("Many lines")
                    .draw(Bars::histogram(&x, 12).label("bars"))
                    .draw(Points::new(&[0.5, 1.0, 1.5], &[20.0, 40.0, 60.0]).radius(5.0).label("points")),
            ),
    ));
    all.push((
        "grid_of_values",
        Figure::new().panel(
            Panel::from(
                Heatmap::new(&Array2::from_shape_fn((20, 30), |(i, j)| (i * j) as f64))
                    .edges((0.0, 3.0), (0.0, 40.0))
                    .label("FC fit")
                    .unit("1"),
            )
            .x_label("G", "")
            .y_label("speed", "mm/ms"),
        ),
    ));
    all
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: gallery FOLDER [png|svg|pdf]")?;
    let ending = std::env::args().nth(2).unwrap_or_else(|| "png".into());
    std::fs::create_dir_all(&folder)?;
    let start = std::time::Instant::now();
    for (name, figure) in figures() {
        for (theme, look) in [("light", Theme::light()), ("dark", Theme::dark())] {
            figure.clone().theme(look).save(Path::new(&folder).join(format!("{name}-{theme}.{ending}")))?;
        }
    }
    println!("drawn in {:.2} s", start.elapsed().as_secs_f64());
    Ok(())
}
