# sources.sh – ./dev format and ./dev lint. Sourced by ./dev.

cpp_sources() { git ls-files '*.cpp' '*.h'; }

format_sources() {  # [--check]
  case $1 in
    "") cpp_sources | xargs -r clang-format-22 -i ;;
    --check) cpp_sources | xargs -r clang-format-22 --dry-run --Werror ;;
    *) die "./dev format knows only --check, not $1" ;;
  esac
}

# Only files that the dev build compiles: clang-tidy needs their command lines.
lint_sources() {
  git ls-files '*.cpp' | xargs -r -P "$jobs" -n 4 clang-tidy-22 -p build/dev --quiet
}
