"""Why a file could not be read and what to do, as scope says it, in the language of the page; `templatetags.sentences` looks here."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

# Pattern of scope's English sentence, and the sentence of the page with the numbers and names that stand in it.
READING: tuple[tuple[str, Promise | str], ...] = (
    (
        r"(?P<n>[\d,]+) of its messages, folders or attachments are damaged\.",
        _lazy("%(n)s of its messages, folders or attachments are damaged."),
    ),
    (
        r"(?P<n>[\d,]+) of its values are pictures or of a binary format that is not known\.",
        _lazy("%(n)s of its values are pictures or of a binary format that is not known."),
    ),
    (
        r"Page (?P<n>[\d,]+) has damage and could not be read\.",
        _lazy("Page %(n)s is damaged and could not be read."),
    ),
    (
        r"(?P<n>[\d,]+) pages \((?P<which>.+)\) have damage and could not be read\.",
        _lazy("%(n)s pages (%(which)s) are damaged and could not be read."),
    ),
    (
        r"Page (?P<n>[\d,]+) has only a picture; no text was found in it\.",
        _lazy("Page %(n)s is only a picture, in which no text was found."),
    ),
    (
        r"(?P<n>[\d,]+) pages \((?P<which>.+)\) have only a picture; no text was found in it\.",
        _lazy("%(n)s pages (%(which)s) are only pictures, in which no text was found."),
    ),
    (
        r"Page (?P<n>[\d,]+) has only a picture; Tesseract, which reads text in pictures, is not installed\.",
        _lazy("Page %(n)s is only a picture, and Tesseract, which reads text in pictures, is not installed."),
    ),
    (
        r"(?P<n>[\d,]+) pages \((?P<which>.+)\) have only a picture; Tesseract, which reads text in pictures, is not installed\.",
        _lazy("%(n)s pages (%(which)s) are only pictures, and Tesseract, which reads text in pictures, is not installed."),
    ),
    (
        r"(?:Page|\d+ pages)(?: \(?.+?\)?)? ha(?:s|ve) only a picture; the time for reading text in pictures is used up\.",
        _lazy("Some of its pages are only pictures, and the time for reading text in pictures is used up."),
    ),
    (
        r"A part of it is damaged \((?P<what>\w+)\)\.",
        _lazy("A part of it is damaged (%(what)s)."),
    ),
    (
        r"Ask for its keys, write it anew without encryption on a machine kept apart, and scan that\.",
        _lazy("Ask for its keys, write it anew without encryption on a machine kept apart, and scan that."),
    ),
    (
        r"Ask for the password, add it to the list of passwords, and scan again\.",
        _lazy("Ask for the password, add it to the list of passwords, and scan again."),
    ),
    (
        r"Ask whoever runs the database for the right to read it, and scan again\.",
        _lazy("Ask whoever runs the database for the right to read it, and scan again."),
    ),
    (
        r"Export it as CSV and scan that\.",
        _lazy("Export it as CSV and scan that."),
    ),
    (
        r"If not, mend it in an editor and scan it again\.",
        _lazy("If not, mend it in an editor and scan it again."),
    ),
    (
        r"Install libarchive \(Debian: libarchive13\) and scan again, or unpack it on a machine kept apart and scan the result\.",
        _lazy("Install libarchive (Debian: libarchive13) and scan again, or unpack it on a machine kept apart and scan the result."),
    ),
    (
        r"It breaks off or is damaged in the middle\.",
        _lazy("It breaks off or is damaged in the middle."),
    ),
    (
        r"It breaks off: its last elements are not closed\.",
        _lazy("It breaks off: its last elements are not closed."),
    ),
    (
        r"It declares entities of its own, as XML bombs do; it was read only up to there\.",
        _lazy("It declares entities of its own, as XML bombs do; it was read only up to there."),
    ),
    (
        r"It declares entities of its own, as XML bombs do; what follows was read as text\.",
        _lazy("It declares entities of its own, as XML bombs do; what follows was read as text."),
    ),
    (
        r"It has more than (?P<n>\d+) million pixels\.",
        _lazy("It has more than %(n)s million pixels."),
    ),
    (
        r"It holds pictures, which were not read\.",
        _lazy("It holds pictures, which were not read."),
    ),
    (
        r"It is a picture in which no text was found\.",
        _lazy("It is a picture in which no text was found."),
    ),
    (
        r"It is a picture, and Tesseract, which reads text in pictures, is not installed\.",
        _lazy("It is a picture, and Tesseract, which reads text in pictures, is not installed."),
    ),
    (
        r"It is a picture, and the time for reading text in pictures is used up\.",
        _lazy("It is a picture, and the time for reading text in pictures is used up."),
    ),
    (
        r"It is an archive that is read only where libarchive is installed\.",
        _lazy("It is an archive that is read only where libarchive is installed."),
    ),
    (
        r"It is encrypted, and none of the passwords given opens it\.",
        _lazy("It is encrypted, and none of the passwords given opens it."),
    ),
    (
        r"It is not well formed at one place; what follows the place was read as text\.",
        _lazy("It is not well formed at one place; what follows the place was read as text."),
    ),
    (
        r"It is packed by a method that is not known\.",
        _lazy("It is packed by a method that is not known."),
    ),
    (
        r"Its bytes are another member's too, as in bombs; they were read once\.",
        _lazy("Its bytes are another member’s too, as in bombs; they were read once."),
    ),
    (
        r"Its cells lie so far apart that the sheet would be (?P<n>[\d,]+) cells large\.",
        _lazy("Its cells lie so far apart that the sheet would be %(n)s cells large."),
    ),
    (
        r"Its directory is damaged, or it is cut off\.",
        _lazy("Its directory is damaged, or it is cut off."),
    ),
    (
        r"Its entry in the archive is damaged or packed by a method that is not known \((?P<what>\w+)\)\.",
        _lazy("Its entry in the archive is damaged or packed by a method that is not known (%(what)s)."),
    ),
    (
        r"Its sheet number (?P<n>[\d,]+) is damaged \((?P<what>\w+)\)\.",
        _lazy("Its sheet number %(n)s is damaged (%(what)s)."),
    ),
    (
        r"Its text is damaged; it was read only up to the damage\.",
        _lazy("Its text is damaged; it was read only up to the damage."),
    ),
    (
        r"Look at some of them by hand: scans of passports, cards and forms name persons\.",
        _lazy("Look at some of them by hand: scans of passports, cards and forms name persons."),
    ),
    (
        r"Look for a whole copy\.",
        _lazy("Look for a whole copy."),
    ),
    (
        r"Look for a whole copy; all other parts were read\.",
        _lazy("Look for a whole copy; all other parts were read."),
    ),
    (
        r"Open it by hand on a machine kept apart from the network\.",
        _lazy("Open it by hand on a machine kept apart from the network."),
    ),
    (
        r"Open it by hand, delete the cells far off or save each sheet as CSV, and scan that\.",
        _lazy("Open it by hand, delete the cells far off or save each sheet as CSV, and scan that."),
    ),
    (
        r"Repair it with Outlook's scanpst, or look for a whole copy\.",
        _lazy("Repair it with Outlook’s scanpst, or look for a whole copy."),
    ),
    (
        r"Save it in a present-day format and scan that\.",
        _lazy("Save it in a present-day format and scan that."),
    ),
    (
        r"The last row of table (?P<what>.+) is not finished, or a quote in it is not closed; it was read as text\.",
        _lazy("The last row of table %(what)s is not finished, or a quote in it is not closed; it was read as text."),
    ),
    (
        r"The list of its tables is damaged\.",
        _lazy("The list of its tables is damaged."),
    ),
    (
        r"The mail store is damaged or cut off\.",
        _lazy("The mail store is damaged or cut off."),
    ),
    (
        r"The picture is damaged or of a kind that cannot be read\.",
        _lazy("The picture is damaged or of a kind that cannot be read."),
    ),
    (
        r"The table (?:is damaged and )?could be read only up to row (?P<n>[\d,]+)\.",
        _lazy("The table could be read only up to row %(n)s."),
    ),
    (
        r"The table could not be read\.",
        _lazy("The table could not be read."),
    ),
    (
        r"Try to repair it \(sqlite3 FILE \.recover\) and scan the result, or find a whole copy\.",
        _lazy("Try to repair it (sqlite3 FILE .recover) and scan the result, or find a whole copy."),
    ),
    (
        r"Unpack it on a machine kept apart if it matters\.",
        _lazy("Unpack it on a machine kept apart if it matters."),
    ),
    (
        r"Write it anew with the method deflate or null, and scan that\.",
        _lazy("Write it anew with the method deflate or null, and scan that."),
    ),
    (
        r"It is a document of Word 95 or older, which is not read yet\.",
        _lazy("It is a document of Word 95 or older, which is not read yet."),
    ),
    (
        r"Reading it needs more memory than the limit\.",
        _lazy("Reading it needs more memory than the limit."),
    ),
    (
        r"Reading it took longer than the limit\.",
        _lazy("Reading it took longer than the limit."),
    ),
    (
        r"Reading it used more processor time than the limit\.",
        _lazy("Reading it used more processor time than the limit."),
    ),
    (
        r"The process that reads files died over it\.",
        _lazy("The process that reads files died over it."),
    ),
    (
        r"Its reader gave up; the file is damaged or needs more memory than the limit\.",
        _lazy("Its reader gave up; the file is damaged or needs more memory than the limit."),
    ),
    (
        r"Its reader crashed; the file is damaged or an attack\.",
        _lazy("Its reader crashed; the file is damaged or an attack."),
    ),
    (
        r"Its reader tried something that is not allowed; the file may be an attack\.",
        _lazy("Its reader tried something that is not allowed; the file may be an attack."),
    ),
    (
        r"Its reader ended unexpectedly \((?P<what>.+)\)\.",
        _lazy("Its reader ended unexpectedly (%(what)s)."),
    ),
    (
        r"It changed while it was read: what was found may be of two versions\.",
        _lazy("It changed while it was read: what was found may be of two versions."),
    ),
    (
        r"It could not be looked at \((?P<what>.+)\)\.",
        _lazy("It could not be looked at (%(what)s)."),
    ),
    (
        r"Scan a copy that nothing writes to\.",
        _lazy("Scan a copy that nothing writes to."),
    ),
    (
        r"A part of the table is damaged: its first (?P<first>[\d,]+) rows and its last (?P<last>[\d,]+) were read\.",
        _lazy("A part of the table is damaged: its first %(first)s rows and its last %(last)s were read."),
    ),
    (
        r"The archive is cut off, or its directory is damaged: (?P<n>[\d,]+) files at its beginning were read\.",
        _lazy("The archive is cut off, or its directory is damaged: %(n)s files at its beginning were read."),
    ),
    (
        r"It could be read only in part\.",
        _lazy("It could be read only in part."),
    ),
)
