"""The data as packages of Python and R, each with a copy of all tables and views and of what they were."""
