# MetateTargets – one static library a folder, named after it: compiler/ir is metate_compiler_ir.
#
#   metate_folder(DEPS metate_types ... [EXCEPTIONS])
#
# collects the folder's *.cpp (not of subfolders that have their own CMakeLists.txt). The global property
# METATE_FOLDERS lists every such library: libmetate is linked from them, tests/unit walks them.
function(metate_folder)
  cmake_parse_arguments(ARG "EXCEPTIONS" "" "DEPS" ${ARGN})
  file(RELATIVE_PATH path "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  string(REPLACE "/" "_" name "metate_${path}")
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC metate_flags ${ARG_DEPS})
    if(NOT ARG_EXCEPTIONS)
      target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti>)
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE metate_flags ${ARG_DEPS})
  endif()
  set_property(GLOBAL APPEND PROPERTY METATE_FOLDERS ${name})
endfunction()

# Compiles each unit of runtime/abi, which is `folder`, for the CPU that runs it: the calling convention of vectors depends
# on that. A source's flags are known in the folder that says them alone, so each one that compiles them calls this.
function(metate_vector_units folder)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set_source_files_properties("${folder}/math_full_range_avx.cpp" PROPERTIES COMPILE_OPTIONS "-mavx")
    set_source_files_properties("${folder}/math_full_range_avx2.cpp" PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma")
    set_source_files_properties("${folder}/math_full_range_avx512f.cpp" PROPERTIES COMPILE_OPTIONS "-mavx512f;-mavx2;-mfma")
  endif()
endfunction()
