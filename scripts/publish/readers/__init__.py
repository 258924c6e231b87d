"""What dist/ gives to pandas and R: files that stand on their own, copied there as they are."""
