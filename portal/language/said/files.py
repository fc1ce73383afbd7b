"""Sentences about files people bring: uploads, spreadsheets, lists, and the vault."""

from portal.language.marker import N_

SENTENCES = {
    "upload_empty": N_(
        "“{where}” is empty. Choose the file again; if it stays empty, save it anew and upload that."
    ),
    "upload_too_large": N_(
        "“{where}” is larger than {limit} MB. Split it or save it smaller, then upload it again."
    ),
    "upload_damaged": N_(
        "“{where}” is damaged or incomplete. Open it on your computer, save it again and upload that."
    ),
    "upload_unpacks_too_large": N_(
        "“{where}” unpacks to far more than it should. Save it again without large embedded content."
    ),
    "upload_encrypted": N_(
        "“{where}” is protected with a password. Remove the password and upload it again."
    ),
    "upload_macros": N_(
        "“{where}” contains macros. Save it without macros (.xlsx or .docx) and upload that."
    ),
    "upload_legacy_xls": N_("“{where}” is an old Excel file (.xls). Save it as .xlsx and upload that."),
    "upload_legacy_doc": N_("“{where}” is an old Word file (.doc). Save it as .docx or PDF and upload that."),
    "upload_legacy": N_(
        "“{where}” is in an old Office format. Save it as .xlsx, .docx or PDF and upload that."
    ),
    "upload_type_refused": N_(
        "“{where}” is a {found} file, which is not accepted here. Upload one of: {allowed}."
    ),
    "upload_unknown": N_("“{where}” is not a file we can recognise. Upload one of: {allowed}."),
    "upload_misnamed": N_(
        "“{where}” is called {claimed} but looks like {found}. Give it the right ending and upload it again."
    ),
    "upload_disguised": N_(
        "“{where}” is called {claimed} but looks like {found}. Upload a real file of one of: {allowed}."
    ),
    "upload_disguised_text": N_(
        "“{where}” is called {claimed} but holds only plain text. Upload a real file of one of: {allowed}."
    ),
    "upload_disguised_unknown": N_(
        "“{where}” is called {claimed} but holds something else. Upload a real file of one of: {allowed}."
    ),
    "csv_encoding": N_(
        "The text of “{where}” is in an unknown encoding. Save it as “CSV UTF-8” or as .xlsx and upload that."
    ),
    "csv_encoding_used": N_(
        "“{where}” was read as {encoding}. Check that names and special characters look right."
    ),
    "csv_binary": N_(
        "“{where}” contains characters that no text table has. Save it as “CSV UTF-8” and upload that."
    ),
    "csv_delimiter_unclear": N_(
        "The header of “{where}” mixes commas, semicolons or tabs. Separate the columns with commas only."
    ),
    "csv_delimiter_used": N_(
        "The columns of “{where}” are separated by “{delimiter}” instead of commas; it was read that way."
    ),
    "csv_no_columns": N_(
        "“{where}” has no columns: its values are not separated by commas. Save it as CSV from a spreadsheet."
    ),
    "csv_quotes": N_(
        "“{where}”, row {row}: a quotation mark opens or closes in the wrong place. Correct this row."
    ),
    "sheet_damaged": N_(
        "“{where}” cannot be read as a spreadsheet. Open it in Excel, save it as .xlsx and upload that."
    ),
    "sheet_too_heavy": N_(
        "“{where}” is too heavy to read. Copy only the table into a new file, as values, and upload that."
    ),
    "sheet_unpacks_too_large": N_(
        "“{where}” unpacks to more than a table needs. Copy only the table into a new file and upload that."
    ),
    "sheet_too_many_rows": N_(
        "“{where}” has more than {limit} rows. Delete empty rows below the table, or split the file."
    ),
    "sheet_too_many_cells": N_(
        "“{where}” has more than {limit} filled cells or too much text. Split it into several files."
    ),
    "sheet_cell_far_away": N_(
        "{where}: a value is far from the table. Delete it; a table has at most 200 columns, {limit} rows."
    ),
    "sheet_text_too_long": N_("{where}: the text is longer than {limit} characters. Shorten it."),
    "sheet_hidden": N_("The hidden sheet “{where}” was not read."),
    "sheet_row_hidden": N_("Row {where} is hidden in your file and was read all the same. Check it below."),
    "sheet_column_hidden": N_(
        "Column {where} is hidden in your file and was read all the same. Check it below."
    ),
    "sheet_merged": N_("{where}: these cells are merged. Unmerge them and write the value into each row."),
    "header_not_found": N_(
        "“{where}” has no header row we know. Use the template, or name the columns in one row: {columns}."
    ),
    "table_empty": N_("“{where}” has a header but no rows. Fill in at least one row below it."),
    "column_missing": N_("“{where}”: the column {column} is missing. Add it, or start from the template."),
    "column_unknown": N_(
        "{where}: there is no column called “{found}”. Correct its name or remove the column."
    ),
    "column_twice": N_("{where}: the column {column} stands here a second time. Keep one of them."),
    "cell_without_header": N_(
        "{where}: “{found}” stands in a column without a name. Did a comma split a number? Correct the row."
    ),
    "cell_formula": N_("{where} holds a formula. Paste the value instead (copy, then “paste values”)."),
    "cell_error": N_("{where} shows the error “{found}”. Write the value itself."),
    "cell_became_date": N_(
        "{where}: the spreadsheet turned this value of {column} into the date {found}. "
        "Format the cell as text and type it again."
    ),
    "cell_scaled": N_(
        "{where} holds {found} but is formatted to show a smaller number, for example in thousands. "
        "Set the format to General and check the number."
    ),
    "cell_in_percent": N_(
        "{where} is formatted as per cent and shows {found}, which is a hundred times what it holds. "
        "Set the format to General and check the number."
    ),
    "cell_is_time": N_(
        "{where}: {found} is a time of day, which {column} cannot be. Write the value itself."
    ),
    "cell_digits_lost": N_(
        "{where}: the spreadsheet rounded this long number of {column}. Format the cell as text, retype it."
    ),
    "supplier_value_missing": N_("{where}: {column} is empty. Fill it in."),
    "supplier_code_form": N_(
        "{where}: “{found}” is not a supplier code. Use up to 40 letters, digits, dots, dashes, underscores."
    ),
    "supplier_twice": N_("{where}: supplier {found} already stands in {first}. Keep one of the two rows."),
    "supplier_name_long": N_("{where}: the name is longer than 200 characters. Shorten it."),
    "supplier_country_unknown": N_(
        "{where}: “{found}” is not a country code. Write two letters, for example CN or DE."
    ),
    "supplier_email_form": N_(
        "{where}: “{found}” is not an e-mail address. Write one address, for example name@company.com."
    ),
    "supplier_role_unknown": N_(
        "{where}: “{found}” is not a list of roles. "
        "Use manufacturing, minerals, logistics, services, separated by semicolons."
    ),
    "supplier_material_form": N_(
        "{where}: “{found}” is not a list of material keys. Write for example glass; aluminium_frame."
    ),
    "storage_full": N_(
        "There is no room left to store the file; nothing was kept. Tell the administrator, then try again."
    ),
    "storage_failed": N_(
        "The file could not be stored; nothing was kept. Try again in a minute, then tell the administrator."
    ),
    "vault_content_changed": N_(
        "The file is not what was uploaded any more and is not handed out. Tell the administrator."
    ),
}
