"""The peers: each module checks packages and prints, a line a package, the places (path, line) that it refuses."""
