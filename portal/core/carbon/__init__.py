"""Carbon: footprints, inventories, factors, and the category 1 estimate made from them. Pure values and functions."""
