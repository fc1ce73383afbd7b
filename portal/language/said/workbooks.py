"""Sentences about filled answer workbooks."""

from portal.language.marker import N_

SENTENCES = {
    "workbook_not_ours": N_(
        "“{where}” is not a workbook downloaded from this portal, or its hidden sheet “upstream” was deleted. "
        "Download the workbook again and copy your answers into it."
    ),
    "workbook_format_unknown": N_(
        "“{where}” was made by another version of the portal. Download the workbook again and copy your answers into it."
    ),
    "workbook_identity_changed": N_(
        "In “{where}” the hidden sheet “upstream” was changed, so it is not certain what the file was made from. "
        "Download the workbook again and copy your answers into it."
    ),
    "workbook_other_company": N_(
        "“{where}” was downloaded for another company ({found}); you answer for {here}. Nothing was read from it."
    ),
    "workbook_other_round": N_(
        "“{where}” belongs to the round “{found}”, this is “{here}”. Upload it there, or download the workbook of this round."
    ),
    "workbook_other_version": N_(
        "“{where}” was made from the questionnaire {found}; this assessment uses {here}. Download the workbook again."
    ),
    "workbook_other_assessment": N_(
        "“{where}” was downloaded from another assessment or another portal. Download the workbook from this page."
    ),
    "workbook_column_missing": N_(
        "Sheet “{where}”: a column of the workbook was deleted or moved ({column}). Download the workbook again and copy your answers into it."
    ),
    "workbook_no_answers": N_(
        "“{where}” holds none of the sheets with questions any more. Download the workbook again."
    ),
    "workbook_sheet_spoiled": N_(
        "Sheet “{where}” was not read: its hidden first row is missing. Its answers stay as they are; "
        "to change them, download the workbook again."
    ),
    "workbook_sheet_hidden": N_("Sheet “{where}” is hidden in your file and was read all the same."),
    "workbook_rows_left_out": N_(
        "{count} questions are not in the file any more; their answers stay as they are: {where}."
    ),
    "workbook_rows_missing": N_(
        "{where}: a line of this question was deleted from the file. Answer it in the portal, or download the workbook again."
    ),
    "workbook_row_twice": N_("{where}: the question {row} stands in the file twice. Delete the line that was added."),
    "workbook_option_unknown": N_(
        "{where}: “{found}” is not one of the answers offered. Choose one from the list in the cell."
    ),
    "workbook_mark_unknown": N_("{where}: write Yes or No, or leave the cell empty. Found “{found}”."),
    "workbook_unit_unknown": N_("{where}: “{found}” is not a unit offered here. Choose one from the list in the cell."),
    "workbook_none_and_some": N_(
        "{where}: this line says that there is nothing, yet something is given. Clear one of the two."
    ),
    "workbook_day_as_number": N_(
        "{where} holds the number {found}. If {day} is meant, format the cell as a date or write the date."
    ),
    "workbook_site_gone": N_(
        "The site “{where}” is not among the sites of this assessment any more. Its answers in the file change nothing."
    ),
    "workbook_site_added": N_(
        "The site “{where}” joined the assessment after the file was downloaded. Answer for it in the portal, or download the workbook again."
    ),
    "workbook_answered_per_site": N_(
        "{count} questions are answered for each site now, so what the file says to them was not read: {where}. Download the workbook again."
    ),
    "workbook_sites_changed": N_(
        "The sites of this assessment changed after this page was opened, so nothing was taken over. What the file would change now is worked out below: look through it and tick again."
    ),
    "workbook_nothing_wanted": N_("Nothing is ticked, so nothing was taken over. Tick the answers that are to stand."),
    "workbook_taken": N_("This file was already looked through. What was taken from it stands."),
    "workbook_discarded": N_("This file was discarded. Upload it again to take answers from it."),
}  # fmt: skip
