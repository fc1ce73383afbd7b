"""Sentences about jobs and about ledgers on their way in."""

from portal.language.marker import N_

JOBS = {
    "job_gave_up": N_(
        "The work was begun {times} times and its worker stopped each time. The file may be too large for this machine; ask your administrator to look at the log."
    ),
    "job_thing_gone": N_("What this work was about is no longer there."),
    "job_broke": N_("Something went wrong on our side. Tell your administrator the reference {reference}."),
}
FILES = {
    "ledger_too_large": N_(
        "{where}: more than {rows} rows or {columns} columns. Save the columns you need as CSV, and split the file by month if need be."
    ),
    "ledger_encoding_wrong": N_("{where}: the file cannot be read as {encoding}. Choose another encoding."),
    "ledger_sheet_parts_hidden": N_(
        "{where}: the sheet has hidden rows or columns. Hidden rows are read like all others."
    ),
    "ledger_sheet_merged": N_(
        "{where}: cells are merged ({cells}). A merged cell holds its text in its first cell only; the others read as empty."
    ),
    "choose_encoding": N_("Choose the encoding in which the lines read as they should."),
    "choose_sheet": N_("Choose one of the sheets of the file."),
    "intake_decided": N_("{name} was accepted or discarded before."),
    "intake_not_read": N_("{name} has not been read yet. Wait for the reading to end."),
    "intake_not_checked": N_("{name} has to be checked with these columns first."),
    "intake_has_problems": N_(
        "{name} has {count} problems. Correct the file or the columns; nothing was stored."
    ),
    "intake_duplicates_open": N_(
        "{count} lines look written twice. Say first whether they are kept or left out."
    ),
    "choose_duplicates": N_("Say whether the lines are kept or left out."),
}
MAPPING = {
    "mapping_column_gone": N_("{where}: the file has no such column. Choose one of the list."),
    "mapping_column_kind": N_(
        "{where}: the column “{column}” holds another kind of data. Choose a column with text, numbers or dates."
    ),
    "mapping_column_twice": N_("The column “{column}” stands for {fields} at once. Use it for one of them."),
    "mapping_without_line_id": N_(
        "{where}: choose the column that tells the lines apart, or have the lines numbered by their row."
    ),
    "mapping_field_missing": N_("{where}: choose the column of the file that holds it."),
    "mapping_without_amount": N_("Choose the column of the quantity, of the spend, or both."),
    "mapping_without_word": N_("{where}: choose its column, or write what it is for all lines."),
    "mapping_date_form_unsaid": N_(
        "Say how the dates are written. The examples show how each way reads the first ones."
    ),
    "mapping_number_form_unsaid": N_("Say how the numbers are written."),
    "mapping_number_form_wrong": N_("The decimal sign and the thousands sign must differ."),
}
LINES = {
    "ledger_date_not_in_form": N_("{where}: “{found}” is not a date in the form you chose."),
    "ledger_number_not_in_form": N_("{where}: “{found}” is not a number in the form you chose."),
    "ledger_year_odd": N_("{where}: “{found}” is not a year from 1990 to 2100."),
}
WORDS = {
    "word_unit_unknown": N_(
        "“{where}”: “{found}” is not a unit goods are bought in. Choose one of the list."
    ),
    "word_currency_unknown": N_(
        "“{where}”: “{found}” is not a currency. Write three capital letters such as CNY."
    ),
    "word_country_unknown": N_(
        "“{where}”: “{found}” is not a country. Write two capital letters such as CN."
    ),
    "word_supplier_unknown": N_("“{where}”: no supplier on the list has the code “{found}”."),
    "word_material_unknown": N_("“{where}”: “{found}” is not a material of the list."),
    "words_nothing_given": N_(
        "Nothing was filled in. Give at least one text a meaning, or mark it as none of ours."
    ),
    "word_times_wrong": N_(
        "“{where}”: write how many of the unit it is as a plain number above zero; found “{found}”."
    ),
}
SENTENCES = {**JOBS, **FILES, **MAPPING, **LINES, **WORDS}
