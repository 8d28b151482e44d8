// Which HTML and CSS of mails their readers do not know, by the tables of caniemail.com: node bench/mail_support.mjs FILE …
// Prints what is neither known to every reader below nor on the list of what no mail depends on, as JSON {file: {feature: [readers]}}.
import { caniemail } from "caniemail"
import fs from "node:fs"

const READERS = ["gmail.*", "outlook.*", "apple-mail.*", "yahoo.*", "orange.*", "samsung-email.*", "thunderbird.*", "protonmail.*"]

// Each of these may be dropped, and the mail still reads the same.
const HARMLESS = {
    // MJML's frame: rules in the head, which mend faults of single readers. All that our words need stands in their own style attributes.
    "<style> element": 1, "@media": 1, "Type selector": 1, "Class selector": 1, "ID selector": 1, "Descendant combinator": 1,
    "Chaining selectors": 1, "!important keyword": 1, "outline": 1, "text-decoration": 1, "height property": 1,
    // The line beside the subject is hidden five times over; one that works is enough.
    "display:none": 1, "opacity": 1, "overflow": 1,
    // <body> becomes a <div>: direction and language stand on the parts inside as well.
    "<body> element": 1, "lang attribute": 1,
    // Said to those who listen, where their reader hands it on.
    "role attribute": 1, "aria-label attribute": 1,
    // A word or code that is too long for a telephone may then reach over the edge, by a few letters.
    "word-break": 1, "word-spacing": 1, "white-space": 1,
    // Persian digits of a list become Latin ones.
    "list-style": 1,
    // Without it a Latin name in a Persian line still has the direction of its own letters.
    "<bdi> element": 1,
}

const found = {}
for (const file of process.argv.slice(2)) {
    const { issues } = caniemail({ clients: READERS, html: fs.readFileSync(file, "utf8") })
    found[file] = {}
    for (const [reader, errors] of issues.errors)
        for (const { title } of errors) if (!(title in HARMLESS)) (found[file][title] ??= []).push(reader)
}
console.log(JSON.stringify(found))
