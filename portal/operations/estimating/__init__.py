"""The category 1 estimate: one reproducible run over a ledger and the tables in use, without a database."""

from portal.operations.estimating.inputs import Inputs
from portal.operations.estimating.pages import LinesPage, page_of_lines
from portal.operations.estimating.run import METHOD, Estimate, Progress, run_estimate

__all__ = ["METHOD", "Estimate", "Inputs", "LinesPage", "Progress", "page_of_lines", "run_estimate"]
