#include "services/registry/page_token.h"

#include "absl/strings/str_cat.h"
#include "core/base/base64.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"

namespace dataip::registryd {
namespace {

constexpr size_t kMacBytes = 16;

hash::Hash HashOf(absl::string_view text) {
  return hash::Sha256(hash::AsBytes({text.data(), text.size()}));
}

absl::Status BadToken() {
  return services::InvalidField(
      "page_token", {"not a token of this list and filter; begin without one",
                     "不是本列表和筛选条件的翻页标记，请去掉后从第一页开始"});
}

}  // namespace

std::string PageTokens::MacOf(absl::string_view filter,
                              absl::string_view last) const {
  const hash::Hash filter_hash = HashOf(filter);
  const hash::Hash mac = hash::HmacSha256(
      hash::AsBytes(key_),
      {filter_hash.span(), hash::AsBytes({last.data(), last.size()})});
  return std::string(mac.text().substr(0, kMacBytes));
}

std::string PageTokens::Make(absl::string_view filter,
                             absl::string_view last) const {
  return base::Base64Encode(
      hash::AsBytes(absl::StrCat(MacOf(filter, last), last)));
}

absl::StatusOr<std::string> PageTokens::Read(absl::string_view filter,
                                             absl::string_view token) const {
  if (token.empty()) return std::string();
  if (token.size() > limits::kPageTokenBytes) return BadToken();
  const auto bytes = base::Base64Decode(token);
  if (!bytes.has_value() || bytes->size() < kMacBytes) return BadToken();
  const std::string text(bytes->begin(), bytes->end());
  std::string last = text.substr(kMacBytes);
  // Comparing in variable time leaks nothing worth having: a token gives no
  // right that its request without one does not give.
  if (text.substr(0, kMacBytes) != MacOf(filter, last)) return BadToken();
  return last;
}

absl::StatusOr<size_t> PageSize(int32_t asked) {
  if (asked == 0) return limits::kDefaultListPageLines;
  if (asked < 0 || static_cast<size_t>(asked) > limits::kListPageLines) {
    return services::InvalidField(
        "page_size", {absl::StrCat("from 1 to ", limits::kListPageLines),
                      absl::StrCat("应为 1 到 ", limits::kListPageLines)});
  }
  return static_cast<size_t>(asked);
}

}  // namespace dataip::registryd
