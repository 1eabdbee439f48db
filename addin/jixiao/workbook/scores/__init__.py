"""计算得分 and 撤销计算: scores written into the form and taken back."""
