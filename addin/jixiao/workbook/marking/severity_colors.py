"""The colour of each severity: soft enough to read what stands on it, on paper too."""

from jixiao.checking.finding import Severity

COLORS = {
    Severity.ERROR: "FFC7CE",
    Severity.WARNING: "FFEB9C",
    Severity.HINT: "DDEBF7",
    Severity.UNCHECKED: "E4DFEC",
}
