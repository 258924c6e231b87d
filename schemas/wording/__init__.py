"""Words of the quantity: what they say, held against what is coded."""
