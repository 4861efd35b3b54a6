#include "services/common/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "core/base/limits.h"

namespace dataip::services {
namespace {

constexpr int kHttpPort = 80;
constexpr int kHttpsPort = 443;

}  // namespace

absl::StatusOr<Url> ParseUrl(const std::string& text) {
  const auto refuse = [&text](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat("URL ", text, ": ", why));
  };
  const bool is_plain = std::all_of(
      text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!is_plain || text.size() > limits::kUrlBytes) {
    return absl::InvalidArgumentError("URL: too long, or not plain ASCII");
  }
  absl::string_view rest = text;
  Url url;
  url.https = absl::ConsumePrefix(&rest, "https://");
  if (!url.https && !absl::ConsumePrefix(&rest, "http://")) {
    return refuse("begins with neither http:// nor https://");
  }
  const size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  absl::string_view authority = rest.substr(0, end);
  absl::string_view target = rest.substr(end);
  target = target.substr(0, target.find('#'));
  url.target = absl::StartsWith(target, "/") ? std::string(target)
                                             : absl::StrCat("/", target);
  url.port = url.https ? kHttpsPort : kHttpPort;
  const size_t colon = authority.rfind(':');
  // A colon within [] is the address's.
  if (colon != absl::string_view::npos && !absl::EndsWith(authority, "]")) {
    if (!absl::SimpleAtoi(authority.substr(colon + 1), &url.port) ||
        url.port < 1 || url.port > limits::kGreatestPort) {
      return refuse("no port after the colon");
    }
    authority = authority.substr(0, colon);
  }
  if (absl::ConsumePrefix(&authority, "[") &&
      !absl::ConsumeSuffix(&authority, "]")) {
    return refuse("no ] after [");
  }
  if (authority.empty() || absl::StrContains(authority, "@")) {
    return refuse("no host, or a user in it");
  }
  url.host = std::string(authority);
  return url;
}

bool IsLoopback(const Url& url) {
  if (absl::EqualsIgnoreCase(url.host, "localhost")) return true;
  in_addr four{};
  if (inet_pton(AF_INET, url.host.c_str(), &four) == 1) {
    return ntohl(four.s_addr) >> 24 == IN_LOOPBACKNET;
  }
  in6_addr six{};
  return inet_pton(AF_INET6, url.host.c_str(), &six) == 1 &&
         IN6_IS_ADDR_LOOPBACK(&six);
}

}  // namespace dataip::services
