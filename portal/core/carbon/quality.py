"""Data quality and uncertainty of one line: five grades, and the log-normal spread they stand for.

The scale is that of the GHG Protocol: precision, completeness, temporal, geographical and technological
representativeness, each 1 very good, 2 good, 3 fair, 4 poor. `quality` of a line is the mean of the five. The
spread comes from the pedigree table of the GHG Protocol's guidance on quantitative inventory uncertainty
(after Weidema and Wesnæs 1996): each grade stands for an uncertainty factor U, and

    ln(GSD²) = sqrt(Σ ln(U)² + ln(U_basic)²),   sigma_ln = ln(GSD²) / 2.

Which grades a method earns is our own judgement, stated in `GRADES` and in the decision record on the estimate.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import cache

QUALITY_SCALE = "GHG Protocol data quality, mean of five grades, 1 very good to 4 poor"
UNCERTAINTY_TABLE = "GHG Protocol pedigree uncertainty factors, basic factor 1.05"

_FACTORS = (
    ("1.00", "1.10", "1.20", "1.50"),  # precision
    ("1.00", "1.05", "1.10", "1.20"),  # completeness
    ("1.00", "1.10", "1.20", "1.50"),  # temporal
    ("1.00", "1.02", "1.05", "1.10"),  # geographical
    ("1.00", "1.20", "1.50", "2.00"),  # technological
)
_BASIC = "1.05"

Grades = tuple[int, int, int, int, int]

# precision, completeness, technological; temporal and geographical follow from the data themselves
GRADES: dict[str, tuple[int, int, int]] = {
    "footprint_verified": (2, 1, 1),
    "footprint": (3, 2, 1),
    "allocated_by_quantity": (2, 2, 3),
    "allocated_by_revenue": (3, 2, 3),
    "allocated_without_upstream": (3, 4, 3),
    "factor": (2, 2, 2),
    "factor_proxy": (3, 3, 4),
    "spend_factor": (4, 2, 4),
    "spend_factor_default_sector": (4, 3, 4),
}


def temporal_grade(data_year: int, purchase_year: int) -> int:
    """1 under 3 years apart, 2 under 6, 3 under 10, else 4 (GHG Protocol)."""
    apart = abs(purchase_year - data_year)
    return 1 if apart < 3 else 2 if apart < 6 else 3 if apart < 10 else 4


def grades(kind: str, *, temporal: int, geographical: int) -> Grades:
    """The five grades of a line estimated by `kind` (a key of GRADES)."""
    precision, completeness, technological = GRADES[kind]
    return (precision, completeness, temporal, geographical, technological)


def quality_of(given: Grades) -> Decimal:
    """The mean grade, one decimal place: 1.0 very good … 4.0 poor."""
    return (Decimal(sum(given)) / 5).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)


@cache
def sigma_ln(given: Grades) -> Decimal:
    """Standard deviation of the natural logarithm, four decimal places."""
    with localcontext(prec=34):
        total = Decimal(_BASIC).ln() ** 2
        for factors, grade in zip(_FACTORS, given, strict=True):
            total += Decimal(factors[grade - 1]).ln() ** 2
        return (total.sqrt() / 2).quantize(Decimal("0.0001"), rounding=ROUND_HALF_EVEN)
