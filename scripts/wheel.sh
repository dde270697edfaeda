# wheel.sh – ./dev wheel: a wheel that runs on other machines, and its test in an empty environment. Sourced by ./dev.

make_wheel() {  # VERSION
  local python=$PWD/.venv/$1/bin/python tag=cp${1/./}
  make_extras "$1" requirements-wheel.txt
  rm -rf "build/wheel/$1" dist/metate-*-"$tag-$tag"-*.whl
  mkdir -p "build/wheel/$1" dist
  # The environment has the pinned build requirements already, so nothing is downloaded here.
  "$python" -m pip wheel -q --no-deps --no-build-isolation --wheel-dir "build/wheel/$1" .
  # Copies SLEEF and oneTBB in under names of their own and checks what else is asked of the machine.
  PATH=$PWD/.venv/$1/bin:$PATH "$python" -m auditwheel repair --wheel-dir dist "build/wheel/$1"/metate-*.whl
  local size
  size=$(stat -c %s dist/metate-*-"$tag-$tag"-*.whl)
  say "$(basename dist/metate-*-"$tag-$tag"-*.whl): $((size / 1000000)) MB"
  [ "$size" -le 45000000 ] || die "the wheel is larger than 45 MB"
}

test_wheel() {  # VERSION
  local home=$PWD/build/wheel/test-$1 tag=cp${1/./}
  "$PWD/.venv/$1/bin/python" -m venv --clear "$home"
  "$home/bin/python" -m pip install -q --disable-pip-version-check dist/metate-*-"$tag-$tag"-*.whl
  "$home/bin/python" -m pip install -q --disable-pip-version-check -r scripts/requirements.txt
  # From another folder so that nothing of the source tree can be imported by accident.
  (cd "$home" && bin/python -m pytest -c "$OLDPWD/pyproject.toml" --rootdir "$OLDPWD" "$OLDPWD"/tests/{wheel,python/smoke})
}
