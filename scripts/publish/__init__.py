"""Everything in dist/ and the generated documentation."""
