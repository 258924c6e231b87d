"""One SELECT over any version; stored (cited) queries and their verification."""
