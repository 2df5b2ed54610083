"""Writes the reference tables of this folder with mpmath (1.3) at 50 digits: python3 reference.py

Each line is `x result fraction` (or `x y result fraction` for powf): the bits of the arguments and of the correctly rounded
result in hexadecimal, and what the exact value exceeds that result by, in thousandths of an ulp. The points are the special
values, random ones over the whole range (seed 20: random.Random(20)), and the worst found among millions of others.
"""
import math
import random
import struct
from pathlib import Path

import mpmath
from mpmath import mp, mpf

RANDOM = random.Random(20)
NAN, INF, TINY, HUGE, NORMAL = math.nan, math.inf, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308
SPECIAL = [0.0, TINY, NORMAL - TINY, NORMAL, 1e-300, 1e-20, 2.0**-54, 2.0**-53, 2.0**-27, 0.5, 1 - 2.0**-53, 1.0, 1 + 2.0**-52]
SPECIAL += [math.pi / 4, math.pi / 2, 2.0, 3.0, math.pi, 10.0, 22.0, 37.5, 709.782712893384, 709.782712893385, 712.0, 745.13321910194]
SPECIAL += [745.1332191019412, 1599999.9, 1600000.1, 2.0**52 + 1, 2.0**53, 1e22, 1e300, HUGE, INF]


def bits(value):
    return "%016x" % struct.unpack("<Q", struct.pack("<d", value))[0]


def double(text):
    return struct.unpack("<d", struct.pack("<Q", int(text, 16)))[0]


def rounded(exact):
    """The nearest double and the rest in thousandths of an ulp."""
    if exact == 0:
        return 0.0, 0
    _, exponent = mpmath.frexp(exact)
    unit = max(exponent - 53, -1074)
    whole = int(mpmath.nint(mpmath.ldexp(exact, -unit)))
    try:
        result = math.ldexp(whole, unit)
    except OverflowError:
        return math.copysign(INF, exact), 0
    return result, round((mpmath.ldexp(exact, -unit) - whole) * 1000)


def exprel(order):
    def value(z):
        if z == 0:
            return mpf(1) / (order + 1)
        mp.dps = 50 + 20 * (order + 1) + int(max(0, -(order + 1) * mpmath.log10(abs(z))))
        result = mpmath.expm1(z) / z
        for k in range(1, order + 1):
            result = (mpmath.exp(z) - k * result) / z
        mp.dps = 50
        return +result

    return value


def far(function):
    """For sine and cosine, which need as many digits as the argument has before its point."""

    def value(x):
        mp.dps = 400 if abs(x) > 1e9 else 80
        result = function(x)
        mp.dps = 50
        return +result

    return value


def magnitudes(low, high, signed=True):
    def draw():
        return 2 ** RANDOM.uniform(low, high) * (RANDOM.choice([-1, 1]) if signed else 1)

    return draw


def uniform(low, high):
    return lambda: RANDOM.uniform(low, high)


def quarter_turns():
    return RANDOM.randrange(1, 1 << 20) * (math.pi / 2)


def near_one():
    return 1 + magnitudes(-52, -1)()


