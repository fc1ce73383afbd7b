"""Sentences about the take-away package."""

from portal.language.marker import N_

SENTENCES = {
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
