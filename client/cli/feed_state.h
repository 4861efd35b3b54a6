// Where a follower of changes stands, kept in a file from run to run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dataip::client {

// The file: `dataip feed 1`, the ledger's origin and the last index, a line
// each. One process at a time has it. One thread.
class FeedState {
 public:
  // ALREADY_EXISTS while another process has it; INVALID_ARGUMENT when the file
  // is none, or belongs to another ledger.
  static absl::StatusOr<FeedState> Open(const std::string& path,
                                        absl::string_view origin);
  ~FeedState();
  FeedState(FeedState&& other) noexcept;
  FeedState(const FeedState&) = delete;
  FeedState& operator=(const FeedState&) = delete;

  // The last index that was written; nothing before the first.
  const std::optional<uint64_t>& last() const { return last_; }

  // Durable when it returns; the file is whole at any time.
  absl::Status Remember(uint64_t index);

 private:
  FeedState(std::string path, std::string origin)
      : path_(std::move(path)), origin_(std::move(origin)) {}

  std::string path_;
  std::string origin_;
  std::optional<uint64_t> last_;
  int lock_ = -1;
};

// The index in the file's text. INVALID_ARGUMENT.
absl::StatusOr<uint64_t> ParseFeedState(absl::string_view text,
                                        absl::string_view origin);

}  // namespace dataip::client
