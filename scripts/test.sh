# test.sh – ./dev test: builds, runs each kind of test as one step, and sums up. Sourced by ./dev.

# ---- Steps: all run, whatever failed before; the summary and the exit code say what did --------------------------------

step_names=() step_results=() step_seconds=()

step() {  # NAME COMMAND...
  local began=$SECONDS status
  say "$1"
  # Not in a condition: there, bash would not stop the command at its first error.
  set +e
  (set -e; "${@:2}") </dev/null
  status=$?
  set -e
  step_names+=("$1") step_seconds+=($((SECONDS - began)))
  if [ $status = 0 ]; then step_results+=(ok); else step_results+=(FAILED); fi
}

last_step_failed() { [ "${step_results[-1]}" = FAILED ]; }

summary() {
  local index failed=0
  say "summary"
  for index in "${!step_names[@]}"; do
    printf '%-8s%6d s  %s\n' "${step_results[index]}" "${step_seconds[index]}" "${step_names[index]}"
    if [ "${step_results[index]}" = FAILED ]; then failed=$((failed + 1)); fi
  done
  printf '%-8s%6d s\n' total "$SECONDS"
  printf 'steps: %d passed, %d failed\n' $((${#step_names[@]} - failed)) $failed
  [ $failed = 0 ]
}

# ---- The kinds of test -------------------------------------------------------------------------------------------------

run_ctest() {  # PRESET ARGS...
  env $(sanitizer_options "$1" detect_leaks=1) ctest --test-dir "build/$1" --parallel "$jobs" --no-tests=error "${@:2}"
}

run_pytest() {  # PRESET VERSION ARGS...
  local capture=fd
  # A sanitizer ends the process: what it says must not lie in a file of pytest's.
  case $1 in asan | tsan) capture=sys ;; esac
  run_python "$1" "$2" -m pytest --numprocesses="$jobs" --dist=worksteal --capture=$capture "${@:3}"
}

test_preset() {  # PRESET PYTEST-ARGS...: everything of one build, with the default CPython
  step "build $1" build "$1"
  if last_step_failed; then return; fi
  step "unit and text tests, $1" run_ctest "$1"
  step "pytest, $1, CPython $(default_version)" run_pytest "$1" "$(default_version)" "${@:2}"
}

test_other_versions() {  # PYTEST-ARGS...
  local version
  for version in $(versions); do
    if [ "$version" != "$(default_version)" ]; then
      step "pytest, dev, CPython $version" run_pytest dev "$version" "$@"
    fi
  done
}

# Five minutes, of all processors together, of inputs that the coverage leads to, on from those that reached most before; one
# that ends the reader is left in the working folder.
fuzz_spirv() {
  local found job running=() folder=build/asan/tests/fuzz/spirv
  mkdir -p $folder/reached
  tar -xJf tests/fuzz/spirv/reached.tar.xz -C $folder/reached
  for ((job = 0; job < jobs; ++job)); do
    found=$(mktemp -d)
    env $(sanitizer_options asan detect_leaks=0) $folder/fuzz_spirv -max_total_time=$((300 / jobs)) \
      -timeout=30 -max_len=32000 -rss_limit_mb=4096 "$found" tests/fuzz/spirv/corpus $folder/reached \
      build/asan/tests/level_zero/kernels &
    running+=($!)
  done
  for job in "${running[@]}"; do wait "$job"; done
}

# What only --full asks for, since it is large: another consumer of SPIR-V, on which tests/python/consumer runs kernels too,
# the packages of tests/ecosystem, a debugger and a browser. Without them those tests skip themselves.
try_to_install() {  # WHAT TESTS COMMAND...
  local status
  set +e
  (set -e; "${@:3}")
  status=$?
  set -e
  [ $status = 0 ] || say "$1 could not be installed: $2 will be skipped"
}

install_extras() {  # FILE TESTS
  try_to_install "scripts/$1" "$2" make_extras "$(default_version)" "$1"
}

run_tests() {
  case ${1:-} in
    "")
      test_preset dev
      test_other_versions tests/python/smoke
      ;;
    --full)
      install_extras requirements-consumer.txt tests/python/consumer
      install_extras requirements-ecosystem.txt tests/ecosystem
      install_extras requirements-notebooks.txt "samples/notebooks as notebooks"
      try_to_install "PyTorch of Debian" tests/ecosystem/test_torch.py make_torch
      try_to_install "gdb and a browser" "tests of backtraces and of pages" install_programs
      test_preset dev -m ""
      step "long unit tests, dev" run_ctest dev -C full -L full
      # PyTorch is there for one of them.
      test_other_versions -m "" tests/python tests/ecosystem/test_torch.py
      test_preset asan tests/python
      step "SPIR-V fuzzer, asan" fuzz_spirv
      test_preset tsan tests/python
      step "documentation" make_docs dev "$(default_version)"
      step "wheel, build" make_wheel "$(default_version)"
      if ! last_step_failed; then step "wheel, tests in an empty environment" test_wheel "$(default_version)"; fi
      ;;
    *) die "./dev test knows only --full, not $1" ;;
  esac
  summary
}

# ---- Sanitizers --------------------------------------------------------------------------------------------------------

# Prints NAME=value words for `env`. User poisoning is off because LLVM's archives are not instrumented: memory that our
# instrumented copy of an LLVM header poisons would never be given back by theirs.
sanitizer_options() {  # PRESET EXTRA-ASAN-OPTION
  case $1 in
    asan) echo "ASAN_OPTIONS=allow_user_poisoning=0:$2 UBSAN_OPTIONS=print_stacktrace=1" ;;
    tsan) echo "TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:suppressions=$PWD/scripts/thread-sanitizer.supp" ;;
  esac
}

# An uninstrumented python needs the run-time library before anything else, and the C++ library with it, whose
# __cxa_throw is intercepted. CPython keeps memory until its end on purpose, so leaks are left to the unit tests.
sanitizer_environment() {  # PRESET
  local runtime
  case $1 in
    asan | tsan)
      runtime=$(clang++-22 -print-file-name="libclang_rt.$1-$(uname -m).so")
      sanitizer_options "$1" detect_leaks=0
      echo "LD_PRELOAD=$runtime:$(readlink -f "$(clang++-22 -print-file-name=libstdc++.so)") PYTHONMALLOC=malloc"
      ;;
  esac
}
