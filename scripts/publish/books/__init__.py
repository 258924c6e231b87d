"""What people open without code: codebook, workbook, Stata file."""
