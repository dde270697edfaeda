# MetateBundle – what a wheel carries beside our own files. auditwheel adds the libraries that libmetate links; here
# are those that it opens at run time, and the licences of everything foreign that is inside.

# The Level Zero loader finds its layers by the name that their links have.
foreach(name loader tracing_layer validation_layer)
  find_library(METATE_ZE_${name} NAMES libze_${name}.so.1)
  mark_as_advanced(METATE_ZE_${name})
  if(METATE_ZE_${name})
    file(REAL_PATH "${METATE_ZE_${name}}" library)
    install(FILES "${library}" RENAME libze_${name}.so.1 DESTINATION metate COMPONENT python)
  endif()
endforeach()

# Debian keeps the licence of each package beside it, in the version that was linked.
foreach(package llvm-22-dev spirv-tools spirv-headers libsleef3 libtbb12 libze1 libxxhash-dev)
  set(licence "/usr/share/doc/${package}/copyright")
  if(EXISTS "${licence}")
    install(FILES "${licence}" RENAME ${package}.txt DESTINATION metate/licences COMPONENT python)
  endif()
endforeach()