ONE = mpf(1)
# name: (function, values where it has none or a special one, draws)
FUNCTIONS = {
    "exp": (mpmath.exp, {INF: INF, -INF: 0.0}, [uniform(-746, 710), uniform(-1, 1), uniform(-746, -700)]),
    "expm1": (mpmath.expm1, {INF: INF, -INF: -1.0}, [uniform(-45, 710), uniform(-2, 2), magnitudes(-70, 6)]),
    "ln": (mpmath.log, {INF: INF, 0.0: -INF}, [magnitudes(-1074, 1023, False), uniform(0.4, 3), near_one]),
    "ln_1p": (mpmath.log1p, {INF: INF, -1.0: -INF}, [magnitudes(-1074, 1023, False), uniform(-1, 3), magnitudes(-60, -1)]),
    "sin": (far(mpmath.sin), {INF: NAN, -INF: NAN}, [uniform(-10, 10), magnitudes(-40, 20.6), magnitudes(20.6, 1023), quarter_turns]),
    "cos": (far(mpmath.cos), {INF: NAN, -INF: NAN}, [uniform(-10, 10), magnitudes(-40, 20.6), magnitudes(20.6, 1023), quarter_turns]),
    "tanh": (mpmath.tanh, {INF: 1.0, -INF: -1.0}, [uniform(-3, 3), magnitudes(-70, 5), uniform(-25, 25)]),
    "sigmoid": (lambda x: ONE / (1 + mpmath.exp(-x)), {INF: 1.0, -INF: 0.0}, [uniform(-745, 40), uniform(-5, 5), magnitudes(-60, 6)]),
    "erf": (mpmath.erf, {INF: 1.0, -INF: -1.0}, [uniform(-6.2, 6.2), uniform(-1.5, 1.5), magnitudes(-70, 3)]),
}
for order in [0, 1, 2, 3, 4, 7, 12]:
    draws = [uniform(-10, 10), uniform(-2 * order - 2, 2 * order + 2), magnitudes(-70, 9), magnitudes(9, 1000 / (order + 1))]
    FUNCTIONS[f"exprel{order}"] = (exprel(order), {INF: INF, -INF: 0.0}, draws + [uniform(690, 719), uniform(-60, 60)])

# Those that came later. Their numbers are drawn behind all others, so that the tables before them stay as they are.
LATER = {
    "erfc": (mpmath.erfc, {INF: 0.0, -INF: 2.0}, [uniform(-6, 27.3), uniform(-1.5, 3), uniform(0, 27.3), magnitudes(-70, 3)]),
    "asin": (mpmath.asin, {}, [uniform(-1, 1), magnitudes(-70, 0), lambda: RANDOM.choice([-1, 1]) * (1 - magnitudes(-52, -1, False)())]),
    "acos": (mpmath.acos, {}, [uniform(-1, 1), magnitudes(-70, 0), lambda: RANDOM.choice([-1, 1]) * (1 - magnitudes(-52, -1, False)())]),
    "atan": (mpmath.atan, {INF: math.pi / 2, -INF: -math.pi / 2}, [uniform(-3, 3), magnitudes(-70, 10), magnitudes(-1000, 1000), uniform(0.3, 1.1)]),
    "cbrt": (lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), {INF: INF, -INF: -INF}, [magnitudes(-1074, 1023), uniform(-9, 9), near_one]),
    "log10": (mpmath.log10, {INF: INF, 0.0: -INF}, [magnitudes(-1074, 1023, False), uniform(0.4, 3), near_one, lambda: 10.0 ** RANDOM.randrange(0, 23)]),
}



def erfcx(x):
    if x > 100:
        # Asymptotic: 12 terms give 40 digits and more.
        return sum(mpmath.fac2(2 * k - 1) * (-1 / (2 * mpf(x) ** 2)) ** k for k in range(13)) / (x * mpmath.sqrt(mpmath.pi))
    return mpmath.exp(mpf(x) ** 2) * mpmath.erfc(x)


def siegert(x):
    """Of the integrals of e^(u^2) and of e^(u^2) erf(u), with as many digits more as cancel."""
    y = abs(x)
    if x < -100:
        terms = sum(mpmath.fac2(2 * k - 1) * (-1 / (2 * mpf(y) ** 2)) ** k / (2 * k) for k in range(1, 13))
        return -(mpmath.log(2 * y) + mpmath.euler / 2 - terms) / mpmath.sqrt(mpmath.pi)
    mp.dps = 60 + int(0.9 * y * y)
    even = mpmath.sqrt(mpmath.pi) / 2 * mpmath.erfi(x)
    odd = x * x / mpmath.sqrt(mpmath.pi) * mpmath.hyp2f2(1, 1, 1.5, 2, x * x)
    result = even + odd
    mp.dps = 50
    return +result


