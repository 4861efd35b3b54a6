// How long notices ran in a random life, counted from outside.
#pragma once

#include <map>
#include <string>

#include "tests/support/registry_life.h"

namespace dataip::testing {

// Sees every state of a life, and fails the test when a notice ends before the
// full length that the profile of its case has.
class NoticeWatch {
 public:
  // After a command that was accepted; `what` it was.
  void See(const registry::State& before, const Life& life,
           const std::string& what);

 private:
  // Working days that a notice has run, and since when it runs.
  struct Notice {
    uint32_t days = 0;
    std::string since;  // empty while it stands still
  };
  std::map<std::string, Notice> notices_;
};

}  // namespace dataip::testing
