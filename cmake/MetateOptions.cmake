# MetateOptions – the switches of the build and the compile flags that follow from them.
option(METATE_BUILD_TESTS "Build unit tests and test tools" OFF)
option(METATE_ASSERTIONS "Keep METATE_ASSERT and run the IR verifier after every pass" OFF)
set(METATE_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, for example address,undefined")
set(METATE_THREADS "tbb" CACHE STRING "Thread back end of runtime/cpu: tbb or std")
set_property(CACHE METATE_THREADS PROPERTY STRINGS tbb std)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(METATE_CCACHE ccache)
if(METATE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${METATE_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${METATE_CCACHE}")
endif()

# metate_shipped_flags are for what compiled code takes along into programs of others, where nothing of ours watches it;
# metate_flags for everything else.
add_library(metate_shipped_flags INTERFACE)
add_library(metate_flags INTERFACE)
target_link_libraries(metate_flags INTERFACE metate_shipped_flags)
target_include_directories(metate_shipped_flags INTERFACE "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}/generated")
target_compile_options(metate_shipped_flags INTERFACE -Wall -Wextra -Wno-unused-parameter -Wno-missing-designated-field-initializers -Wimplicit-fallthrough
  -ffunction-sections -fdata-sections -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(metate_shipped_flags INTERFACE -Werror)
endif()
if(METATE_ASSERTIONS)
  target_compile_definitions(metate_flags INTERFACE METATE_ASSERTIONS=1)
endif()
if(METATE_SANITIZE)
  # Every finding ends the process. vptr checks need RTTI, which compiler/, runtime/ and LLVM do without; function checks
  # read a type in front of the function, where compiled kernels have none and maybe no memory.
  target_compile_options(metate_flags INTERFACE -fsanitize=${METATE_SANITIZE} -fno-sanitize-recover=all
    -fno-sanitize=vptr,function -fno-omit-frame-pointer -g1)
  target_link_options(metate_flags INTERFACE -fsanitize=${METATE_SANITIZE})
endif()
target_link_options(metate_shipped_flags INTERFACE -fuse-ld=lld -Wl,--gc-sections -Wl,--as-needed)

# For folders with thread-local variables on hot paths: found by TLS descriptors, as other machines find them anyway.
# Where the loader has room in the static block a look-up is a few instructions, where it has none it still works.
add_library(metate_tls INTERFACE)
include(CheckCXXCompilerFlag)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  check_cxx_compiler_flag(-mtls-dialect=gnu2 METATE_HAS_TLS_DESCRIPTORS)
  target_compile_options(metate_tls INTERFACE $<$<BOOL:${METATE_HAS_TLS_DESCRIPTORS}>:-mtls-dialect=gnu2>)
endif()
