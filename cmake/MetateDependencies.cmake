# MetateDependencies – every foreign library, found once and given one target name.
find_package(Threads REQUIRED)

find_package(LLVM 22.1 REQUIRED CONFIG)  # LLVM promises a compatible API for the same major.minor only
llvm_map_components_to_libnames(METATE_LLVM_LIBS SPIRVCodeGen passes orcjit native instrumentation)
add_library(metate_llvm INTERFACE)
target_include_directories(metate_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
separate_arguments(METATE_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_definitions(metate_llvm INTERFACE ${METATE_LLVM_DEFINITIONS})
target_link_libraries(metate_llvm INTERFACE ${METATE_LLVM_LIBS})

find_path(METATE_SLEEF_INCLUDE sleef.h REQUIRED)
find_library(METATE_SLEEF_LIBRARY sleef REQUIRED)
add_library(metate_sleef INTERFACE)
target_include_directories(metate_sleef SYSTEM INTERFACE ${METATE_SLEEF_INCLUDE})
target_link_libraries(metate_sleef INTERFACE ${METATE_SLEEF_LIBRARY})

if(METATE_THREADS STREQUAL "tbb")
  find_package(TBB REQUIRED)
endif()

find_path(METATE_SPIRV_TOOLS_INCLUDE spirv-tools/libspirv.h REQUIRED)
find_library(METATE_SPIRV_TOOLS_LIBRARY NAMES libSPIRV-Tools.a REQUIRED)
add_library(metate_spirv_tools INTERFACE)
target_include_directories(metate_spirv_tools SYSTEM INTERFACE ${METATE_SPIRV_TOOLS_INCLUDE})
target_link_libraries(metate_spirv_tools INTERFACE ${METATE_SPIRV_TOOLS_LIBRARY})

find_path(METATE_ZE_INCLUDE level_zero/ze_api.h REQUIRED)
add_library(metate_ze_headers INTERFACE)
target_include_directories(metate_ze_headers SYSTEM INTERFACE ${METATE_ZE_INCLUDE})

find_path(METATE_SPIRV_HEADERS_INCLUDE spirv/unified1/spirv.hpp11 REQUIRED)
add_library(metate_spirv_headers INTERFACE)
target_include_directories(metate_spirv_headers SYSTEM INTERFACE ${METATE_SPIRV_HEADERS_INCLUDE})
