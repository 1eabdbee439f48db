"""The auditor: what a finished report claims, recomputed.

text → paragraphs and tables → mentions of quantities → claims → findings
"""
