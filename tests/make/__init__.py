"""Makes what tests need, through the real store and operations."""
