"""Many filings: a folder is walked, every file examined by workers, and a 汇总 written from what they say.

::

    files ──► examine (in workers) ──► journal ──► tables ──► 汇总.xlsx, 退回意见

Only the journal on disk grows with the findings; what is kept in memory is a few words per file.
"""
