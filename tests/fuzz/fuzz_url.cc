// Addresses: what is taken is taken again in its plain spelling, as the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "services/common/url.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using dataip::services::ParseUrl;
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto url = ParseUrl(text);
  if (!url.ok()) return 0;
  if (url->host.empty() || url->port < 1 || url->port > 65'535 ||
      url->target.empty() || url->target[0] != '/') {
    std::abort();
  }
  const std::string plain = std::string(url->https ? "https" : "http") +
                            "://[" + url->host +
                            "]:" + std::to_string(url->port) + url->target;
  const auto again = ParseUrl(plain);
  // The spelling may have become too long.
  if (!again.ok()) return plain.size() > text.size() ? 0 : (std::abort(), 0);
  if (again->https != url->https || again->host != url->host ||
      again->port != url->port || again->target != url->target ||
      IsLoopback(*again) != IsLoopback(*url)) {
    std::abort();
  }
  return 0;
}
