"""The ledger, and what follows from it: earlier versions, differences, rebuilding, checksums."""
