"""A second, straight-line reckoning of every score, written from the authorities' rules and not from ours.

It shares no code with the program: workbooks are read with openpyxl, texts by the few patterns below,
and every rule stands here once more in plain Python. What it cannot read with certainty it does not
know; a score that the program accepts where the oracle knows nothing, or something else, is a defect of
one of the two.
"""