# Those that came after these, for the same reason.
LAST = {
    "erfcx": (erfcx, {INF: 0.0, -INF: INF}, [uniform(-26.6, 30), uniform(-3, 3), magnitudes(-70, 3, False), magnitudes(3, 1000, False)]),
    "siegert": (siegert, {INF: INF, -INF: -INF}, [uniform(-30, 26.6), uniform(-4, 4), magnitudes(-70, 3), lambda: -magnitudes(3, 1000, False)()]),
}

NEGATIVE_IS_NAN = {"ln": 0.0, "ln_1p": -1.0, "log10": 0.0, "asin": -1.0, "acos": -1.0}
ODD = {"expm1", "ln_1p", "sin", "tanh", "erf", "asin", "atan", "cbrt", "siegert"}
# Where the largest errors were found, with and without fused multiply-add.
HARD = {name: "" for name in [*FUNCTIONS, *LATER, *LAST, "powf"]}
HARD["cos"] = """
c0213b49d7ea047e c0cbd00f52185549 c01c0335d815d1f8 c01c0ace1ff115c1 d6df58405adba3b0 40214d0b6889cc94 529edafe70e73c07
78cfe70863870291
"""
HARD["erf"] = """
bfee83cb7c77a9ac bfee9897b0ab5f4d bfef65d1f3a4e9d0 bfefb3d691a4d676 bfefb933f816a12b bfefcb516cf70311 3fedc0dd17b3c0d6
3fee848162bf27f0 3feecdf6b265f8e8 3fef4ccab57109a8 3fef9558477ed4c8 3fefcb1b5a33d450
"""
HARD["exp"] = """
c08604a9727e16f6 c0862049ac399707 c06621c7544304c4 c0788a36c474d161 c039f67c32601940 4084ea1474d2e460 407f0a99d8d66158
"""
HARD["expm1"] = """
40428b056653d46c 40428d2b421727b8 40428f1ebc57b680 4042931ea9745200 404299dd8ff962ce 3fd6654d8e9a6f20 3fd733b369120368
"""
HARD["exprel0"] = """
4085edac3ec0231e 4086036a07e585ce 408608aa0832ed87 4086300b3b82721d 4086413e2de41517 4086518eae793c0e
"""
HARD["exprel1"] = """
c002c3aee0035b66 c002cee542dbdd5a c002f037bca73986 c00314a89152df42 c0032cd3aef8c4f5 c00342aad6b36eb7 c0036009b30c4c3e
c003c745a80f8d94 c0043868f8025852 c0051cf020cbaf8a 400cb33d806edffe 400d6d17c29e8b50
"""
HARD["exprel2"] = """
c003276abb1c69ca c003da3205ce2848 c02451f37cae294c c0246f6c693dc252 c024ff0e56f0aeda c03982ae451ae753 c0199084a66f11de
c01a65e9738d42ee c00c320a450562a0 c00d2e7f85eee3d8 4008839c90156812
"""
HARD["exprel3"] = """
c021a9dbf145082c c01d5dee8ba2cf86 c01d63138be2fdc0 c01d85526810cb6c c01d97c5959905ea c01d9a62043664d0 c01da6b7988f7d46
c01db910334c9630 c02e31ebe215a53d c03ffc0aafc2beaa 4019b3c69a0a7aac
"""
HARD["exprel4"] = """
401d00401c4f1fe4 401d10cb0a51502c 401d2de5a96a0ee4 401d39885d8cc52c 40212fd35ae3c99c 402177653f281f52 c023d14ddc2f2758
c02a49eb9f03630f c02aa399b266b032 c034085920b97d03 c03e669f9378dfe4
"""
HARD["exprel7"] = """
4022088a41e4225a 402209fb60e3186a 402362bf0b44d42a 40237742f53133b6 402380d895c3e208 4028f04d52e47c7a 402dbd2e1d39c897
c043f57ec395afa2 c06e244853865a3d
"""
HARD["exprel12"] = """
402cbd440eca6a74 4033fc7ec8e330e8 4037729caa3c06c8 40384eac91fec19e 4038542df51786d0 c03e20820d48a10a c043b1261cea586c
c071b5b09a3f2a70 c071bc400f691fef c07e2ab212556d4a
"""
HARD["ln"] = """
3fe44f7219be370b 4005ad17a4fb48ef 4005af40e6d13513 3fe66c644b433f81 3fe6841b7b4e17c0 3fe699c3c9457c7f
"""
HARD["ln_1p"] = """
bfd2ca419c133d08 bfd7595e12be0428 3fd9ad447ee62a00 3fda39f8f6ded3a8 3ffb601abf8e65ec 3ffb7da1154f51bc
"""
HARD["powf"] = """
3ff5e5d6590c05dd c09f21e2ca49ab7f
3ff637213cc2eb21 409ca11d704ef64f
3fe63dd2c1e36da5 c09c024b64aa68da
3fe69c71d8a543c9 4093c77f70cb9692
3ff6aea5266cf458 409f756ad140bd69
3fe6bd955b118d5e 4098a38f9671f762
"""
HARD["sigmoid"] = """
c01093140f6e53f8 c01093c6ba5a9220 c005aa2bb65c1694 c0060497e6dc478e c00b9b98766af97e c00bb9c308bf15b7
"""
HARD["sin"] = """
c0029738a34159b2 c0937fdb7553934a bfeb23dd2622fb90 c08f711660dc387a 3fe93b6aa322006f 3fe9fbb586cbc774 3fe9fbfafce92620
3fea6215ea76c250
"""
HARD["tanh"] = """
c010b6f1f95f6e98 c0213ac4f6ecf904 c0230f90fbd3709a c018b875e29e47e4 c01da398972f7788 401a2d918b8aeda0
"""
HARD["erfc"] = """
3fe17180da2ebd55 3fe0248ba85a336d 3ff8996cc205c201 3ffe30bdc86dbb8d 3fe219e30ddbc8e5 3fe10d455bb39b39
"""
HARD["asin"] = """
3fdddc58a978dba4 3fe1d231ef291604 bfe033f078db424e 3fe0f577b309eed0
"""
HARD["acos"] = """
3fe36076828e1b06 3fe20c9abaa00890 3fe1e797db06cfe7 3fe223d3d97af909
"""
HARD["atan"] = """
3fdfa4fd5db3f72b 3fdc99a828efceab 3fdb0fab82d8fc43 3fdae82ccd769643
"""
HARD["cbrt"] = """
40141d4f63b9afe6 40029ee0c5f4aaa6 7895c83e34fe474a
"""
HARD["log10"] = """
794a879b5b58c786 0b51aacf96d846a5 3ff000012e581aa2
"""
HARD["erfcx"] = """
3f9af31c0db467c0 3f95113824425b80 3f59906f71fc7800 3f90f1d6a7e31180
"""
HARD["siegert"] = """
400425b4eafac0f1 40065c67c4ebfaa1 400550b9de66d3f0 40066f480272c8d0
"""


