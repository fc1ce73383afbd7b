"""Entering the portal and one's own account; the same for suppliers and the buyer's people."""
