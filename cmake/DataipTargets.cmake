# The two ways a target is made here: a library of one folder, and a test
# binary of one folder of tests.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

option(DATAIP_FUZZ "build the libFuzzer targets (clang)" OFF)
set(DATAIP_SANITIZE "" CACHE STRING "value of -fsanitize=, empty for none")

add_compile_options(-Wall -Wextra -Wno-missing-field-initializers -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms of g++ 12 inside its own vector and string.
  add_compile_options(-Wno-array-bounds -Wno-restrict -Wno-stringop-overflow
                      -Wno-stringop-overread)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  add_compile_options(-Wthread-safety)
endif()
# Assertions of what must hold stay on in release builds.
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELEASE
       "${CMAKE_CXX_FLAGS_RELEASE}")
if(DATAIP_FUZZ)
  # Every library tells the fuzzer which edges an input reached.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(DATAIP_SANITIZE)
  add_compile_options(-fsanitize=${DATAIP_SANITIZE}
                      -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-maybe-uninitialized)
  endif()
  add_link_options(-fsanitize=${DATAIP_SANITIZE})
endif()

# dataip_library(NAME SOURCES... [DEPS targets...])
function(dataip_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS})
endfunction()

# dataip_test(NAME GROUP SOURCES... [DEPS targets...]): one GoogleTest binary.
# GROUP is what `./dev test --only` selects (a ctest label); TIMEOUT in seconds.
# Tests are compiled without optimisation: what they test is optimised, and the
# build is a third shorter.
function(dataip_test name)
  cmake_parse_arguments(ARG "" "GROUP;TIMEOUT" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0>)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gmock
                                        GTest::gtest_main)
  target_compile_definitions(
    ${name} PRIVATE DATAIP_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                    DATAIP_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  set_target_properties(
    ${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  # The cases of a binary are counted from the XML that it writes.
  set_tests_properties(
    ${name}
    PROPERTIES LABELS "${ARG_GROUP}" TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT
               "GTEST_OUTPUT=xml:${CMAKE_BINARY_DIR}/gtest/${name}.xml")
endfunction()

# dataip_program_test(NAME GROUP g [TIMEOUT s] COMMAND...): a test that is a
# program or script; it counts as one case and fails by its exit code.
function(dataip_program_test name)
  cmake_parse_arguments(ARG "" "GROUP;TIMEOUT" "COMMAND" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${ARG_COMMAND}
           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(
    ${name}
    PROPERTIES LABELS "${ARG_GROUP}" TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT
               "DATAIP_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
endfunction()

# dataip_fuzz(NAME SOURCES... [DEPS targets...]): a libFuzzer target with seeds
# in tests/fuzz/corpus/NAME. Only the fuzz preset searches; elsewhere the seeds
# and their truncations and changes are replayed as a test of the group fuzz.
function(dataip_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  set(corpus ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
  if(DATAIP_FUZZ)
    add_executable(${name} ${ARG_SOURCES})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${name} ${ARG_SOURCES}
                           ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.cc)
    dataip_program_test(${name} GROUP fuzz COMMAND ${name} ${corpus})
  endif()
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  set_target_properties(
    ${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
endfunction()
