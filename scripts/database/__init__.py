"""DuckDB: connections, loading CSV with every fault located, types, views."""
