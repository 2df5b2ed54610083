//! The blocks of lanes that each register makes.

#[cfg(target_arch = "x86_64")]
use super::avx2::Avx2;
#[cfg(target_arch = "x86_64")]
use super::avx512::Avx512;
use super::lanes::Lanes;
use super::pair::Pair;
use super::plain::Plain;
use super::vector::Register;

#[cfg(target_arch = "x86_64")]
impl<const FUSED: bool> Register for Avx512<FUSED> {
    type Block = Lanes<Self>;
    type Short = Self::Block;
}

#[cfg(target_arch = "x86_64")]
impl<const FUSED: bool> Register for Avx2<FUSED> {
    type Block = Lanes<Pair<Self>>;
    // What goes back holds more numbers than the registers do: two side by side would be twice the code, and no faster.
    type Short = Lanes<Self>;
}

impl Register for Plain {
    type Block = Lanes<Pair<Pair<Pair<Self>>>>;
    type Short = Lanes<Self>;
}
