# setup.sh – what ./dev installs: Debian packages and one virtual environment for each CPython. Sourced by ./dev.
# Everything here may run again at any time and is quick when nothing is missing.

# ---- Debian packages -------------------------------------------------------------------------------------------------

list_entries() { sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$1"; }

missing_packages() {  # FILE
  local wanted installed
  wanted=$(list_entries "scripts/$1" | sort)
  installed=$(dpkg-query --show --showformat='${db:Status-Abbrev}${Package}\n' 2>/dev/null | sed -n 's/^ii *//p' | sort -u)
  comm -23 <(echo "$wanted") <(echo "$installed")
}

has_packages() { command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; }

install_packages() {
  if ! has_packages; then
    command -v clang++-22 >/dev/null && command -v cmake >/dev/null && command -v ninja >/dev/null ||
      die "no apt-get here: install by hand what scripts/debian-packages.txt lists (LLVM and clang 22, CMake, Ninja, ...)"
    return
  fi
  install_listed debian-packages.txt
}

install_listed() {  # FILE
  local missing as_root=()
  missing=$(missing_packages "$1")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "these Debian packages are missing, and there is neither root nor sudo:" $missing
    as_root=(sudo)
  fi
  say "installing Debian packages:" $missing
  "${as_root[@]}" apt-get -q update
  # shellcheck disable=SC2086  # a list of names
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $missing
}

# ---- CPythons --------------------------------------------------------------------------------------------------------

# Prints "3.N PATH" when the interpreter is a CPython of a supported version that can make an environment and has headers.
describe_interpreter() {
  "$1" - 2>/dev/null <<'PYTHON'
import ensurepip, os, sys, sysconfig, venv
supported = (3, 10) <= sys.version_info[:2] <= (3, 13) and sys.implementation.name == "cpython"
free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
if supported and not free_threaded and os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")):
    print("%d.%d" % sys.version_info[:2], sys.executable)
PYTHON
}

# Prints one "3.N PATH" a version, oldest first. METATE_PYTHONS (paths or names) replaces the search.
find_pythons() {
  local candidates=() minor
  if [ -n "${METATE_PYTHONS:-}" ]; then
    read -ra candidates <<<"${METATE_PYTHONS//[:;,]/ }"
  else
    for minor in 10 11 12 13; do
      candidates+=("python3.$minor" "$HOME"/.pyenv/versions/3."$minor".*/bin/python3)
    done
    candidates+=(python3 /usr/bin/python3)
  fi
  local candidate
  for candidate in "${candidates[@]}"; do
    command -v "$candidate" >/dev/null && describe_interpreter "$candidate" || true
  done | sort -t. -k2,2n -s -u
}

# Makes or brings up to date .venv/3.N from requirement files; the stamp holds what it was made from.
make_environment() {  # VERSION INTERPRETER
  local home=.venv/$1 stamp wanted
  stamp=$home/metate-stamp
  wanted="$2 $(cat scripts/requirements.txt)"
  if [ -x "$home/bin/python" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return 0; fi
  say "making $home with $2"
  "$2" -m venv --clear "$home"
  install_requirements "$1" requirements.txt
  echo "$wanted" >"$stamp"
}

install_requirements() {  # VERSION FILE
  ".venv/$1/bin/python" -m pip install -q --disable-pip-version-check --no-input -r "scripts/$2"
}

# For the extras of one command: installed on first use, again when the list changes.
make_extras() {  # VERSION FILE
  local stamp=.venv/$1/metate-stamp-$2
  if ! cmp -s "scripts/$2" "$stamp"; then
    say "installing scripts/$2 in .venv/$1"
    install_requirements "$1" "$2"
    cp "scripts/$2" "$stamp"
  fi
}

install_programs() {
  has_packages || die "gdb and the browser come from Debian's packages, and there is no apt-get here"
  install_listed debian-packages-programs.txt
}

# PyTorch of Debian, for the environment of the version that Debian's CPython has. The links leave everything else of Debian's
# packages out: their NumPy is too old for Metate.
make_torch() {
  has_packages || die "PyTorch comes from Debian's packages, and there is no apt-get here"
  install_listed debian-packages-ecosystem.txt
  local debian=/usr/lib/python3/dist-packages version home packages
  version=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  home=$PWD/.venv/$version
  [ -x "$home/bin/python" ] || die "Debian's PyTorch is for CPython $version, which is not among those of ./dev setup"
  packages=$home/debian-packages
  mkdir -p "$packages"
  ln -sfn "$debian"/{torch,typing_extensions.py} "$packages"
  echo "$packages" >"$home/lib/python$version/site-packages/debian-packages.pth"
}

make_environments() {
  local found version interpreter old
  found=$(find_pythons)
  [ -n "$found" ] || die "no CPython 3.10 to 3.13 with headers and venv was found (Debian: python3-dev python3-venv)"
  for old in .venv/3.*; do
    grep -q "^${old#.venv/} " <<<"$found" || rm -rf "$old"
  done
  # All at once: pip waits for the network half of the time.
  local jobs=() job
  while read -r version interpreter; do
    make_environment "$version" "$interpreter" &
    jobs+=($!)
  done <<<"$found"
  for job in "${jobs[@]}"; do wait "$job" || die "an environment could not be made"; done
}
