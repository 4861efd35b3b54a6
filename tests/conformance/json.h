// JSON of a vector file, read with errors that name the member.
//
// Every reader fails with INVALID_ARGUMENT when the member is absent or of
// another kind, so that a case cannot pass because something was left out.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/hash/hash.h"
#include "nlohmann/json_fwd.hpp"

namespace dataip::conformance {

// A value inside a document; copies are cheap and share the document.
class Json {
 public:
  static absl::StatusOr<Json> Parse(const std::string& text);

  bool Has(const std::string& name) const;
  bool IsNull(const std::string& name) const;
  // The member `name` of an object.
  absl::StatusOr<Json> Member(const std::string& name) const;
  absl::StatusOr<std::string> Text(const std::string& name) const;
  absl::StatusOr<uint64_t> Number(const std::string& name) const;
  absl::StatusOr<bool> Bool(const std::string& name) const;
  // Bytes, and a hash, written as lowercase hex.
  absl::StatusOr<std::string> Hex(const std::string& name) const;
  absl::StatusOr<hash::Hash> Hash(const std::string& name) const;
  absl::StatusOr<std::vector<hash::Hash>> Hashes(const std::string& name) const;
  // The elements of the array `name`.
  absl::StatusOr<std::vector<Json>> List(const std::string& name) const;

  // This value itself.
  absl::StatusOr<std::vector<Json>> Elements() const;
  absl::StatusOr<std::string> AsText() const;
  absl::StatusOr<uint64_t> AsNumber() const;
  absl::StatusOr<std::string> AsHex() const;

 private:
  Json(std::shared_ptr<const nlohmann::json> document,
       const nlohmann::json* value, std::string path)
      : document_(std::move(document)), value_(value), path_(std::move(path)) {}

  absl::Status Wrong(absl::string_view wanted) const;

  std::shared_ptr<const nlohmann::json> document_;
  const nlohmann::json* value_;
  std::string path_;  // where this value stands, e.g. "entries[3].header"
};

}  // namespace dataip::conformance
