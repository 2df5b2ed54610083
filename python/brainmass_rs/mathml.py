"""Equations as MathML, which browsers typeset by themselves: what the compiler writes as LaTeX, and no more of that language."""

from __future__ import annotations

import re
from html import escape

__all__ = ["mathml"]

_TOKEN = re.compile(r"\\text\{[^{}]*\}|\\[a-zA-Z]+|\\.|[0-9]+(?:\.[0-9]+)?|\s+|.", re.S)

_LETTERS = dict(
    zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega".split(),
        "αβγδϵζηθικλμνξπρστυϕχψω",
        strict=True,
    )
) | dict(zip("Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(), "ΓΔΘΛΞΠΣΦΨΩ", strict=True))
_SIGNS = {"cdot": "⋅", "partial": "∂", "infty": "∞", "wedge": "∧", "vee": "∨", "langle": "⟨", "rangle": "⟩", "le": "≤", "ge": "≥", "ne": "≠", "sum": "∑", "neg": "¬", "times": "×"}
_ACCENTS = {"dot": "˙", "ddot": "¨", "bar": "¯", "hat": "^", "tilde": "~"}
_UPRIGHT = ("mathrm", "operatorname")


class _Reader:
    """Reads LaTeX token by token."""

    def __init__(self, latex: str) -> None:
        self.tokens = [token for token in _TOKEN.findall(latex) if not token.isspace()]
        self.place = 0

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self.place += 1
        return token

    def row(self, *ends: str) -> str:
        """Reads until one of the ends, which is not taken."""
        parts = []
        while self.peek() and self.peek() not in ends:
            parts.append(self.scripted())
        return f"<mrow>{''.join(parts)}</mrow>"

    def scripted(self) -> str:
        """Reads an atom with what stands below and above it."""
        base, below, above = self.atom(), "", ""
        while self.peek() in ("_", "^"):
            if self.next() == "_":
                below = self.atom()
            else:
                above = self.atom()
        if below and above:
            return f"<msubsup>{base}{below}{above}</msubsup>"
        if below:
            return f"<msub>{base}{below}</msub>"
        return f"<msup>{base}{above}</msup>" if above else base

    def braced(self) -> str:
        """Reads what stands in braces as plain text."""
        if self.peek() != "{":
            return self.next()
        depth, text = 0, []
        while token := self.next():
            depth += {"{": 1, "}": -1}.get(token, 0)
            if depth == 0:
                break
            if token != "{":
                text.append(token)
        return "".join(text).replace("\\", "")

    def atom(self) -> str:
        token = self.next()
        if token == "{":
            inner = self.row("}")
            self.next()
            return inner
        if token[:1].isdigit():
            return f"<mn>{token}</mn>"
        if token.startswith("\\text{"):
            words = token[6:-1].strip()
            return f"<mtext>&#160;{escape(words)}&#160;</mtext>"
        if token.startswith("\\"):
            return self.command(token[1:])
        if token.isalpha():
            return f"<mi>{token}</mi>"
        # Signs that LaTeX does not stretch are as high as letters.
        fixed = " stretchy='false'" if token in "()[]|" else ""
        return f"<mo{fixed}>{escape({'-': '−', '*': '⋅'}.get(token, token))}</mo>"

    def command(self, name: str) -> str:
        if name in _LETTERS:
            return f"<mi>{_LETTERS[name]}</mi>"
        if name in _SIGNS:
            return f"<mo>{_SIGNS[name]}</mo>"
        if name in _ACCENTS:
            return f"<mover accent='true'>{self.atom()}<mo>{_ACCENTS[name]}</mo></mover>"
        if name in _UPRIGHT:
            return f"<mi mathvariant='normal'>{escape(self.braced())}</mi>"
        if name == "frac":
            return f"<mfrac>{self.atom()}{self.atom()}</mfrac>"
        if name == "sqrt":
            return f"<msqrt>{self.atom()}</msqrt>"
        if name == "left":
            opening = self.next()
            inner = self.row("\\right")
            self.next()
            closing = self.next()
            return f"<mrow><mo>{escape(opening)}</mo>{inner}<mo>{escape(closing)}</mo></mrow>"
        if name == "begin":
            return self.cases()
        if name in (",", ";", ":", " ", "quad"):
            return "<mspace width='0.17em'/>"
        if not name.isalpha():
            return f"<mo>{escape(name)}</mo>"
        return f"<mi mathvariant='normal'>{escape(name)}</mi>"

    def cases(self) -> str:
        """Reads the cases of a definition, each with its condition."""
        self.braced()
        rows, cells = [], []
        while self.peek() and self.peek() != "\\end":
            cells.append(f"<mtd style='text-align:left'>{self.row('&', chr(92) * 2, chr(92) + 'end')}</mtd>")
            if self.peek() != "&":
                rows.append(f"<mtr>{''.join(cells)}</mtr>")
                cells = []
            if self.peek() in ("&", "\\\\"):
                self.next()
        self.next()
        self.braced()
        return f"<mrow><mo>{{</mo><mtable columnalign='left'>{''.join(rows)}</mtable></mrow>"


def mathml(latex: str, *, block: bool = False) -> str:
    """Returns an equation as MathML, on a line of its own where `block` says so."""
    display = " display='block' style='text-align:left'" if block else ""
    return f"<math xmlns='http://www.w3.org/1998/Math/MathML'{display}>{_Reader(latex).row()}</math>"
