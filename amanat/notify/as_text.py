"""The text for an audience as plain text: what a person copies into a mail, reads on the phone, or checks by eye."""

from amanat import wording
from amanat.notify.runs import LRI, PDI, RLM, plain, runs
from amanat.notify.select import blocks, for_reader
from amanat.terms.notice import Notice

RANKED = ("what_you_do", "q_do")  # sections whose list stands in an order that means something


def as_text(notice: Notice) -> str:
    """Title, greeting, sections and closing, one sentence of a list on each line; what is ranked is numbered.

    Of a letter to persons it is what somebody reads who opens it for themselves, with every kind of data and every place.
    """
    if notice.audience == "individuals":
        notice = for_reader(notice, "self")
    words = wording.words(notice.language)
    is_rtl = words.language.direction == "rtl"

    def line(text: str) -> str:
        if not is_rtl or not text:
            return plain(text)
        # Addresses and Latin names keep their own direction inside Persian.
        shown = (f"{{{run.slot}}}" if run.slot else f"{LRI}{run.text}{PDI}" if run.is_ltr else run.text for run in runs(text, "rtl"))
        return RLM + "".join(shown)

    lines = [line(notice.title), ""]
    if notice.greeting:
        lines += [line(notice.greeting), ""]
    for section in notice.sections:
        if section.heading:
            lines.append(line(section.heading))
        for is_list, group in blocks(section.sentences):
            if not is_list:
                lines.append(line(" ".join(sentence.text for sentence in group)))
                continue
            for number, sentence in enumerate(group, 1):
                mark = words.say("{n,number}. ", n=number) if section.id in RANKED else "- "
                lines.append(line(mark + sentence.text))
        lines.append("")
    return "\n".join([*lines, *map(line, notice.closing.split("\n"))]).rstrip() + "\n"
