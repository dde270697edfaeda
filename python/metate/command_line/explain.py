"""explain a message by its number, such as MT2001

What the message means, a program that gets it, and one that does the same and works. Without a number: the list of messages.
"""

import re
from importlib import resources

from .usage import UsageError

_TITLE = re.compile(r"# (MT\d{4}): (.+)\n+")


def pages():
    """The text of each message's page, by its number: Markdown whose first line is the title."""
    folder = resources.files("metate").joinpath("messages")
    return {page.name[:6]: page.read_text(encoding="utf-8") for page in sorted(folder.iterdir(), key=lambda each: each.name)
            if page.name.endswith(".md")}


def add_arguments(parser):
    """The number of a message, which may be left out."""
    parser.add_argument("message", nargs="?", help="the number, in either case; MT may be left out")


def collect(options):
    """What `metate explain --json` prints: a message's number, title and text, or number and title of all."""
    if options.message is None:
        return {number: _TITLE.match(page).group(2) for number, page in pages().items()}
    number = options.message.upper()
    number = number if number.startswith("MT") else f"MT{number}"
    page = pages().get(number)
    if page is None:
        raise UsageError(f"there is no message {options.message}; `metate explain` lists them")
    title = _TITLE.match(page)
    return {"number": number, "title": title.group(2), "text": page[title.end():].strip()}


def text(found, style):
    """The same for people: code is indented and has no fences."""
    if "number" not in found:
        return "\n".join(f"{style.heading(number)}  {title}" for number, title in found.items())
    lines, in_code = [style.heading(f"{found['number']}: {found['title']}"), ""], False
    for line in found["text"].splitlines():
        if line.startswith("```"):
            in_code = not in_code
        else:
            lines.append(f"    {style.code(line)}".rstrip() if in_code and line else line)
    return "\n".join(lines)