def table(name):
    function, known, draws = {**FUNCTIONS, **LATER, **LAST}[name]
    points = [NAN] + SPECIAL + [-x for x in SPECIAL] + [double(x) for x in HARD[name].split()]
    points += [draw() for draw in draws for _ in range(480 // len(draws))]
    for x in points:
        if math.isnan(x) or (name in ("asin", "acos") and abs(x) > 1) or x < NEGATIVE_IS_NAN.get(name, -INF):
            result, rest = NAN, 0
        elif x in known:
            result, rest = known[x], 0
        elif x == 0 and name in ODD:
            result, rest = x, 0
        elif x > 800 and (name.startswith("exp")):
            result, rest = INF, 0
        elif x < -1e5 and name in ("exp", "sigmoid"):
            result, rest = 0.0, 0
        elif abs(x) > 50 and name == "erfc":
            result, rest = (0.0 if x > 0 else 2.0), 0
        elif (x < -50 and name == "erfcx") or (x > 50 and name == "siegert"):
            result, rest = INF, 0
        elif abs(x) > 50 and name in ("tanh", "erf"):
            result, rest = math.copysign(1.0, x), 0
        elif x < -800 and name.startswith("exprel"):
            # The exponential is far below the last digit: order!/|x|^(order + 1).
            order = int(name[6:])
            result, rest = rounded(mpmath.factorial(order) / mpf(-x) ** (order + 1))
        elif x < -1e5 and name == "expm1":
            result, rest = -1.0, 0
        else:
            result, rest = rounded(function(mpf(x)))
        yield f"{bits(x)} {bits(result)} {rest}"


def powers():
    small = [-INF, -HUGE, -3.0, -2.0, -1.0, -0.5, -TINY, -0.0, 0.0, TINY, 0.5, 1.0, 2.0, 3.0, 2.0**53 - 1, 2.0**53, HUGE, INF, NAN]
    points = [(x, y) for x in small for y in small] + [tuple(map(double, line.split())) for line in HARD["powf"].split("\n") if line]
    for draw in [magnitudes(-1074, 1023, False), uniform(0.5, 2), near_one, magnitudes(-4, 4, False)]:
        for _ in range(100):
            x = draw()
            spread = RANDOM.choice([uniform(-745, 709.7), uniform(-5, 5)])
            points.append((x, spread() / (math.log(x) or 1)))
            points.append((-x, float(RANDOM.randrange(-40, 40))))
    for x, y in points:
        try:
            result, rest = math.pow(x, y), 0
        except ValueError:
            # Python raises where C gives infinity (a pole) or NaN.
            odd = y.is_integer() and y % 2 == 1
            result, rest = (math.copysign(INF, x) if odd else INF) if x == 0 else NAN, 0
        except OverflowError:
            result, rest = (-INF if x < 0 and y % 2 == 1 else INF), 0
        if math.isfinite(result) and result != 0 and math.isfinite(x) and math.isfinite(y) and abs(y) < 1e300 and y != 0:
            mp.dps = 60
            exact = mpmath.exp(mpf(y) * mpmath.log(abs(mpf(x))))
            result, rest = rounded(-exact if result < 0 else exact)
        yield f"{bits(x)} {bits(y)} {bits(result)} {rest}"


def angles():
    """Points for atan2: `y x result rest`."""
    ends = [-INF, -HUGE, -2.0, -1.0, -TINY, -0.0, 0.0, TINY, 1.0, 2.0, HUGE, INF, NAN]
    points = [(y, x) for y in ends for x in ends]
    points += [(double(y), 1.0) for y in "3fdd865d7fca0e53 3fdb0b0aeb952907 3fdcb32ddbe07e77 3fdaa47a030868db".split()]
    for draw in [magnitudes(-1000, 1000), magnitudes(-4, 4), uniform(-3, 3)]:
        points += [(draw(), draw()) for _ in range(150)]
    for y, x in points:
        result, rest = math.atan2(y, x), 0
        if math.isfinite(x) and math.isfinite(y) and x != 0 and y != 0:
            mp.dps = 60
            result, rest = rounded(mpmath.atan2(mpf(y), mpf(x)))
            if result == 0:
                result = math.copysign(0.0, y)
        yield f"{bits(y)} {bits(x)} {bits(result)} {rest}"


if __name__ == "__main__":
    mp.dps = 50
    folder = Path(__file__).parent
    for name in FUNCTIONS:
        (folder / f"{name}.txt").write_text("\n".join(table(name)) + "\n")
    (folder / "powf.txt").write_text("\n".join(powers()) + "\n")
    for name in LATER:
        (folder / f"{name}.txt").write_text("\n".join(table(name)) + "\n")
    (folder / "atan2.txt").write_text("\n".join(angles()) + "\n")
    for name in LAST:
        (folder / f"{name}.txt").write_text("\n".join(table(name)) + "\n")
