"""The 95 % interval of a total of log-normal lines.

Lines that share a source (a footprint, an inventory, a factor) move together; different sources are independent.
With E the total, e and σ the emission and sigma_ln of a line, g a source:

    σ_total = sqrt(Σ_g (Σ_{i in g} e_i σ_i)²) / |E|,   interval = E × exp(∓1.96 σ_total)

the first-order propagation for sums of the GHG Protocol's uncertainty guidance, with full correlation inside a
source. It is analytical: no random draw, the same interval every time.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext

Z95 = Decimal("1.96")
# beyond e^10 between middle and bound a ratio says nothing
WIDEST = Decimal(10)


def interval_95(total: Decimal, spreads: Iterable[Decimal]) -> tuple[Decimal, Decimal]:
    """Lower and upper bound of `total`; `spreads` holds Σ e·σ of each source, in the unit of `total`.

    A total of zero or below, or one lost in its spread (WIDEST), comes of credit notes that outweigh or nearly cancel the
    purchases. It has no log-normal form: total ∓ 1.96 × sqrt(Σ spread²).
    """
    with localcontext(prec=34):
        width = sum((spread**2 for spread in spreads), Decimal(0)).sqrt()
        if total <= 0 or Z95 * width > WIDEST * total:
            return total - Z95 * width, total + Z95 * width
        factor = (Z95 * width / total).exp()
        return total / factor, total * factor
