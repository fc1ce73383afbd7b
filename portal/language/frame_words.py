"""Names of the figures of a corporate inventory, for pages, tables and the import form alike."""

from __future__ import annotations

from portal.language.marker import N_

ITEM_WORDS = {
    "scope1": N_("Scope 1: direct emissions"),
    "scope2_location": N_("Scope 2: purchased energy, location-based"),
    "scope2_market": N_("Scope 2: purchased energy, market-based"),
    "scope2_unstated": N_("Scope 2: purchased energy, basis not stated"),
    "category_1": N_("Category 1: purchased goods and services"),
    "category_2": N_("Category 2: capital goods"),
    "category_3": N_("Category 3: fuel- and energy-related activities"),
    "category_4": N_("Category 4: upstream transport and distribution"),
    "category_5": N_("Category 5: waste from operations"),
    "category_6": N_("Category 6: business travel"),
    "category_7": N_("Category 7: employee commuting"),
    "category_8": N_("Category 8: upstream leased assets"),
    "category_9": N_("Category 9: downstream transport and distribution"),
    "category_10": N_("Category 10: processing of sold products"),
    "category_11": N_("Category 11: use of sold products"),
    "category_12": N_("Category 12: end of life of sold products"),
    "category_13": N_("Category 13: downstream leased assets"),
    "category_14": N_("Category 14: franchises"),
    "category_15": N_("Category 15: investments"),
    "stated_scope_1_2": N_("Stated total, scope 1 and 2"),
    "stated_scope_3": N_("Stated total, scope 3"),
    "stated_total": N_("Stated total, all scopes"),
    "stated_iso_1": N_("Stated total, ISO 14064-1 class 1"),
    "stated_iso_2": N_("Stated total, ISO 14064-1 class 2"),
    "stated_iso_3": N_("Stated total, ISO 14064-1 class 3"),
    "stated_iso_4": N_("Stated total, ISO 14064-1 class 4"),
    "stated_iso_5": N_("Stated total, ISO 14064-1 class 5"),
    "stated_iso_6": N_("Stated total, ISO 14064-1 class 6"),
    "share_scope_1": N_("Stated share, scope 1"),
    "share_scope_2": N_("Stated share, scope 2"),
    "share_scope_3": N_("Stated share, scope 3"),
    "production": N_("Production"),
}
ISO_WORDS = {
    1: N_("Direct emissions and removals"),
    2: N_("Indirect, imported energy"),
    3: N_("Indirect, transportation"),
    4: N_("Indirect, products used by the organisation"),
    5: N_("Indirect, use of the organisation's products"),
    6: N_("Indirect, other sources"),
}
