// The folder of one registry: locked by the process that uses it, and bound
// to one ledger by that ledger's origin.
//
//   lock  origin  openings.key  sketch.key  store/  projections/  files/
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dataip::registryd {

class DataDirectory {
 public:
  // Makes the folder when it is missing. FAILED_PRECONDITION when another
  // process holds it.
  static absl::StatusOr<DataDirectory> Open(const std::string& path);
  // Gives up the lock.
  ~DataDirectory();
  DataDirectory(DataDirectory&& other) noexcept;
  DataDirectory& operator=(DataDirectory&&) = delete;

  // Remembers the origin at the first call; INVALID_FIELD when another one
  // stands there already.
  absl::Status BindTo(absl::string_view origin) const;

  std::string store_path() const { return path_ + "/store"; }
  std::string openings_key_path() const { return path_ + "/openings.key"; }
  std::string sketch_key_path() const { return path_ + "/sketch.key"; }
  std::string projections_path() const { return path_ + "/projections"; }
  std::string files_path() const { return path_ + "/files"; }

 private:
  DataDirectory(std::string path, int lock_fd)
      : path_(std::move(path)), lock_fd_(lock_fd) {}

  std::string path_;
  int lock_fd_ = -1;
};

}  // namespace dataip::registryd
