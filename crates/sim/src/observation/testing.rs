//! Checks that tests of every monitor make.

use ndarray::{Array2, Axis, concatenate, s};

use super::monitor::{LinearMonitor, Monitor};
use brainmass_data::analysis::testing::signal;

/// Asserts that a monitor gives the same bits whatever chunks a run of 500 samples and 3 regions comes in, and twice over.
#[track_caller]
pub(crate) fn assert_chunks_do_not_matter(monitor: &mut dyn Monitor) {
    let run = signal(500, 3);
    let whole = monitor.observe(run.view()).unwrap();
    assert!(whole.nrows() > 1);
    for size in [1, 7, 64, 499] {
        let mut parts =
            run.axis_chunks_iter(Axis(0), size).map(|chunk| monitor.push(chunk).unwrap()).collect::<Vec<_>>();
        parts.push(monitor.finish().unwrap());
        let views = parts.iter().filter(|part| !part.is_empty()).map(|part| part.view()).collect::<Vec<_>>();
        assert_eq!(concatenate(Axis(0), &views).unwrap(), whole, "chunks of {size}");
    }
}

/// Asserts `<adjoint, rows(x + d) - rows(x)> = <pullback(adjoint), d>`, which defines the transpose.
#[track_caller]
pub(crate) fn assert_is_transpose(monitor: &mut dyn LinearMonitor) {
    let (run, change) = (signal(503, 3), signal(700, 3).slice_move(s![197.., ..]));
    let rows = monitor.observe(run.view()).unwrap();
    let moved = monitor.observe((&run + &change).view()).unwrap();
    let adjoint = signal(rows.nrows() + 40, rows.ncols()).slice_move(s![40.., ..]);
    let pulled = monitor.pullback(run.dim(), adjoint.view()).unwrap();
    let (forth, back) = ((&adjoint * &(moved - rows)).sum(), (pulled * change).sum());
    assert!((forth - back).abs() < 1e-10 * forth.abs().max(1.0), "{forth} {back}");
    assert!(monitor.pullback(run.dim(), Array2::zeros((1, 1)).view()).is_err());
}
