"""The colour of each severity: soft enough to read what stands on it, on paper too.

Each is a unit or two off the colour that Excel offers, so that no user and no program but us gives a
cell exactly this colour: a fill that came along with an inserted row is known by it alone.
"""

from jixiao.checking.finding import Severity

COLORS = {
    Severity.ERROR: "FEC7CF",
    Severity.WARNING: "FEEB9D",
    Severity.HINT: "DCEBF8",
    Severity.UNCHECKED: "E5DFED",
}
