"""html_page – what tests want to know of a page, by the HTML parser of Python's library."""

import collections
from html.parser import HTMLParser

_VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """`faults`: tags that do not match. `external`: what a browser would have to load from elsewhere."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.faults, self.external, self.frames, self.lines = [], [], [], collections.Counter()
        self._open, self._text, self._elements = [], [], []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag in self._open]
        self.text = "".join(self._text)

    def count(self, tag, css=None):
        return sum(name == tag and (css is None or css in classes) for name, classes in self._elements)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self._elements.append((tag, (values.get("class") or "").split()))
        self.external += [value for name, value in attributes if name in ("src", "href")]
        if "srcdoc" in values:
            self.frames.append(values["srcdoc"])
        if "data-l" in values:
            self.lines[int(values["data-l"])] += 1
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> without its beginning")

    def handle_data(self, data):
        self._text.append(data)
