//! The places of ticks, and their labels.
//!
//! Linear ticks are multiples of 1, 2 or 5 times a power of ten (Heckbert 1990, "Nice numbers for graph labels",
//! Graphics Gems I); logarithmic ones are powers of ten, or their multiples where fewer than two powers are in sight.

/// A labelled tick.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub at: f64,
    pub label: String,
}

/// The ticks of an axis, and the offset and power of ten that its label must name so that theirs can be short.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TickSet {
    pub major: Vec<Tick>,
    pub minor: Vec<f64>,
    /// The number that is subtracted from the values before they are written, where they differ only in late digits.
    pub offset: f64,
    /// The power of ten in whose units the values are written.
    pub exponent: i32,
}

/// Returns the ticks of a linear axis: at most `most` (at least 2) of them, none nearer than `least_step`.
pub(crate) fn linear(lo: f64, hi: f64, most: usize, least_step: f64) -> TickSet {
    let Some((mantissa, power)) = step(lo, hi, most.max(2), least_step) else {
        return TickSet::default();
    };
    let step = scaled(mantissa, power);
    let (first, last) = ((lo / step - 1e-9).ceil(), (hi / step + 1e-9).floor());
    // Beyond 2^53 steps from zero neighbours are no longer told apart.
    if first.abs().max(last.abs()) > 9e15 {
        return TickSet::default();
    }
    let at: Vec<f64> =
        (0..=(last - first) as usize).map(|k| scaled((first + k as f64) * mantissa, power)).collect();

    let largest = at.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let offset = if largest / step > 1e6 { rounded(at[0], at[at.len() - 1] - at[0]) } else { 0.0 };
    let span = at.iter().fold(0.0_f64, |m, v| m.max((v - offset).abs()));
    let short = span == 0.0 || (span < 99_999.5 && power >= -3);
    let exponent = if short { 0 } else { 3 * ((span * (1.0 + 1e-9)).log10() / 3.0).floor() as i32 };
    let decimals = usize::try_from(exponent - power).unwrap_or(0);
    let major = at
        .into_iter()
        .map(|at| Tick { at, label: number(scaled(at - offset, -exponent), decimals) })
        .collect();
    TickSet { major, minor: Vec::new(), offset, exponent }
}

/// Returns the ticks of a logarithmic axis with limits above zero: at most `most` (at least 2) labelled ones.
pub(crate) fn log(lo: f64, hi: f64, most: usize) -> TickSet {
    let (low, high) = ((lo.log10() - 1e-9).ceil() as i32, (hi.log10() + 1e-9).floor() as i32);
    let inside = |v: &f64| *v >= lo * (1.0 - 1e-9) && *v <= hi * (1.0 + 1e-9);
    let multiples = |by: &[i32]| -> Vec<f64> {
        (low - 1..=high).flat_map(|e| by.iter().map(move |&m| scaled(m.into(), e))).filter(inside).collect()
    };
    if high - low < 1 {
        let few = multiples(&[1, 2, 5]);
        if few.len() < 2 {
            return linear(lo, hi, most, 0.0);
        }
        let minor = multiples(&[3, 4, 6, 7, 8, 9]);
        return TickSet { major: few.into_iter().map(plain).collect(), minor, ..TickSet::default() };
    }
    // Over two powers or fewer, multiples tell more than the powers alone.
    let few = multiples(&[1, 2, 5]);
    if hi / lo <= 100.0 && few.len() <= most {
        let minor = multiples(&[3, 4, 6, 7, 8, 9]);
        return TickSet { major: few.into_iter().map(plain).collect(), minor, ..TickSet::default() };
    }
    let stride = ((high - low) as usize / most.max(2) + 1) as i32;
    let powers: Vec<i32> = (low..=high).filter(|e| e.rem_euclid(stride) == 0).collect();
    let as_numbers = low >= -3 && high <= 4;
    let major = powers
        .iter()
        .map(|&e| match as_numbers {
            true => plain(scaled(1.0, e)),
            false => Tick { at: scaled(1.0, e), label: power_of_ten(e) },
        })
        .collect();
    let minor = match stride {
        1 => multiples(&[2, 3, 4, 5, 6, 7, 8, 9]),
        // One for each power, while they can be told apart.
        2..=5 => (low..=high).filter(|e| e.rem_euclid(stride) != 0).map(|e| scaled(1.0, e)).collect(),
        _ => Vec::new(),
    };
    TickSet { major, minor, ..TickSet::default() }
}

/// Returns a power of ten as text: `10⁻³`.
pub(crate) fn power_of_ten(exponent: i32) -> String {
    let raised = |c| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => char::from_u32('⁰' as u32 + digit as u32 - '0' as u32).unwrap_or(digit),
    };
    "10".chars().chain(exponent.to_string().chars().map(raised)).collect()
}

/// Returns a number with a true minus sign.
pub(crate) fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.bytes().any(|b| (b'1'..=b'9').contains(&b)) => format!("−{digits}"),
        Some(zero) => zero.into(),
        None => text,
    }
}

/// Returns a number for a label: four significant digits, with a power of ten where it is very small or large.
pub(crate) fn readable(value: f64) -> String {
    let power = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 };
    match power {
        -3..=4 => number(value, usize::try_from(3 - power).unwrap_or(0)),
        _ => format!("{}×{}", number(scaled(value, -power), 3), power_of_ten(power)),
    }
}

