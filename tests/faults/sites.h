// Where an append touches the disk: which system call on what kind of file.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "tests/support/shim_control.h"

namespace dataip::test {

struct Site {
  shim::Call call = shim::Call::kNone;
  shim::Kind kind = shim::Kind::kNone;

  friend bool operator==(const Site&, const Site&) = default;
  friend bool operator<(const Site& a, const Site& b) {
    return std::tie(a.call, a.kind) < std::tie(b.call, b.kind);
  }
};

const char* NameOf(shim::Call call);
const char* NameOf(shim::Kind kind);

// The system calls that strace is told of.
std::string TracedCalls();

// The sites of the calls that strace wrote down on files below `root`,
// ascending, each once. `with_paths` is the output of strace -y.
std::vector<Site> SitesIn(const std::string& trace, const std::string& root);

// strace's options that let the first call of the site fail before it is
// made: `error` is a name like EIO, or KILL. Files that will be made are named
// in advance.
struct Folders {
  std::string database;
  std::string published;
};
std::vector<std::string> InjectOptions(const Site& site,
                                       const std::string& error,
                                       const Folders& folders);

}  // namespace dataip::test
