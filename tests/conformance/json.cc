#include "tests/conformance/json.h"

#include "absl/strings/str_cat.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace dataip::conformance {

absl::StatusOr<Json> Json::Parse(const std::string& text) {
  auto document = std::make_shared<const nlohmann::json>(
      nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false));
  if (!document->is_object()) {
    return absl::InvalidArgumentError("not a JSON object");
  }
  const nlohmann::json* value = document.get();
  return Json(std::move(document), value, "");
}

absl::Status Json::Wrong(absl::string_view wanted) const {
  return absl::InvalidArgumentError(absl::StrCat(
      "vector file: ", path_.empty() ? "top" : path_, " is not ", wanted));
}

bool Json::Has(const std::string& name) const {
  return value_->is_object() && value_->contains(name);
}

bool Json::IsNull(const std::string& name) const {
  return Has(name) && value_->find(name)->is_null();
}

absl::StatusOr<Json> Json::Member(const std::string& name) const {
  const std::string path =
      path_.empty() ? name : absl::StrCat(path_, ".", name);
  if (!Has(name)) {
    return absl::InvalidArgumentError(absl::StrCat("vector file: no ", path));
  }
  return Json(document_, &*value_->find(name), path);
}

absl::StatusOr<std::string> Json::Text(const std::string& name) const {
  ASSIGN_OR_RETURN(const Json member, Member(name));
  return member.AsText();
}

absl::StatusOr<uint64_t> Json::Number(const std::string& name) const {
  ASSIGN_OR_RETURN(const Json member, Member(name));
  return member.AsNumber();
}

absl::StatusOr<bool> Json::Bool(const std::string& name) const {
  ASSIGN_OR_RETURN(const Json member, Member(name));
  if (!member.value_->is_boolean()) return member.Wrong("true or false");
  return member.value_->get<bool>();
}

absl::StatusOr<std::string> Json::Hex(const std::string& name) const {
  ASSIGN_OR_RETURN(const Json member, Member(name));
  return member.AsHex();
}

absl::StatusOr<hash::Hash> Json::Hash(const std::string& name) const {
  ASSIGN_OR_RETURN(const Json member, Member(name));
  ASSIGN_OR_RETURN(const std::string bytes, member.AsHex());
  const auto hash = hash::Hash::From(hash::AsBytes(bytes));
  if (!hash) return member.Wrong("32 bytes of hex");
  return *hash;
}

absl::StatusOr<std::vector<hash::Hash>> Json::Hashes(
    const std::string& name) const {
  ASSIGN_OR_RETURN(const std::vector<Json> elements, List(name));
  std::vector<hash::Hash> hashes;
  for (const Json& element : elements) {
    ASSIGN_OR_RETURN(const std::string bytes, element.AsHex());
    const auto hash = hash::Hash::From(hash::AsBytes(bytes));
    if (!hash) return element.Wrong("32 bytes of hex");
    hashes.push_back(*hash);
  }
  return hashes;
}

absl::StatusOr<std::vector<Json>> Json::List(const std::string& name) const {
  ASSIGN_OR_RETURN(const Json member, Member(name));
  return member.Elements();
}

absl::StatusOr<std::vector<Json>> Json::Elements() const {
  if (!value_->is_array()) return Wrong("a list");
  std::vector<Json> elements;
  for (size_t i = 0; i < value_->size(); ++i) {
    elements.push_back(
        Json(document_, &(*value_)[i], absl::StrCat(path_, "[", i, "]")));
  }
  return elements;
}

absl::StatusOr<std::string> Json::AsText() const {
  if (!value_->is_string()) return Wrong("a text");
  return value_->get<std::string>();
}

absl::StatusOr<uint64_t> Json::AsNumber() const {
  if (!value_->is_number_unsigned()) return Wrong("a number from 0");
  return value_->get<uint64_t>();
}

absl::StatusOr<std::string> Json::AsHex() const {
  ASSIGN_OR_RETURN(const std::string text, AsText());
  const auto bytes = base::HexDecode(text);
  if (!bytes) return Wrong("lowercase hex");
  return std::string(bytes->begin(), bytes->end());
}

}  // namespace dataip::conformance
