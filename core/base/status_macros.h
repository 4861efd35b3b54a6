// The three macros of this project.
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dataip::base {

// Ends the process after one line on stderr.
[[noreturn]] void AssertionFailed(const char* condition, const char* file,
                                  int line);

}  // namespace dataip::base

// What must hold whatever the input is; on in release builds too. Never for
// input: bad input is an absl::Status.
#define DATAIP_ASSERT(condition)                                       \
  do {                                                                 \
    if (!(condition)) [[unlikely]] {                                   \
      ::dataip::base::AssertionFailed(#condition, __FILE__, __LINE__); \
    }                                                                  \
  } while (false)

// Leaves the function with the status of `expression` unless it is OK.
#define RETURN_IF_ERROR(expression)                                       \
  do {                                                                    \
    if (::absl::Status dataip_status = (expression); !dataip_status.ok()) \
        [[unlikely]] {                                                    \
      return dataip_status;                                               \
    }                                                                     \
  } while (false)

#define DATAIP_JOIN_(a, b) a##b
#define DATAIP_JOIN(a, b) DATAIP_JOIN_(a, b)
#define DATAIP_ASSIGN_OR_RETURN_(result, target, expression) \
  auto result = (expression);                                \
  if (!result.ok()) [[unlikely]] {                           \
    return std::move(result).status();                       \
  }                                                          \
  target = std::move(result).value()

// ASSIGN_OR_RETURN(auto entry, store.Get(index)): leaves the function with the
// status of the StatusOr unless it is OK, else moves its value into `target`.
// Two statements: give it braces under an `if`.
#define ASSIGN_OR_RETURN(target, expression)                              \
  DATAIP_ASSIGN_OR_RETURN_(DATAIP_JOIN(dataip_result_, __LINE__), target, \
                           expression)
