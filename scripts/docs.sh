# docs.sh – ./dev docs: the site of the documentation, in build/docs/site. Sourced by ./dev.

# The pages of the messages are written where `metate explain` finds them, so the sources are put together first.
make_docs() {  # PRESET VERSION
  local sources=$PWD/build/docs/sources site=$PWD/build/docs/site page
  make_extras "$2" requirements-docs.txt
  rm -rf "$sources" "$site"
  mkdir -p "$sources"
  cp -r docs/. "$sources"
  mkdir "$sources/messages"
  cp python/metate/messages/*.md "$sources/messages"
  {
    printf '# Messages\n\n`metate explain` prints these pages too.\n\n```{toctree}\n:maxdepth: 1\n\n'
    for page in python/metate/messages/*.md; do basename "$page" .md; done
    printf '```\n'
  } >"$sources/messages/index.md"
  ".venv/$2/bin/python" scripts/reference_tables.py "$sources/reference/numpy.md"
  # A warning is an error: a name that is gone, a page that is nowhere.
  run_python "$1" "$2" -m sphinx -q --fail-on-warning --keep-going -b html "$sources" "$site"
  say "the site is build/docs/site/index.html"
}

# The numbers and figures of the performance guide, with the release build beside NumPy and Numba.
measure_guide() {  # VERSION ARGS...
  make_extras "$1" requirements-bench.txt
  build release
  run_python release "$1" tests/bench/guide_measure.py "${@:2}"
  run_python release "$1" tests/bench/guide_draw.py
}
