# metate-config – metate_add_library: a library of functions that Metate compiles when the project is built.
#
#   execute_process(COMMAND python3 -m metate --cmake-dir OUTPUT_VARIABLE metate_ROOT OUTPUT_STRIP_TRAILING_WHITESPACE)
#   find_package(metate REQUIRED)
#   metate_add_library(terrain terrain.py TARGET_CPU x86-64,x86-64-v3)
#   target_link_libraries(program PRIVATE terrain)            # and #include "libterrain.h"
#
# METATE_PYTHON is the interpreter that Metate is installed for.
find_program(METATE_PYTHON NAMES python3 python DOC "The interpreter that Metate is installed for")
if(NOT METATE_PYTHON)
  set(metate_FOUND FALSE)
  set(metate_NOT_FOUND_MESSAGE "there is no python3; say METATE_PYTHON")
  return()
endif()

# metate_add_library(name FILE.py [TARGET_CPU cpu[,cpu...]] [EXPORT "NAME: SIGNATURE" ...] [DEPENDS file ...] [REPRODUCIBLE])
#
# adds the target `name`, a shared library with its header lib<name>.h, both in the current binary directory. It is made again
# when the file changes, or another one that is named behind DEPENDS, such as a module that it imports.
function(metate_add_library name file)
  cmake_parse_arguments(ARG "REPRODUCIBLE" "TARGET_CPU" "EXPORT;DEPENDS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "metate_add_library does not know ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  get_filename_component(file "${file}" ABSOLUTE)
  set(library "${CMAKE_CURRENT_BINARY_DIR}/lib${name}.so")
  set(header "${CMAKE_CURRENT_BINARY_DIR}/lib${name}.h")
  set(options "")
  foreach(export IN LISTS ARG_EXPORT)
    list(APPEND options --export "${export}")
  endforeach()
  if(ARG_TARGET_CPU)
    list(APPEND options --target-cpu "${ARG_TARGET_CPU}")
  endif()
  if(ARG_REPRODUCIBLE)
    list(APPEND options --reproducible)
  endif()
  add_custom_command(OUTPUT "${library}" "${header}"
    COMMAND "${METATE_PYTHON}" -m metate compile "${file}" --emit shared -o "${library}" --header "${header}" ${options}
    DEPENDS "${file}" ${ARG_DEPENDS} COMMENT "Compiling ${file} with Metate" VERBATIM)
  add_custom_target(${name}_by_metate DEPENDS "${library}" "${header}")
  add_library(${name} SHARED IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION "${library}"
    INTERFACE_INCLUDE_DIRECTORIES "${CMAKE_CURRENT_BINARY_DIR}")
  add_dependencies(${name} ${name}_by_metate)
endfunction()
