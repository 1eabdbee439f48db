"""汇总.xlsx, written row by row: a sheet never stands in memory as a whole."""
