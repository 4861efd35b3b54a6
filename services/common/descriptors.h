// How the file descriptors of the process are shared out, so that peers that
// connect can never take those that the database and the files need.
#pragma once

#include <cstddef>

namespace dataip::services {

struct DescriptorShares {
  size_t total = 0;     // RLIMIT_NOFILE
  size_t database = 0;  // table files that RocksDB keeps open at most
  size_t http = 0;      // connections of one HTTP server that wait, at most
  // A connection whose descriptor would have this number or a greater one is
  // not taken. The kernel gives the lowest free number, so that the rest
  // stays free for the database, the files and for what is passing.
  size_t first_refused = 0;
};

// Pure; the rule of Descriptors().
DescriptorShares ShareDescriptors(size_t total);

// Raises the soft limit of this process to the hard one (once more is
// harmless) and shares out what that gives. Thread safe.
DescriptorShares Descriptors();

// Whether errno says that there is no free descriptor: nothing was done, and
// later it may go.
bool IsOutOfDescriptors(int error);

}  // namespace dataip::services
