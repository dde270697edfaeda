# MetatePython – which CPythons the extension is built for, and how.
#
# One configuration serves several CPythons, which FindPython cannot: each interpreter is asked for its own facts.
set(METATE_PYTHONS "" CACHE STRING "Interpreters (3.10 to 3.13) to build the extension for; empty: those of .venv")

# Sets `out` to the interpreters: METATE_PYTHONS, else the one that runs scikit-build-core, else those of `./dev setup`.
function(metate_find_pythons out)
  set(pythons ${METATE_PYTHONS})
  if(NOT pythons AND SKBUILD)
    set(pythons "${Python_EXECUTABLE}")
  elseif(NOT pythons)
    file(GLOB pythons CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/.venv/3.*/bin/python")
  endif()
  set(${out} ${pythons} PARENT_SCOPE)
endfunction()

# metate_python_extension(python VERSION_VAR)
#
# adds target metate_ext_3.N, the module metate/_metate for one interpreter, and sets VERSION_VAR to 3.N.
function(metate_python_extension python version_var)
  execute_process(COMMAND "${python}" "${PROJECT_SOURCE_DIR}/cmake/describe_python.py"
    OUTPUT_VARIABLE facts OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  list(GET facts 0 version)
  list(GET facts 1 suffix)
  list(GET facts 2 python_include)
  list(GET facts 3 numpy_include)
  list(GET facts 4 nanobind_dir)
  list(GET facts 5 nanobind_licence)

  # nanobind as its nb_combined.cpp asks to be built outside of its own CMake functions.
  add_library(metate_nanobind_${version} STATIC "${nanobind_dir}/src/nb_combined.cpp")
  target_include_directories(metate_nanobind_${version} SYSTEM
    PUBLIC "${python_include}" "${nanobind_dir}/include" PRIVATE "${nanobind_dir}/ext/robin_map/include")
  target_compile_definitions(metate_nanobind_${version} PRIVATE $<$<CONFIG:Release>:NB_COMPACT_ASSERTIONS>)
  target_compile_options(metate_nanobind_${version} PRIVATE -fno-strict-aliasing -ffunction-sections -fdata-sections)

  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/python/ext/*.cpp")
  # Signals have one handler in a process, whether Metate is there or modules that it has compiled.
  add_library(metate_ext_${version} MODULE ${sources} "${PROJECT_SOURCE_DIR}/python/module/interrupts.cpp")
  target_include_directories(metate_ext_${version} SYSTEM PRIVATE "${numpy_include}")
  target_link_libraries(metate_ext_${version} PRIVATE metate metate_flags metate_tls metate_nanobind_${version})
  set_target_properties(metate_ext_${version} PROPERTIES PREFIX "" OUTPUT_NAME _metate SUFFIX "${suffix}"
    LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/python/${version}/metate"
    BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "\$ORIGIN")
  install(TARGETS metate_ext_${version} LIBRARY DESTINATION metate COMPONENT python)
  # What modules that were compiled ahead of time are linked with. From 3.11 on one is for all later CPythons: the stable ABI
  # has buffers since then.
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/python/module/*.cpp")
  add_library(metate_module_${version} STATIC ${sources})
  target_include_directories(metate_module_${version} SYSTEM PRIVATE "${python_include}")
  target_link_libraries(metate_module_${version} PRIVATE metate_shipped_flags)
  target_compile_options(metate_module_${version} PRIVATE -fno-exceptions -fno-rtti)
  if(version VERSION_GREATER_EQUAL 3.11)
    target_compile_definitions(metate_module_${version} PRIVATE Py_LIMITED_API=0x030B0000)
  endif()
  set_target_properties(metate_module_${version} PROPERTIES OUTPUT_NAME metate_module
    ARCHIVE_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/python/${version}/metate")
  add_dependencies(metate_ext_${version} metate_module_${version})
  install(TARGETS metate_module_${version} ARCHIVE DESTINATION metate COMPONENT python)
  install(FILES "${nanobind_licence}" RENAME nanobind.txt DESTINATION metate/licences COMPONENT python)
  set(${version_var} ${version} PARENT_SCOPE)
endfunction()
