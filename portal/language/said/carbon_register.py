"""Sentences about carbon files a supplier uploads."""

from portal.language.marker import N_

SENTENCES = {
    "carbon_kind_missing": N_("Say what the file holds: footprints or an inventory."),
    "carbon_text_too_long": N_("{where}: {column} may have at most {most} characters. Shorten it."),
    "carbon_row_twice": N_("{where}: {found} already stands in {first}. Keep one of the two rows."),
    "carbon_upload_accepted": N_(
        "This file was taken over already; nothing was stored a second time. Its figures are in the register."
    ),
    "carbon_upload_discarded": N_("This file was discarded. Upload it again if you need it."),
}
