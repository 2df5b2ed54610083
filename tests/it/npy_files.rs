//! npy files that brainmass writes and reads, against the crate `npyz`.

use std::error::Error;
use std::io;

use brainmass::io::npy::{self, Element};
use ndarray::{Array1, Array2, Array3, ArrayD, IxDyn, ShapeBuilder, arr0, array};
use npyz::{DType, Deserialize, NpyFile, Order, Serialize, WriterBuilder};

/// Writes `array` with brainmass, and checks that npyz reads it back as elements of the type that numpy calls `descr`.
fn check_written<A>(array: &ArrayD<A>, descr: &str) -> Result<(), Box<dyn Error>>
where
    A: Element + Deserialize + Clone + PartialEq + std::fmt::Debug,
{
    let bytes = npy::encode(array)?;
    let file = NpyFile::new(&bytes[..])?;
    let shape: Vec<u64> = array.shape().iter().map(|&length| length as u64).collect();
    assert_eq!(
        (file.dtype().descr(), file.order(), file.shape()),
        (format!("'{descr}'"), Order::C, &shape[..])
    );
    assert_eq!(file.into_vec::<A>()?, array.iter().cloned().collect::<Vec<_>>(), "{descr}");
    Ok(())
}

#[test]
fn npyz_reads_what_is_written() -> Result<(), Box<dyn Error>> {
    let cube = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (100 * i + 10 * j + k) as f64 / 3.0 - 30.0);
    for array in [
        cube.clone().into_dyn(),
        cube.clone().reversed_axes().into_dyn(),
        cube.slice(ndarray::s![.., ..;-2, 1]).to_owned().into_dyn(),
        arr0(-0.0).into_dyn(),
        array![f64::MIN_POSITIVE, f64::INFINITY, f64::MAX].into_dyn(),
        Array2::zeros((0, 5)).into_dyn(),
        ArrayD::from_shape_fn(vec![1; 40], |_| 7.0),
    ] {
        check_written(&array, "<f8")?;
        check_written(&array.mapv(|value| value as f32), "<f4")?;
        check_written(&array.mapv(|value| value as i64), "<i8")?;
    }
    let labels = array![["rA1", ""], ["größer", "脳 𝄞"]].mapv(str::to_owned);
    check_written(&labels.clone().into_dyn(), "<U6")?;
    check_written(&labels.reversed_axes().into_dyn(), "<U6")?;
    check_written(&arr0(String::new()).into_dyn(), "<U1")?;
    check_written(&Array1::<String>::default(0).into_dyn(), "<U1")?;
    Ok(())
}

/// The bytes of an npy file, by npyz, of an array of this shape whose elements are stored in the order of `values`.
fn by_npyz<A: Serialize>(values: &[A], descr: &str, shape: &[u64], order: Order) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let dtype = DType::new_scalar(descr.parse().map_err(io::Error::other)?);
    let mut writer = npyz::WriteOptions::<A>::new()
        .dtype(dtype)
        .shape(shape)
        .order(order)
        .writer(&mut bytes)
        .begin_nd()?;
    for value in values {
        writer.push(value)?;
    }
    writer.finish()?;
    Ok(bytes)
}

/// Checks that brainmass reads arrays that npyz writes, in either order of the axes; `number` is what a value becomes.
fn check_read<A: Serialize>(
    values: &[A],
    descrs: &[&str],
    number: impl Fn(&A) -> f64,
) -> Result<(), Box<dyn Error>> {
    let numbers: Vec<f64> = values.iter().map(number).collect();
    for descr in descrs {
        for (order, is_column_major) in [(Order::C, false), (Order::Fortran, true)] {
            let rows = values.len() / 2;
            let bytes = by_npyz(values, descr, &[rows as u64, 2], order)?;
            let expected = ArrayD::from_shape_vec(IxDyn(&[rows, 2]).set_f(is_column_major), numbers.clone())?;
            let read = npy::decode(&bytes, descr)?.into_numbers()?;
            assert_eq!(read, expected, "{descr}, {order:?}");
        }
    }
    Ok(())
}

#[test]
fn what_npyz_writes_is_read() -> Result<(), Box<dyn Error>> {
    check_read(&[true, false, false, true, true, false], &["|b1"], |&value| f64::from(value))?;
    check_read(&[0_i8, -1, i8::MIN, i8::MAX, 5, -77], &["|i1", "<i1", ">i1"], |&value| f64::from(value))?;
    check_read(&[0_u8, 1, u8::MAX, 128], &["|u1"], |&value| f64::from(value))?;
    check_read(&[0_i16, -2, i16::MIN, i16::MAX], &["<i2", ">i2"], |&value| f64::from(value))?;
    check_read(&[0_u16, 2, 258, u16::MAX], &["<u2", ">u2"], |&value| f64::from(value))?;
    check_read(&[0_i32, -2, i32::MIN, i32::MAX], &["<i4", ">i4"], |&value| f64::from(value))?;
    check_read(&[0_u32, 2, 0x0102_0304, u32::MAX], &["<u4", ">u4"], |&value| f64::from(value))?;
    check_read(&[0_i64, -2, i64::MIN, i64::MAX], &["<i8", ">i8"], |&value| value as f64)?;
    check_read(&[0_u64, 2, 1 << 60, u64::MAX], &["<u8", ">u8"], |&value| value as f64)?;
    check_read(&[0.1_f32, -2.0, f32::MIN_POSITIVE, f32::INFINITY], &["<f4", ">f4"], |&value| {
        f64::from(value)
    })?;
    check_read(&[0.1_f64, -2.0, f64::MIN_POSITIVE, f64::MAX], &["<f8", ">f8"], |&value| value)?;

    let labels = ["a", "", "größer", "脳 𝄞"];
    for descr in ["<U6", ">U6", "<U9", "|S12"] {
        let bytes = by_npyz(&labels, descr, &[4], Order::C)?;
        assert_eq!(npy::decode(&bytes, descr)?.into_strings()?, labels, "{descr}");
    }
    Ok(())
}
