"""From a form described as data to the cells of a workbook: where each stands and how it looks."""
