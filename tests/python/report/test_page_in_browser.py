"""test_page_in_browser – the page of a report in a real browser, where there is one."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from html_page import Page
from reported_program import main, smoothed

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER = next(filter(None, map(shutil.which, BROWSERS)), None)

pytestmark = [pytest.mark.full,
              pytest.mark.skipif(BROWSER is None, reason="needs a browser, as of Debian's package chromium-headless-shell")]

# What a person does: the pointer comes to a line of the source, then clicks it.
SCRIPT = """
<script>
const errors = [];
window.addEventListener("error", (event) => errors.push(event.message));
const line = document.querySelectorAll(".source .line")[3];
line.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
const open = document.querySelector(".stages details[open]");
const scrolls = new Set();
for (let i = 0; i < 8; ++i) {
  line.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  scrolls.add(open.querySelector("pre").scrollTop);
}
const hits = [...document.querySelectorAll(".hit")];
document.title = JSON.stringify({
  errors, line: line.dataset.l, hits: hits.length, lines: [...new Set(hits.map((each) => each.dataset.l))],
  in_open_stage: hits.filter((each) => open.contains(each)).length,
  scrolls: scrolls.size, width: document.documentElement.scrollWidth, room: window.innerWidth,
});
</script>
"""


def browse(folder, page, *options):
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    done = subprocess.run([BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
                           "--window-size=1400,900", *options, path.as_uri()], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "HOME": str(folder)})
    assert done.returncode == 0, done.stderr
    return done.stdout


def title(dom):
    start = dom.index("<title>") + len("<title>")
    return dom[start:dom.index("</title>")]


def test_a_line_under_the_pointer_shows_what_belongs_to_it(tmp_path):
    main()
    page = smoothed.report().html.replace("</body>", SCRIPT + "</body>")
    found = json.loads(title(browse(tmp_path, page, "--dump-dom")))
    assert found["errors"] == []
    assert found["lines"] == [found["line"]] and found["hits"] > 5 and found["in_open_stage"] > 0
    assert found["scrolls"] > 1  # each click goes on to the next piece of the line's code
    assert found["width"] <= found["room"]  # nothing sticks out


def test_the_page_in_a_notebook(tmp_path):
    main()
    dom = browse(tmp_path, f"<!DOCTYPE html><title>n</title>{smoothed.report()._repr_html_()}", "--dump-dom")
    assert "<iframe" in dom and Page(dom).faults == []


def test_a_picture_of_it(tmp_path):
    main()
    picture = Path(os.environ.get("METATE_REPORT_PICTURE", tmp_path / "page.png"))
    browse(tmp_path, smoothed.report().html, f"--screenshot={picture}")
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 20_000
