"""Sentences about the take-away package."""

from portal.language.marker import N_

SENTENCES = {
    "package_not_answers": N_(
        "{where}: this is no file of answers. Download “Answers for programs” on the page Take-away of the other portal, "
        "and upload answers.json as it is."
    ),
    "package_schema_unknown": N_(
        "{where}: the file has the form “{found}”; this portal reads “{known}”. Ask for a newer version of this portal, "
        "or download the file again."
    ),
    "package_questionnaire_unknown": N_(
        "{where}: the answers belong to the questionnaire “{found}”, which this portal does not have. It has: {known}."
    ),
    "package_part_form": N_(
        "{where}: this part of the file must look like {wanted}. Upload the file as it was downloaded."
    ),
    "package_sites_many": N_(
        "{where}: the file names more than {most} sites. Upload the file as it was downloaded."
    ),
    "package_site_again": N_(
        "{where}: the site “{name}” stands in the file twice. Upload the file as it was downloaded."
    ),
    "package_not_at_sites": N_(
        "{where}: sites do not answer this question. Upload the file as it was downloaded."
    ),
    "package_site_twice": N_(
        "{where}: two sites of the file cannot be the same site of yours. Choose another for one of them."
    ),
    "brought_gone": N_(
        "The file you looked at does not wait any more: a colleague carried it over, set it aside or brought another one."
    ),
    "package_too_many": N_(
        "{count} files stand behind the answers; one package holds at most {most}. Take the files one by one from your "
        "evidence library, and the other parts singly."
    ),
    "package_too_large": N_(
        "The files behind the answers take {size} MB; one package holds at most {most} MB. Take the files one by one from "
        "your evidence library, and the other parts singly."
    ),
    "package_no_room": N_(
        "There is no room on the server to put the package together just now. Take the parts singly, or try again later."
    ),
}