/// Returns `value` rounded to a power of ten above `span`.
fn rounded(value: f64, span: f64) -> f64 {
    let power = span.log10().floor() as i32 + 1;
    scaled(scaled(value, -power).round(), power)
}

/// Returns the step as `mantissa * 10^power`: the smallest that leaves at most `most` ticks.
fn step(lo: f64, hi: f64, most: usize, least: f64) -> Option<(f64, i32)> {
    let raw = ((hi - lo) / most as f64).max(least);
    if !(raw.is_finite() && raw > 0.0) {
        return None;
    }
    let power = raw.log10().floor() as i32;
    (power..=power + 1).flat_map(|p| [(1.0, p), (2.0, p), (5.0, p)]).find(|&(m, p)| {
        let step = scaled(m, p);
        step >= least * (1.0 - 1e-9) && (hi / step + 1e-9).floor() - (lo / step - 1e-9).ceil() < most as f64
    })
}

/// Returns `value * 10^power`, rounded once: dividing by a power of ten is exact where multiplying by 0.1 is not.
fn scaled(value: f64, power: i32) -> f64 {
    if power < -300 {
        value * 10_f64.powi(power + 300) / 1e300
    } else if power < 0 {
        value / 10_f64.powi(-power)
    } else {
        value * 10_f64.powi(power)
    }
}

fn plain(at: f64) -> Tick {
    Tick { at, label: format!("{at}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(set: &TickSet) -> String {
        set.major.iter().map(|t| t.label.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn linear_ticks_are_round() {
        for (lo, hi, most, want) in [
            (0.0, 1.0, 6, "0.0 0.2 0.4 0.6 0.8 1.0"),
            (-1.05, 1.05, 5, "−1.0 −0.5 0.0 0.5 1.0"),
            (0.0, 300.0, 7, "0 50 100 150 200 250 300"),
            (3.1, 17.2, 4, "5 10 15"),
            (-0.07, 0.07, 5, "−0.05 0.00 0.05"),
        ] {
            assert_eq!(labels(&linear(lo, hi, most, 0.0)), want, "{lo}..{hi}");
        }
    }

    #[test]
    fn tick_values_are_the_doubles_nearest_to_their_labels() {
        for tick in linear(-0.3, 0.9, 13, 0.0).major {
            assert_eq!(tick.at, tick.label.replace('−', "-").parse::<f64>().unwrap());
        }
    }

    #[test]
    fn small_and_large_values_share_a_power_of_ten() {
        let small = linear(0.0, 3.2e-5, 5, 0.0);
        assert_eq!((labels(&small).as_str(), small.exponent), ("0 10 20 30", -6));
        let large = linear(0.0, 2.5e6, 6, 0.0);
        assert_eq!((labels(&large).as_str(), large.exponent), ("0.0 0.5 1.0 1.5 2.0 2.5", 6));
        assert_eq!(linear(0.0, 90_000.0, 5, 0.0).exponent, 0);
    }

    #[test]
    fn values_that_differ_late_are_written_from_an_offset() {
        let set = linear(1e9, 1e9 + 4.0, 6, 0.0);
        assert_eq!((labels(&set).as_str(), set.offset), ("0 1 2 3 4", 1e9));
        let around = linear(1e5 - 1e-3, 1e5 + 1e-3, 5, 0.0);
        assert_eq!(
            (labels(&around).as_str(), around.offset, around.exponent),
            ("−1.0 −0.5 0.0 0.5 1.0", 1e5, -3)
        );
    }

    #[test]
    fn readable_numbers_have_four_digits() {
        for (value, text) in [(0.0, "0.000"), (0.25, "0.2500"), (-12.5, "−12.50"), (7.083e-4, "7.083×10⁻⁴")]
        {
            assert_eq!(readable(value), text);
        }
    }

    #[test]
    fn index_axes_have_whole_ticks() {
        assert_eq!(labels(&linear(-0.5, 2.5, 8, 1.0)), "0 1 2");
    }

    #[test]
    fn log_ticks_are_powers_of_ten() {
        assert_eq!(labels(&log(0.5, 200.0, 6)), "1 10 100");
        assert_eq!(log(0.5, 200.0, 6).minor.len(), 5 + 8 + 8 + 1);
        assert_eq!(labels(&log(1e-12, 1e3, 6)), "10⁻¹² 10⁻⁹ 10⁻⁶ 10⁻³ 10⁰ 10³");
    }

    #[test]
    fn short_log_axes_get_multiples_and_very_short_ones_linear_ticks() {
        assert_eq!(labels(&log(3.0, 60.0, 6)), "5 10 20 50");
        assert_eq!(labels(&log(6.1, 7.9, 4)), "6.5 7.0 7.5");
        assert_eq!(labels(&log(0.5, 30.0, 7)), "0.5 1 2 5 10 20");
        assert_eq!(labels(&log(0.5, 30.0, 4)), "1 10");
    }

    #[test]
    fn hopeless_limits_give_no_ticks_instead_of_a_loop() {
        for (lo, hi) in [(0.0, 0.0), (f64::NAN, 1.0), (0.0, f64::INFINITY), (1.0, 1.0 + f64::EPSILON)] {
            assert!(linear(lo, hi, 5, 0.0).major.len() < 7, "{lo}..{hi}");
        }
        assert!(linear(0.0, f64::MIN_POSITIVE, 5, 0.0).major.len() < 7);
    }
}
